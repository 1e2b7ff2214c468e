"""What whoever runs the program asks it: alive, ready, and how much."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.channels.telegram import inbound
from bot.channels.web.app import create_app
from bot.channels.web.outbound import WebChannel
from bot.channels.web.visitors import address
from bot.messages import Reply
from bot.storage import inbox, inspection
from bot.storage.database import Database
from handlers.services import Services
from tests.channels.asking import HERE, asking, ready
from tests.channels.chats import SITE
from tests.channels.shared import Desk, FlyingTime
from tests.conftest import NOW
from tests.doubles import FakeTelegram, Person

PAPERS = "đăng ký kết hôn cần giấy tờ gì"
SECRET = "ma-so-lieu"


# ---- ready


async def test_alive_and_ready(services: Services) -> None:
    async with asking(services) as operator:
        assert (await operator.get("/healthz")).json() == {"alive": True}
    status, told = await ready(services)
    assert status == 200
    assert (told["ready"], told["database"]) == (True, "ok")
    assert told["entries"] > 100
    assert told["channels"]["telegram"] == {
        "configured": False,
        "running": False,
        "condition": "off",
        "why": None,
        "seen_at": None,
        "last_update": None,
        "webhook": None,
        "last_error": None,
        "failed_at": None,
        "backlog": 0,
        "quarantined": 0,
        "pending": None,
        "quota": None,
    }
    assert told["dead"] == []


async def test_the_web_chat_tells_when_somebody_wrote(services: Services) -> None:
    async with asking(services) as lan:
        await lan.post("/api/chat", json={"text": PAPERS})
    web = (await ready(services))[1]["channels"]["web"]
    assert (web["configured"], web["running"], web["last_update"]) == (True, True, NOW.isoformat())


async def test_a_database_that_takes_no_writes_is_not_ready(services: Services) -> None:
    url = services.config.database.url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true"
    reading = Database.open(url)
    status, told = await ready(replace(services, database=reading))
    await reading.close()
    assert (status, told["ready"]) == (503, False)
    assert "chỉ cho đọc" in told["database"]


async def test_a_disk_that_is_nearly_full_is_not_ready(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "LEAST_FREE_BYTES", 2**60)
    status, told = await ready(services)
    assert (status, told["ready"]) == (503, False)
    assert "ổ đĩa sắp đầy" in told["database"]


async def test_telegram_tells_how_it_is(desk: Desk, at_telegram: Services, lan: Person) -> None:
    await desk.answered(lan.telegram, lan.say(PAPERS))
    state = (await ready(at_telegram))[1]["channels"]["telegram"]
    assert state["configured"] and state["running"]  # noqa: PT018
    assert state["last_update"] == NOW.isoformat()
    assert (state["last_error"], state["backlog"], state["quarantined"]) == (None, 0, 0)


async def test_a_telegram_that_is_away_is_told_and_makes_nothing_unready(
    at_telegram: Services, telegram: FakeTelegram, time: FlyingTime
) -> None:
    telegram.fail("getMe", 401, "Unauthorized", times=10**6)
    async with Desk(at_telegram):
        await time.flies(2)
        status, told = await ready(at_telegram)
    assert (status, told["ready"]) == (200, True)
    assert told["channels"]["telegram"]["last_error"] == "InvalidToken"
    assert told["channels"]["telegram"]["failed_at"] == NOW.isoformat()


async def test_an_error_that_is_over_is_not_told_any_more(
    at_telegram: Services, telegram: FakeTelegram, time: FlyingTime, lan: Person
) -> None:
    telegram.fail("getUpdates", 502, "Bad Gateway", times=2)
    async with Desk(at_telegram) as desk:
        await desk.answered(telegram, lan.say(PAPERS))
        state = (await ready(at_telegram))[1]["channels"]["telegram"]
    assert state["last_error"] is None


async def test_what_waits_and_what_was_set_aside_is_counted(services: Services) -> None:
    async with services.database.transaction() as transaction:
        for key in "123":
            await inbox.store(transaction, inbound.NAME, key, "{}", now=NOW)
        first, *_ = await inbox.waiting(transaction, inbound.NAME)
        await inbox.quarantine(transaction, first.id, "ValueError")
    state = (await ready(services))[1]["channels"]["telegram"]
    assert (state["backlog"], state["quarantined"]) == (2, 1)


# ---- metrics


async def figures(services: Services) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return every sample by its name and the values of its labels."""
    async with asking(services) as prometheus:
        response = await prometheus.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(response.text)
    return {(s.name, tuple(s.labels.values())): s.value for family in families for s in family.samples}


async def test_turns_and_their_time_are_counted(services: Services) -> None:
    before = await figures(services)
    async with asking(services) as lan:
        for said in (PAPERS, PAPERS, "xin chào", "/chude"):
            await lan.post("/api/chat", json={"text": said})
    after = await figures(services)

    def grown(name: str, *labels: str) -> float:
        return after[name, labels] - before.get((name, labels), 0)

    assert grown("motcua_turns_total", "web", "answered") == 2
    assert grown("motcua_turns_total", "web", "smalltalk") == 1
    assert grown("motcua_turns_total", "web", "other") == 1
    assert grown("motcua_answer_seconds_count") == 4
    assert grown("motcua_database_transaction_seconds_count") >= 4
    assert after["process_resident_memory_bytes", ()] > 10_000_000
    assert after["process_start_time_seconds", ()] > 1_700_000_000


