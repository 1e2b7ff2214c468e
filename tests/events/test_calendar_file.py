"""The calendar file and the public pages of events, as a phone reads them back."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from bot.channels.web.app import create_app
from bot.events import planning
from handlers.services import Services
from tests.channels.chats import SITE
from tests.conftest import NOW
from tests.events.shared import HOUR, STARTS, TEXTS, plan, planned, the_event

HOSTILE = "Họp; bàn, \\ góp ý <script>alert(1)</script>\r\nATTENDEE:mailto:a@b " + "ư ờ đ ễ " * 12


@pytest.fixture
async def anybody(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as browser:
        yield browser


async def read(anybody: httpx.AsyncClient, number: int) -> tuple[httpx.Response, Any]:
    response = await anybody.get(f"/su-kien/{number}.ics")
    (entry,) = Calendar.from_ical(response.content).walk("VEVENT")
    return response, entry


async def test_the_file_reads_back_whatever_the_words(services: Services, anybody: httpx.AsyncClient) -> None:
    number = await planned(services.database, place=HOSTILE[:200], details=HOSTILE)
    response, entry = await read(anybody, number)
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n")), "octets, RFC 5545 3.1"
    assert b"\nATTENDEE" not in response.content
    assert str(entry["description"]).replace("\r", "") == HOSTILE.replace("\r", "")
    assert entry["dtstart"].dt == STARTS
    assert b"DTSTART:20261128T010000Z" in response.content
    assert entry["dtend"].dt == STARTS + 3 * HOUR
    assert (int(entry["sequence"]), str(entry["status"])) == (0, "CONFIRMED")
    assert str(entry["uid"]) == f"su-kien-{number}@{httpx.URL(SITE).host}"


async def test_a_change_and_a_cancellation_replace_it(services: Services, anybody: httpx.AsyncClient) -> None:
    number = await planned(services.database)
    _, first = await read(anybody, number)
    async with services.database.transaction() as transaction:
        await planning.change(transaction, number, plan(place="Hội trường UBND"), TEXTS, now=NOW + HOUR)
        await planning.cancel(transaction, number, TEXTS, now=NOW + 2 * HOUR)
    _, last = await read(anybody, number)
    assert last["uid"] == first["uid"]
    assert (int(last["sequence"]), str(last["status"])) == (2, "CANCELLED")
    assert last["dtstamp"].dt > first["dtstamp"].dt


async def test_the_pages_show_it_escaped_and_lead_to_signing_up(services: Services, anybody: httpx.AsyncClient) -> None:
    assert "chưa có sự kiện" in (await anybody.get("/su-kien")).text
    number = await planned(services.database, name="Họp <b>thôn</b>", details=HOSTILE)
    listed, page = await anybody.get("/su-kien"), await anybody.get(f"/su-kien/{number}")
    assert "Họp &lt;b&gt;thôn&lt;/b&gt;" in listed.text
    assert "<script>alert" not in page.text
    assert "8:00–11:00 thứ Bảy 28/11/2026" in page.text
    assert f'value="Tôi tham dự sự kiện số {number}"' in page.text
    pressed = await anybody.post("/chat", data={"text": f"Tôi tham dự sự kiện số {number}"})
    assert pressed.status_code == 303
    async with services.database.transaction() as transaction:
        assert (await the_event(transaction, number)).taken == 1


@pytest.mark.parametrize("address", ["0", "99", "-1", "x", "1.ics.ics", "9" * 20, "%00", "²"])
async def test_what_is_not_there_is_404(anybody: httpx.AsyncClient, address: str) -> None:
    assert (await anybody.get(f"/su-kien/{address}")).status_code == 404
    assert (await anybody.get(f"/su-kien/{address}.ics")).status_code == 404
