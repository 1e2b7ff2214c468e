"""Announcements on the public pages, and what happens to somebody who comes by a poster."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from hypothesis import given
from sqlalchemy import update

from bot.broadcasting import article
from bot.channels.web import arrivals
from bot.channels.web.app import create_app
from bot.storage import announcements, posters
from bot.storage.announcements import Draft, State
from bot.storage.broadcast_tables import announcements as table
from bot.storage.posters import Poster, Tally
from handlers.services import Services
from tests.broadcasting.test_rendering import PIECES
from tests.channels.chats import SITE, OurHtml
from tests.channels.web.test_public import ATOM
from tests.channels.web.visiting import Page
from tests.conftest import NOW

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 Zalo android/1"
ATTACK = '<script>alert(1)</script> [x](javascript:alert(1)) ![y](//evil/z.png) <img src=x onerror="alert(1)">'


@pytest.fixture
async def anybody(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with phone(services) as browser:
        yield browser


def phone(services: Services, **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=SITE, headers={"user-agent": PHONE, **headers})


async def announced(services: Services, *, state: State = State.FINISHED, sent: bool = True, **more: Any) -> int:
    """Keep an announcement as it stands after some time; return its id."""
    draft = Draft(**{"title": "Lịch tiêm chủng", "body": "Tại **trạm y tế**, 7h30.", "author": "an", **more})
    async with services.database.transaction() as transaction:
        number = await announcements.create(transaction, draft, now=NOW)
        values = {"state": state, "started_at": NOW + timedelta(minutes=number) if sent else None}
        await transaction.execute(update(table).where(table.c.id == number).values(values))
    return number


async def hung(services: Services, number: int, place: str = "Nhà văn hóa thôn 2") -> Poster:
    async with services.database.transaction() as transaction:
        return await posters.add(transaction, number, place, now=NOW)


async def tally(services: Services, **which: Any) -> list[Tally]:
    async with services.database.transaction() as transaction:
        return await posters.tallies(transaction, **which)


async def counted(services: Services) -> tuple[int, int]:
    """Return the visits and conversations of the one poster there is."""
    (one,) = await tally(services)
    return one.visits, one.conversations


# ---- articles


@pytest.mark.parametrize("state", [State.SENDING, State.PAUSED, State.FINISHED])
async def test_what_was_sent_is_an_article(services: Services, anybody: httpx.AsyncClient, state: State) -> None:
    number = await announced(services, state=state)
    page = await anybody.get(f"/thong-bao/{number}")
    assert page.status_code == 200
    assert "<strong>trạm y tế</strong>" in page.text
    assert "Gửi ngày 23/11/2026" in Page(page).words
    assert f'href="/thong-bao/{number}"' in (await anybody.get("/thong-bao")).text
    assert 'href="/thong-bao"' in (await anybody.get("/")).text


@pytest.mark.parametrize(
    ("state", "sent"),
    [
        (State.DRAFT, False),
        (State.APPROVED, False),
        (State.SCHEDULED, False),
        (State.PAUSED, False),
        (State.CANCELLED, False),
        (State.CANCELLED, True),
    ],
)
async def test_nothing_else_is_known_to_the_public(
    services: Services, anybody: httpx.AsyncClient, state: State, sent: bool
) -> None:
    number = await announced(services, state=state, sent=sent, title="Bí mật")
    poster = await hung(services, number)
    page = await anybody.get(f"/thong-bao/{number}")
    assert page.status_code == 404
    assert page.content == (await anybody.get("/thong-bao/999")).content, "as unknown as one that does not exist"
    for path in ("/thong-bao", "/feed.xml", f"/d/{poster.code}"):
        assert "Bí mật" not in (await anybody.get(path)).text


@pytest.mark.parametrize("odd", ["0", "-1", "²", "01", "9" * 30, "1%00", "..%2f1", "' OR 1=1"])
async def test_odd_addresses_are_told_politely(services: Services, anybody: httpx.AsyncClient, odd: str) -> None:
    await announced(services)
    page = await anybody.get(f"/thong-bao/{odd}")
    assert page.status_code == 404
    assert "Không có trang này" in Page(page).words


async def test_a_correction_stands_above_what_it_corrects(services: Services, anybody: httpx.AsyncClient) -> None:
    wrong = await announced(services, title="Họp thôn ngày 25")
    right = await announced(services, title="Họp thôn ngày 26", corrects=wrong)
    await announced(services, title="Chưa gửi", corrects=wrong, state=State.DRAFT, sent=False)
    page = await anybody.get(f"/thong-bao/{wrong}")
    assert page.text.index(f'href="/thong-bao/{right}"') < page.text.index("trạm y tế")
    assert "Chưa gửi" not in page.text
    assert f'href="/thong-bao/{wrong}"' in (await anybody.get(f"/thong-bao/{right}")).text
    assert "có đính chính" in Page(await anybody.get("/thong-bao")).words


async def test_what_officials_wrote_is_never_markup(services: Services, anybody: httpx.AsyncClient) -> None:
    number = await announced(services, title=ATTACK, body=f"# {ATTACK}\n\n{ATTACK}\n\n[nhà](/quan-tri/can-bo)")
    poster = await hung(services, number, ATTACK[:90])
    for path in ("/thong-bao", f"/thong-bao/{number}", f"/d/{poster.code}"):
        page = (await anybody.get(path)).text
        assert not any(bad in page for bad in ("<script>", "<img src=x", 'src="//', 'href="java', "/quan-tri"))
    (entry,) = ElementTree.fromstring((await anybody.get("/feed.xml")).text).iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == ATTACK
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.attrib["type"] == "html"
    assert (content.text or "").startswith("<h2>&lt;script&gt;")


@given(PIECES)
def test_any_markdown_is_safe_html(markdown: str) -> None:
    class Safe(OurHtml):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag not in {"script", "style", "img", "iframe", "form", "object", "h1"}
            assert {name for name, _ in attrs} <= {"href", "rel", "title", "start"}
            assert all(str(value).lower().startswith(article.SAFE) for name, value in attrs if name == "href")

    Safe(article.html(markdown))


async def test_the_list_goes_on_over_pages(services: Services, anybody: httpx.AsyncClient) -> None:
    for day in range(1, 23):
        await announced(services, title=f"Tin số {day}.")
    first, second = [Page(await anybody.get(f"/thong-bao?trang={n}")).words for n in (1, 2)]
    assert "Tin số 22." in first
    assert "Tin số 1." not in first
    assert "Tin số 1." in second


# ---- those who come by a poster


async def test_a_visit_is_counted_once_a_day(services: Services) -> None:
    poster = await hung(services, await announced(services))
    async with phone(services) as lan, phone(services) as minh:
        page = await lan.get(f"/d/{poster.code}")
        assert "Lịch tiêm chủng" in Page(page).words
        await lan.get(f"/d/{poster.code}")
        await minh.get(f"/d/{poster.code.upper()}")
        assert await counted(services) == (2, 0)
        cookie = page.headers["set-cookie"]
        assert f"Max-Age={15 * 3600 + 30 * 60 + 1};" in cookie, "until midnight"
        assert f"Path=/d/{poster.code}" in cookie, "no other page is told"
        assert "HttpOnly" in cookie
        tomorrow = replace(services, now=lambda: NOW + timedelta(days=1))
    async with phone(tomorrow) as lan:
        await lan.get(f"/d/{poster.code}")
    assert await counted(services) == (3, 0)
    assert [one.visits for one in await tally(services, until=NOW.date())] == [2]
    assert [one.visits for one in await tally(services, since=NOW.date() + timedelta(days=2))] == [0]


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"user-agent": "facebookexternalhit/1.1"},
        {"user-agent": "curl/8.5.0"},
        {"user-agent": ""},
        {"sec-purpose": "prefetch;prerender"},
    ],
)
async def test_who_is_no_visitor_is_not_counted(services: Services, headers: dict[str, str]) -> None:
    poster = await hung(services, await announced(services))
    async with phone(services, **headers) as robot:
        assert (await robot.get(f"/d/{poster.code}")).status_code == 200
        assert (await robot.head(f"/d/{poster.code}")).status_code == 200
    assert await counted(services) == (0, 0)


async def test_a_script_without_cookies_cannot_make_up_a_crowd(
    services: Services, anybody: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "AT_ONCE", 5)
    poster = await hung(services, await announced(services))
    async with phone(services) as script:
        for _ in range(9):
            assert (await script.get(f"/d/{poster.code}")).status_code == 200
            script.cookies.clear()
    assert await counted(services) == (5, 0)


@pytest.mark.parametrize("code", ["abcdef", "x", "a" * 300, "%00", "' OR 1=1", "..%2f..%2fa", "½½½½½½"])
async def test_an_unknown_code_still_leads_to_the_assistant(anybody: httpx.AsyncClient, code: str) -> None:
    page = await anybody.get(f"/d/{code}")
    assert page.status_code == 404
    assert "Hỏi trợ lý" in Page(page).words or "Không có trang này" in Page(page).words


async def test_the_ways_on_are_those_that_are_set_up(services: Services) -> None:
    poster = await hung(services, await announced(services))
    async with phone(services) as lan:
        assert "Telegram" not in (await lan.get(f"/d/{poster.code}")).text
    unit = replace(services.config.unit, zalo="https://zalo.me/123456")
    telegram = replace(services.config.telegram, username="tienhoa_bot")
    wired = replace(services, config=replace(services.config, unit=unit, telegram=telegram))
    async with phone(wired) as lan:
        page = (await lan.get(f"/d/{poster.code}")).text
    assert f'href="https://t.me/tienhoa_bot?start={poster.code}"' in page
    assert 'href="https://zalo.me/123456"' in page


async def test_a_conversation_on_the_web_is_counted_once(services: Services) -> None:
    poster = await hung(services, await announced(services))
    async with phone(services) as lan:
        page = await lan.get(f"/d/{poster.code}")
        assert f'value="q:{poster.code}"' in page.text
        for _ in range(2):
            assert (await lan.post("/chat", data={"choice": f"q:{poster.code}"})).status_code == 303
        words = Page(await lan.get("/")).words
        assert "Tôi quét mã trên thông báo của xã" in words
        assert "Tại trạm y tế, 7h30." in words
        await lan.post("/chat", data={"text": "hủy"})
        await lan.post("/chat", data={"choice": f"q:{poster.code}"})
    assert await counted(services) == (1, 1)
    async with phone(services) as minh:
        for forged in ("q:zzzzzz", "q:", f"q:{poster.code}:1", "q:\x00"):
            assert (await minh.post("/chat", data={"choice": forged})).status_code == 303
    assert await counted(services) == (1, 1)
