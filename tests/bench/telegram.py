"""Announcements through `motcua run` and our own Telegram, which is this process; both share the cores."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from tests.bench.figures import Spread, Table, against, at_least, number
from tests.bench.machine import ROOT
from tests.bench.shipped import QUESTIONS, answerable
from tests.doubles import TOKEN, FakeTelegram, Person
from tests.hiring import ANNOUNCERS, hire

PEOPLE, TELEGRAMS_LIMIT = 10_000, 30
QUESTIONS_A_SECOND, ASKERS = 2, 40
LEAST_UNLIMITED, LEAST_SHARE, MOST_REFUSED, MOST_REPLY_MS = 300.0, 97.0, 1.0, 1_000.0
PATIENCE = 3_600.0
MOTCUA = str(Path(sys.executable).with_name("motcua"))


class Sent:
    """What one announcement was like."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.refused = 0
        self.replies: list[float] = []  # milliseconds from a question to the arrival of its answer

    @property
    def a_second(self) -> float:
        return PEOPLE / self.seconds


def measure() -> list[Table]:
    """Return the figures of sending without a limit, at Telegram's limit, and as shipped while citizens ask."""
    unlimited = asyncio.run(_announce(rate=10_000, limit=0, askers=0))
    at_limit = asyncio.run(_announce(rate=29.5, limit=TELEGRAMS_LIMIT, askers=0))
    shipped = asyncio.run(_announce(rate=25, limit=TELEGRAMS_LIMIT, askers=ASKERS))
    replies, share = Spread.of(shipped.replies), 100 * at_limit.a_second / TELEGRAMS_LIMIT
    return [
        Table(
            "An announcement through Telegram",
            f"`motcua run` on SQLite, {PEOPLE:,} recipients. Our own Telegram refuses what exceeds {TELEGRAMS_LIMIT} "
            f"messages in any second. As shipped, citizens ask {QUESTIONS_A_SECOND} questions a second meanwhile.",
            ("what", "figure"),
            (
                ("no limit, rate = 10000: messages/s", at_least(unlimited.a_second, LEAST_UNLIMITED)),
                ("at the limit, rate = 29.5: share of 30/s, %", at_least(share, LEAST_SHARE)),
                ("at the limit: refusals per 1,000", against(1_000 * at_limit.refused / PEOPLE, MOST_REFUSED)),
                ("as shipped, rate = 25: messages/s beside the replies", number(shipped.a_second)),
                ("as shipped: refusals", against(shipped.refused, 0)),
                ("as shipped: replies meanwhile", str(replies.calls)),
                ("as shipped: replies, p50, ms", number(replies.p50)),
                ("as shipped: replies, p95, ms", against(replies.p95, MOST_REPLY_MS)),
                ("as shipped: replies, slowest, ms", number(replies.most)),
            ),
        )
    ]


async def _announce(*, rate: float, limit: int, askers: int) -> Sent:
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as name:
        async with FakeTelegram() as server:
            server.most_a_second = limit
            citizens = [server.person(f"người {index}") for index in range(PEOPLE)]
            settings = _settings(name, server.url, rate)
            await asyncio.to_thread(_prepare, settings, Path(name), citizens)
            process = subprocess.Popen(  # noqa: ASYNC220
                (MOTCUA, "run", "--only", "telegram,worker"), cwd=ROOT, env=settings, stderr=subprocess.DEVNULL
            )
            try:
                return await _watch(server, citizens, [server.person(f"khách {index}") for index in range(askers)])
            finally:
                process.terminate()
                await asyncio.to_thread(process.wait)


def _settings(folder: str, url: str, rate: float) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return inherited | {
        "MOTCUA_DATABASE__URL": f"sqlite:///{folder}/motcua.db",
        "MOTCUA_TELEGRAM__TOKEN": TOKEN,
        "MOTCUA_TELEGRAM__API_URL": url,
        "MOTCUA_TELEGRAM__RATE": str(rate),
        "MOTCUA_ANNOUNCEMENTS__TWO_PERSON": "false",
    }


def _prepare(settings: dict[str, str], folder: Path, citizens: list[Person]) -> None:
    """Take in the subscribers and write an announcement, by the commands an official has."""
    lines = "".join(f"telegram,{citizen.id},,,khan-cap,2026-01-01\n" for citizen in citizens)
    (folder / "nguoi.csv").write_text(f"channel,address,name,thon,topics,consented_at\n{lines}", encoding="utf-8")
    hire(settings["MOTCUA_DATABASE__URL"], ANNOUNCERS)
    (folder / "tin.md").write_text("Mời bà con **họp thôn** tối nay tại nhà văn hóa.\n" * 5, encoding="utf-8")
    words = ("--title", "Họp thôn", "--text-file", str(folder / "tin.md"), "--urgent", "đo", "--now", "--as", "an")
    for arguments in (("subscribers", "import", str(folder / "nguoi.csv")), ("announcements", "create", *words)):
        subprocess.run((MOTCUA, *arguments), cwd=ROOT, env=settings, check=True, stdout=subprocess.DEVNULL)


async def _watch(server: FakeTelegram, citizens: list[Person], askers: list[Person]) -> Sent:
    """Return how it went, from the first message to the last."""
    sent = Sent()
    await server.until(lambda: server.said("sendMessage"), PATIENCE)
    begun = time.perf_counter()
    asking = asyncio.create_task(_ask(askers, sent))
    await server.until(partial(_have_heard, citizens[:]), PATIENCE)
    sent.seconds, sent.refused = time.perf_counter() - begun, server.refused
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    return sent


def _have_heard(waiting: list[Person]) -> bool:
    """Tell whether all have heard; those who have are dropped from the list, so that each is looked at once."""
    while waiting and waiting[-1].seen:
        waiting.pop()
    return not waiting


async def _ask(askers: list[Person], sent: Sent) -> None:
    """Let citizens ask by turns, on schedule, each a question of dev.jsonl."""
    questions = [asked.say[:200] for asked in answerable(QUESTIONS / "dev.jsonl")]
    async with asyncio.TaskGroup() as asking:
        for turn in range(1_000_000 if askers else 0):
            asking.create_task(_one(askers[turn % len(askers)], questions[turn % len(questions)], sent))
            await asyncio.sleep(1 / QUESTIONS_A_SECOND)


async def _one(asker: Person, question: str, sent: Sent) -> None:
    heard, asked = len(asker.seen), time.perf_counter()
    asker.say(question)
    await asker.telegram.until(lambda: len(asker.seen) > heard, PATIENCE)
    sent.replies.append(1_000 * (time.perf_counter() - asked))
