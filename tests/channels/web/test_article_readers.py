"""Whom an announcement was sent to, as the public pages, the feed and the chat tell it; the poster of a series."""

from xml.etree import ElementTree

import httpx
from sqlalchemy import update

from bot.storage.announcements import State
from bot.storage.broadcast_tables import announcements as table
from handlers.services import Services
from tests.channels.web.test_announcements import announced, hung, phone
from tests.channels.web.test_public import ATOM
from tests.channels.web.visiting import Page

LABEL = "Gửi bà con: thôn Đông, thôn Đoài"


async def test_everybody_reads_which_villages_it_was_sent_to(services: Services) -> None:
    number = await announced(services, villages=("thôn Đông", "thôn Đoài"))
    poster = await hung(services, number)
    async with phone(services) as lan:
        for path in ("/thong-bao", f"/thong-bao/{number}", f"/d/{poster.code}"):
            assert LABEL in Page(await lan.get(path)).words
        feed = ElementTree.fromstring((await lan.get("/feed.xml")).content)
        await lan.post("/chat", data={"choice": f"q:{poster.code}"})
        assert LABEL in Page(await lan.get("/")).words
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}summary") == LABEL
    assert [one.get("term") for one in entry.iterfind(f"{ATOM}category")] == ["thôn Đông", "thôn Đoài"]


async def test_what_is_for_all_names_no_village(services: Services) -> None:
    number = await announced(services)
    async with phone(services) as lan:
        for path in ("/thong-bao", f"/thong-bao/{number}", "/feed.xml"):
            assert "Gửi bà con" not in (await lan.get(path)).text


async def test_the_poster_of_a_series_shows_its_newest(services: Services) -> None:
    series = await announced(services, state=State.SCHEDULED, sent=False)
    poster = await hung(services, series)
    async with phone(services) as lan:
        assert (await lan.get(f"/thong-bao/{series}")).status_code == 404, "nothing of it was sent yet"
        for title in ("Kỳ tháng mười", "Kỳ tháng mười một"):
            await _send_one_of(services, series, title)
        await announced(services, title="Kỳ sau", state=State.SCHEDULED, sent=False)
        for path in (f"/thong-bao/{series}", f"/d/{poster.code}"):
            assert _heading(await lan.get(path)) == "Kỳ tháng mười một"


async def _send_one_of(services: Services, series: int, title: str) -> None:
    number = await announced(services, title=title)
    async with services.database.transaction() as transaction:
        await transaction.execute(update(table).where(table.c.id == number).values(series=series))


def _heading(page: httpx.Response) -> str:
    return page.text.partition("<h1")[2].partition(">")[2].partition("</h1>")[0]
