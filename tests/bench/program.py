"""The running program: how soon it answers, how much memory it holds, and chat turns at a steady pace."""

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from tests.bench.figures import Spread, Table, against, number
from tests.bench.machine import ROOT, memory
from tests.bench.shipped import QUESTIONS, answerable

A_SECOND, SECONDS, VISITORS = 20, 30, 200
PATIENCE = 60.0  # seconds to wait for the start before giving up
MOST_START_S, MOST_P99_MS, MOST_MEMORY_MB = 5.0, 60.0, 250.0
_OPENED = re.compile(r"(http://127\.0\.0\.1:\d+)")


@dataclass(frozen=True, slots=True)
class Running:
    """A started program."""

    process: "subprocess.Popen[bytes]"
    url: str
    database: Path
    answered_s: float


def measure() -> list[Table]:
    """Return the figures of `motcua run` on an empty SQLite file."""
    asked = [a.say for a in answerable(QUESTIONS / "dev.jsonl")]
    with running(asked[0]) as program:
        after_start, _ = memory(program.process.pid)
        spread, errors = asyncio.run(_load(program.url, asked))
        after_load, peak = memory(program.process.pid)
    return [
        Table(
            "The running program",
            f"`motcua run` (web, scheduler; no Telegram token) on an empty SQLite file. Then {A_SECOND} chat turns a "
            f"second for {SECONDS} s by {VISITORS} visitors, questions of dev.jsonl, each sent on schedule whether "
            f"earlier ones are answered or not and timed from its schedule. The client runs on the same cores.",
            ("what", "figure"),
            (
                ("from start to the first answer, s", against(program.answered_s, MOST_START_S)),
                ("memory after the first answer, MB", against(after_start, MOST_MEMORY_MB)),
                ("memory after the load, MB", against(after_load, MOST_MEMORY_MB)),
                ("memory at its peak, MB", number(peak)),
                ("chat turns", str(spread.calls + errors)),
                ("errors (not 200, no reply, no connection)", against(errors, 0)),
                ("p50, ms", number(spread.p50)),
                ("p95, ms", number(spread.p95)),
                ("p99, ms", against(spread.p99, MOST_P99_MS)),
                ("slowest, ms", number(spread.most)),
            ),
        )
    ]


@contextlib.contextmanager
def running(question: str, more: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Start the program on an empty database, with more settings; it is stopped in the end."""
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        log = Path(folder) / "log"
        settings = {key: value for key, value in os.environ.items() if not key.startswith("MOTCUA_")}
        settings |= {
            "MOTCUA_DATABASE__URL": f"sqlite:///{folder}/motcua.db",
            "MOTCUA_WEB__PORT": "0",
            "MOTCUA_FILES__FOLDER": f"{folder}/tep",
            **(more or {}),
        }
        command = [str(Path(sys.executable).parent / "motcua"), "run"]
        start = time.perf_counter()
        with log.open("wb") as told:
            process = subprocess.Popen(command, cwd=ROOT, env=settings, stderr=told)
        try:
            url = _opened(process, log, start)
            httpx.post(f"{url}/api/chat", json={"text": question}, timeout=PATIENCE).raise_for_status()
            yield Running(process, url, Path(folder) / "motcua.db", time.perf_counter() - start)
        finally:
            _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def _opened(process: "subprocess.Popen[bytes]", log: Path, start: float) -> str:
    """Return the address the program says it opened; the connection queues there until it serves."""
    while time.perf_counter() - start < PATIENCE and process.poll() is None:
        told = log.read_text(encoding="utf-8")
        found = _OPENED.search(told)
        if found:
            return found[1]
        time.sleep(0.005)
    raise RuntimeError(f"motcua run did not start: {log.read_text(encoding='utf-8')}")


async def _load(url: str, asked: list[str]) -> tuple[Spread, int]:
    """Return how long the answered turns took, and how many were not answered."""
    no_jar = CookieJar(DefaultCookiePolicy(allowed_domains=[]))  # each turn brings its visitor's cookie itself
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=url, cookies=no_jar, limits=limits, timeout=30, trust_env=False) as client:
        start = time.perf_counter() + 0.5
        turns = [_turn(client, i, start + i / A_SECOND, asked[i % len(asked)]) for i in range(A_SECOND * SECONDS)]
        took = await asyncio.gather(*turns)
    answered = [t for t in took if t is not None]
    return Spread.of(answered), len(took) - len(answered)


async def _turn(client: httpx.AsyncClient, number: int, at: float, text: str) -> float | None:
    """Return the milliseconds from the moment a turn was due to its answer, or None when it was not answered."""
    await asyncio.sleep(at - time.perf_counter())
    cookie = {"cookie": f"motcua_chat=bench-visitor-{number % VISITORS:08d}"}
    try:
        response = await client.post("/api/chat", json={"text": text}, headers=cookie)
        is_answered = response.status_code == 200 and bool(response.json()["replies"])
    except (httpx.HTTPError, json.JSONDecodeError, KeyError):
        return None
    return 1000 * (time.perf_counter() - at) if is_answered else None
