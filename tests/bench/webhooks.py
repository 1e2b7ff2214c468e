"""A burst at the Official Account's webhook: every event kept, once, and acknowledged before Zalo sends it again."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from tests.bench.figures import Spread, Table, against, number
from tests.bench.program import running
from tests.channels import zalo_rules as rules
from tests.doubles_zalo import APP_ID, APP_SECRET, FIRST_REFRESH, OA_SECRET, FakeOa

A_SECOND, SECONDS, PEOPLE, CONNECTIONS = 200, 30, 2_000, 50
REPEATED = 20  # every so many events are sent twice
MOST_P99_MS = 2_000.0  # Zalo waits so long and then sends again
QUESTION = "đăng ký kết hôn cần giấy tờ gì"


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
        }
        starting = running(QUESTION, settings)
        program = await asyncio.to_thread(starting.__enter__)  # it talks to our Zalo while it starts
        try:
            took = await _burst(f"{program.url}/webhook/zalo-oa", zalo)
            answered = len({given["recipient"]["user_id"] for given in zalo.said("send")})
            kept, different = _kept(program.database)
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)
    acknowledged = [ms for ms in took if ms is not None]
    spread, events = Spread.of(acknowledged), A_SECOND * SECONDS
    return [
        Table(
            "A burst of Zalo events",
            f"`motcua run` on an empty SQLite file; {A_SECOND} signed events a second for {SECONDS} s from {PEOPLE} "
            f"people at the webhook, one in {REPEATED} sent twice, each on schedule whether earlier ones are "
            f"acknowledged or not and timed from its schedule; meanwhile people are answered at the settings' pace. "
            f"Sender and our own Zalo run on the same cores.",
            ("what", "figure"),
            (
                ("events", str(events)),
                ("not acknowledged with 200", against(len(took) - len(acknowledged), 0)),
                ("events not kept", against(events - different, 0)),
                ("events kept twice", against(kept - different, 0)),
                ("people answered meanwhile", str(answered)),
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


def _kept(database: Path) -> tuple[int, int]:
    """Return how many events are in the inbox, and how many different ones."""
    query = "SELECT count(*), count(DISTINCT update_key) FROM inbox WHERE channel = 'zalo_oa'"
    with closing(sqlite3.connect(database)) as connection:
        kept, different = connection.execute(query).fetchone()
    return int(kept), int(different)