async def test_a_turn_that_fails_is_counted_as_a_fault(services: Services) -> None:
    before = await figures(services)
    away = Database.open("postgresql+psycopg://an@127.0.0.1:9/motcua")
    async with asking(replace(services, database=away)) as lan:
        assert (await lan.post("/api/chat", json={"text": PAPERS})).status_code == 503
    await away.close()
    name = ("motcua_turns_total", ("web", "fault"))
    assert (await figures(services))[name] == before.get(name, 0) + 1


async def test_deliveries_are_counted_by_outcome(desk: Desk, at_telegram: Services, lan: Person, minh: Person) -> None:
    before = await figures(at_telegram)
    await desk.answered(lan.telegram, lan.say(PAPERS))
    lan.telegram.fail("sendMessage", 403, "Forbidden: bot was blocked by the user", chat=minh.id, times=5)
    await desk.answered(lan.telegram, minh.say(PAPERS))
    after = await figures(at_telegram)
    delivered, gone = (("motcua_deliveries_total", ("telegram", outcome)) for outcome in ("delivered", "gone"))
    assert after[delivered] - before.get(delivered, 0) == len(lan.seen)
    assert after[gone] - before.get(gone, 0) == 1


async def test_the_backlog_is_read_when_it_is_asked_for(services: Services) -> None:
    async with services.database.transaction() as transaction:
        await inbox.store(transaction, inbound.NAME, "1", "{}", now=NOW)
    assert (await figures(services))["motcua_inbox_waiting", ("telegram",)] == 1
    async with services.database.transaction() as transaction:
        (update,) = await inbox.waiting(transaction, inbound.NAME)
        await inbox.quarantine(transaction, update.id, "ValueError")
    found = await figures(services)
    assert (found["motcua_inbox_waiting", ("telegram",)], found["motcua_inbox_quarantined", ("telegram",)]) == (0, 1)


async def test_without_the_database_the_rest_is_still_counted(services: Services) -> None:
    away = Database.open("postgresql+psycopg://an@127.0.0.1:9/motcua")
    found = await figures(replace(services, database=away))
    await away.close()
    assert ("motcua_inbox_waiting", ("telegram",)) not in found
    assert found["process_start_time_seconds", ()] > 0


FOREIGN: list[dict[str, Any]] = [
    {"client": "192.168.1.7"},
    {"client": "192.168.1.7", "base": "http://192.168.1.2:8080"},
    {"base": "https://tro-ly.xa"},
    {"headers": {"x-forwarded-for": "127.0.0.1"}},
    {"headers": {"x-real-ip": "127.0.0.1"}},
    {"headers": {"authorization": "Bearer "}, "client": "192.168.1.7"},
    {"headers": {"authorization": f"Basic {SECRET}"}, "client": "192.168.1.7"},
]


@pytest.mark.parametrize("stranger", FOREIGN, ids=str)
@pytest.mark.parametrize("token", ["", SECRET])
async def test_figures_are_not_for_strangers(services: Services, stranger: dict[str, Any], token: str) -> None:
    headers = stranger.get("headers", {})
    where = {name: value for name, value in stranger.items() if name != "headers"}
    async with asking(with_token(services, token), **where) as browser:
        response = await browser.get("/metrics", headers=headers)
    assert response.status_code == 403
    assert "motcua_turns" not in response.text


def with_token(services: Services, token: str) -> Services:
    web = replace(services.config.web, metrics_token=token)
    return replace(services, config=replace(services.config, web=web))


@pytest.mark.parametrize("base", [HERE, "http://localhost:8080", "http://[::1]:8080"])
async def test_this_machine_may_always_ask(services: Services, base: str) -> None:
    async with asking(with_token(services, SECRET), base=base) as prometheus:
        assert (await prometheus.get("/metrics")).status_code == 200


async def test_who_knows_the_token_may_ask_from_afar(services: Services) -> None:
    headers = {"authorization": f"Bearer {SECRET}"}
    async with asking(with_token(services, SECRET), base=SITE, client="192.168.1.7") as prometheus:
        assert (await prometheus.get("/metrics", headers=headers)).status_code == 200
        wrong = {"authorization": f"Bearer {SECRET}x"}
        assert (await prometheus.get("/metrics", headers=wrong)).status_code == 403


async def test_figures_name_nobody(services: Services) -> None:
    async with asking(services) as lan:
        await lan.post("/api/chat", json={"text": "tôi là Lan, căn cước 033090001234"})
        shown = (await lan.get("/metrics")).text
        cookie = lan.cookies["motcua_chat"]
    assert not re.search(r"033090001234|Lan", shown)
    assert cookie not in shown


# ---- pages that are open


async def test_a_closed_page_is_forgotten(services: Services) -> None:
    channel = WebChannel(services.database, now=services.now)
    transport = httpx.ASGITransport(create_app(services, channel=channel))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as lan:
        await lan.post("/api/chat", json={"text": "xin chào"})
        here = address(lan.cookies["motcua_chat"])
    person = await channel.knows(here)
    assert person is not None
    pages = [channel.updates(person, after=0) for _ in range(2)]
    for page in pages:
        assert (await anext(page)).startswith(":")
    assert len(channel._open[person]) == 2
    await pages[0].aclose()  # type: ignore[attr-defined]
    assert len(channel._open[person]) == 1
    waiting = asyncio.ensure_future(_drain(pages[1]))
    await channel.send(here, [Reply("Mai xã tiếp dân")])
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert channel._open == {}


async def _drain(page: AsyncIterator[str]) -> None:
    async for event in page:
        json.dumps(event)
