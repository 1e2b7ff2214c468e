"""A burst at the Official Account's webhook: every event kept, acknowledged in time, answered once."""

import asyncio
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from tests.bench.figures import Spread, Table, against, number
from tests.bench.program import running
from tests.channels import zalo_rules as rules
from tests.doubles_zalo import APP_ID, APP_SECRET, FIRST_REFRESH, OA_SECRET, FakeOa

A_SECOND, SECONDS, PEOPLE, CONNECTIONS = 200, 30, 2_000, 50
EACH = A_SECOND * SECONDS // PEOPLE  # events of one person
REPEATED = 20  # every so many events are sent twice
MOST_P99_MS = 2_000.0  # Zalo waits so long and then sends again
QUESTION, ANSWER = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"
RATE = 10_000  # messages a second out: as shipped, ten a second, six thousand answers would take ten minutes
MOST_DRAIN_SECONDS = 300.0


def measure() -> list[Table]:
    """Return how long acknowledgements took and whether every event is there once."""
    return asyncio.run(_measure())


async def _measure() -> list[Table]:
    async with FakeOa(now_ms=int(time.time() * 1000)) as zalo:
        settings = {
            "MOTCUA_ZALO_OA__APP_ID": APP_ID,
            "MOTCUA_ZALO_OA__SECRET": APP_SECRET,
            "MOTCUA_ZALO_OA__OA_SECRET": OA_SECRET,
            "MOTCUA_ZALO_OA__REFRESH_TOKEN": FIRST_REFRESH,
            "MOTCUA_ZALO_OA__API_URL": zalo.url,
            "MOTCUA_ZALO_OA__OAUTH_URL": zalo.url,
            "MOTCUA_ZALO_OA__RATE": str(RATE),
        }
        starting = running(QUESTION, settings)
        program = await asyncio.to_thread(starting.__enter__)  # it talks to our Zalo while it starts
        try:
            took = await _burst(f"{program.url}/webhook/zalo-oa", zalo)
            kept, drained = await _drain(program.database)
            answers = _answers(zalo)
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)
    acknowledged = [ms for ms in took if ms is not None]
    spread, events = Spread.of(acknowledged), A_SECOND * SECONDS
    return [
        Table(
            "A burst of Zalo events",
            f"`motcua run` on an empty SQLite file; {A_SECOND} signed events a second for {SECONDS} s from {PEOPLE} "
            f"people at the webhook, one in {REPEATED} sent twice, each on schedule whether earlier ones are "
            f"acknowledged or not and timed from its schedule; meanwhile people are answered as fast as it goes "
            f"(zalo_oa.rate = {RATE}). Sender and our own Zalo run on the same cores.",
            ("what", "figure"),
            (
                ("events", str(events)),
                ("not acknowledged with 200", against(len(took) - len(acknowledged), 0)),
                ("events not kept", against(events - kept, 0)),
                ("events not answered", against(sum(EACH - min(EACH, count) for count in answers), 0)),
                ("events answered twice", against(sum(max(EACH, count) - EACH for count in answers), 0)),
                ("all answered after, s", number(drained)),
                ("p50, ms", number(spread.p50)),
                ("p95, ms", number(spread.p95)),
                ("p99, ms", against(spread.p99, MOST_P99_MS)),
                ("slowest, ms", number(spread.most)),
            ),
        )
    ]


async def _burst(url: str, zalo: FakeOa) -> list[float | None]:
    """Return the milliseconds from the moment each event was due to its acknowledgement, None where there was none."""
    people, place = [zalo.person() for _ in range(PEOPLE)], httpx.URL(url)
    due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    took: list[float | None] = []
    senders = [asyncio.create_task(_send(place, due, took)) for _ in range(CONNECTIONS)]
    start = time.perf_counter()
    for turn in range(A_SECOND * SECONDS):
        at = start + turn / A_SECOND
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        event = people[turn % PEOPLE].event("text", {"text": QUESTION})
        for _ in range(2 if turn % REPEATED == 0 else 1):
            due.put_nowait((at, _request(place, event)))
    await due.join()
    for sender in senders:
        sender.cancel()
    return took


async def _send(place: httpx.URL, due: asyncio.Queue[tuple[float, bytes]], took: list[float | None]) -> None:
    """Send what is due over one connection: a client library would take more of the cores than the program."""
    reader, writer = await asyncio.open_connection(place.host, place.port)
    while True:
        at, request = await due.get()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        took.append(1000 * (time.perf_counter() - at) if head.startswith(b"HTTP/1.1 200 ") else None)
        due.task_done()


def _request(place: httpx.URL, event: dict[str, Any]) -> bytes:
    body = rules.as_bytes(event)
    mac = rules.signed(APP_ID, body, event["timestamp"], OA_SECRET)
    head = f"POST {place.path} HTTP/1.1\r\nHost: {place.host}\r\n{rules.SIGNATURE_HEADER}: mac={mac}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _drain(database: Path) -> tuple[int, float]:
    """Wait until everything kept is acted on; return how many events were kept, and the seconds it took."""
    query = "SELECT count(*), count(*) FILTER (WHERE NOT done) FROM inbox WHERE channel = 'zalo_oa'"
    start = time.perf_counter()
    while True:
        with closing(sqlite3.connect(database)) as connection:
            kept, waiting = connection.execute(query).fetchone()
        took = time.perf_counter() - start
        if not waiting or took > MOST_DRAIN_SECONDS:
            return int(kept), took
        await asyncio.sleep(0.5)


def _answers(zalo: FakeOa) -> list[int]:
    """Return how many answers each person got."""
    sent = [given for given in zalo.said("send") if given["message"].get("text", "").startswith(ANSWER)]
    counted = Counter(given["recipient"]["user_id"] for given in sent)
    return [counted[person.id] for person in zalo.people]
