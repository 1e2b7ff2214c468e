"""Filing at once: 500 people write feedback in the same minute, half on the web, half on our own Telegram."""

import asyncio
import random
import sqlite3
import time
from collections import Counter
from contextlib import closing
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from tests.bench.figures import Spread, Table, against, number
from tests.bench.program import running
from tests.doubles import TOKEN, FakeTelegram, Person

PEOPLE = 500
THINKS_S = (8.0, 16.0)  # between reading an answer and sending the next message
MOST_P95_MS = 500.0
MATTER = "tôi muốn góp ý xã mở thêm bàn trả kết quả buổi chiều thứ Bảy"
PATH = ("Đồng ý, viết tiếp", "Đúng", "Không để tên", "Gửi")
PATIENCE = 60.0


def measure() -> list[Table]:
    """Return how long the turns took and whether every case is there once."""
    return asyncio.run(_measure())


async def _measure() -> list[Table]:
    async with FakeTelegram() as telegram:
        settings = {
            "MOTCUA_TELEGRAM__TOKEN": TOKEN,
            "MOTCUA_TELEGRAM__API_URL": telegram.url,
            "MOTCUA_TELEGRAM__RATE": "1000",  # our own pace would be what is measured
        }
        starting = running("xin chào", settings)
        program = await asyncio.to_thread(starting.__enter__)  # it talks to our Telegram while it starts
        try:
            took = await _all_file(program.url, telegram)
            found = _kept(program.database)
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)
    spread = Spread.of(took)
    return [
        Table(
            "Filing at once",
            f"`motcua run` on an empty SQLite file; {PEOPLE} people begin within {THINKS_S[1]:.0f} s, half on the web "
            f"and half on our own Telegram, each six messages to a code with {THINKS_S[0]:.0f} to {THINKS_S[1]:.0f} s "
            f"of thought between. People and Telegram run on the same cores.",
            ("what", "figure"),
            (
                ("cases asked for", str(PEOPLE)),
                ("cases filed", str(found["cases"])),
                ("different codes", str(found["codes"])),
                ("people with more than one case", against(found["twice"], 0)),
                ("drafts left", against(found["drafts"], 0)),
                ("turns", str(spread.calls)),
                ("p50, ms", number(spread.p50)),
                ("p95, ms", against(spread.p95, MOST_P95_MS)),
                ("p99, ms", number(spread.p99)),
            ),
        )
    ]


async def _all_file(url: str, telegram: FakeTelegram) -> list[float]:
    took: list[float] = []
    no_jar = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=url, cookies=no_jar, limits=limits, timeout=PATIENCE) as client:
        web = [_on_the_web(client, n, took) for n in range(PEOPLE // 2)]
        phones = [_at_telegram(telegram.person(f"người {n}"), took) for n in range(PEOPLE // 2)]
        await asyncio.gather(*web, *phones)
    return took


async def _think(chance: random.Random, least: float = THINKS_S[0]) -> None:
    await asyncio.sleep(chance.uniform(least, THINKS_S[1]))


async def _on_the_web(client: httpx.AsyncClient, person: int, took: list[float]) -> None:
    chance = random.Random(person)
    await _think(chance, 0.0)
    cookie = {"cookie": f"motcua_chat=nguoi-dan-so-{person:08d}"}
    said: dict[str, str] = {"text": MATTER}
    for label in (*PATH, ""):
        start = time.perf_counter()
        response = await client.post("/api/chat", json=said, headers=cookie)
        took.append(1000 * (time.perf_counter() - start))
        choices = {c["label"]: c["id"] for reply in response.json()["replies"] for c in reply["choices"]}
        if label:
            await _think(chance)
            said = {"choice": choices[label]}


async def _at_telegram(person: Person, took: list[float]) -> None:
    chance = random.Random(person.id)
    await _think(chance, 0.0)
    for label in ("", *PATH):
        before = _state(person)
        start = time.perf_counter()
        person.press(dict(person.seen[-1].choices)[label]) if label else person.say(MATTER)
        await person.telegram.until(lambda before=before: _state(person) != before, PATIENCE)  # type: ignore[misc]
        took.append(1000 * (time.perf_counter() - start))
        await _think(chance)


def _state(person: Person) -> tuple[int, int]:
    """Return what changes with every answer, a new message or an edited one."""
    return len(person.seen), sum(message.edits for message in person.seen)


def _kept(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as connection:
        cases = connection.execute("SELECT person_id, code FROM cases").fetchall()
        drafts = connection.execute("SELECT count(*) FROM drafts").fetchone()[0]
    people = Counter(person for person, _ in cases)
    return {
        "cases": len(cases),
        "codes": len({code for _, code in cases}),
        "twice": sum(count > 1 for count in people.values()),
        "drafts": drafts,
    }
