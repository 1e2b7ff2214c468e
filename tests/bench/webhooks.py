"""A burst at the Official Account's webhook: acknowledged in time, each event kept and answered once."""

import asyncio
import math
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from tests.bench.figures import Spread, Table, against, number
from tests.bench.program import running
from tests.channels import zalo_rules as rules
from tests.doubles_zalo import APP_ID, APP_SECRET, FIRST_REFRESH, OA_SECRET, FakeOa, Follower

A_SECOND, SECONDS, CONNECTIONS = 200, 30, 50
REPEATED, LATER = 20, 5 * A_SECOND  # every so many events are repeated at once, and again so many events later
DRAINED_SECONDS = 150.0  # after the burst, on slow cores; what is not answered by then counts as not answered
MOST_P99_MS = 2_000.0  # Zalo waits so long and then sends again
QUESTION, ANSWER = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"


def measure() -> list[Table]:
    """Return how long acknowledgements took and whether every event is there and was answered once."""
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
            "MOTCUA_ZALO_OA__RATE": str(10 * A_SECOND),  # so that all are answered soon
        }
        starting = running(QUESTION, settings)
        program = await asyncio.to_thread(starting.__enter__)  # it talks to our Zalo while it starts
        try:
            people = [zalo.person() for _ in range(A_SECOND * SECONDS)]  # who has an answer tells which event it is to
            took = await _burst(f"{program.url}/webhook/zalo-oa", people)
            drained_s = await _drained(program.database)
            kept = _count(program.database, "1")
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)
    return [_table(took, kept, drained_s, people)]


def _table(took: list[float | None], kept: int, drained_s: float, people: list[Follower]) -> Table:
    acknowledged = [ms for ms in took if ms is not None]
    spread, events = Spread.of(acknowledged), len(people)
    answers = [sum(ANSWER in message.text for message in one.seen) for one in people]
    return Table(
        "A burst of Zalo events",
        f"`motcua run` on an empty SQLite file; {A_SECOND} signed events a second for {SECONDS} s at the webhook, each "
        f"a question of somebody else, one in {REPEATED} repeated at once and again {LATER // A_SECOND} s later, each "
        f"on schedule whether earlier ones are acknowledged or not and timed from its schedule. Answers leave as fast "
        f"as they can, to the end; our own Zalo counts them by person. It and the sender run on the same cores.",
        ("what", "figure"),
        (
            ("events", str(events)),
            ("requests, repetitions among them", str(len(took))),
            ("not acknowledged with 200", against(len(took) - len(acknowledged), 0)),
            ("events not kept", against(events - kept, 0)),
            ("answered more than once", against(sum(count > 1 for count in answers), 0)),
            ("not answered", against(answers.count(0), 0)),
            ("all answered after the burst, s", number(drained_s)),
            ("p50, ms", number(spread.p50)),
            ("p95, ms", number(spread.p95)),
            ("p99, ms", against(spread.p99, MOST_P99_MS)),
            ("slowest, ms", number(spread.most)),
        ),
    )


async def _burst(url: str, people: list[Follower]) -> list[float | None]:
    """Return the milliseconds from the moment each event was due to its acknowledgement, None where there was none."""
    place = httpx.URL(url)
    due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    took: list[float | None] = []
    senders = [asyncio.create_task(_send(place, due, took)) for _ in range(CONNECTIONS)]
    repeated: dict[int, bytes] = {}
    start = time.perf_counter()
    for turn, person in enumerate(people):
        at = start + turn / A_SECOND
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        request = _request(place, person.event("text", {"text": QUESTION}))
        requests = [request, *filter(None, [repeated.pop(turn, None)])]
        if turn % REPEATED == 0:
            repeated[turn + LATER] = request
            requests.append(request)
        for one in requests:
            due.put_nowait((at, one))
    await due.join()
    for sender in senders:
        sender.cancel()
    return took


async def _drained(database: Path) -> float:
    """Return the seconds until everything kept is acted on; nan when that takes too long."""
    start = time.perf_counter()
    while _count(database, "NOT done"):
        if time.perf_counter() - start > DRAINED_SECONDS:
            return math.nan
        await asyncio.sleep(0.2)
    return time.perf_counter() - start


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


def _count(database: Path, condition: str) -> int:
    """Return how many events in the inbox meet a condition."""
    query = f"SELECT count(*) FROM inbox WHERE channel = 'zalo_oa' AND {condition}"
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(query).fetchone()[0])
