"""The office with subscribers, the worker that sends, and how officials fill in and press."""

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import httpx

from bot.console.office import Office
from bot.storage import announcements, audit, recipients, subscribers
from bot.storage.announcements import Announcement, State
from bot.storage.audit import Filter
from bot.storage.subscribers import Listed
from tests.broadcasting.shared import AtWork, Commune, Post
from tests.console.conftest import Browser

DESK = "/thong-bao"

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"

FORM = {
    "title": "Lịch tiêm chủng",
    "body": "Mời bà con đến **trạm y tế**.",
    "topics": ["lich-lam-viec"],
    "content": "c",
    "form": "a",
    "way": "ngay",
    "stale_hours": "2",
}

DAY = timedelta(days=1)


class Newsdesk:
    """The office with subscribers, and the worker that sends what its officials decide."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.database, self.folder = office, office.database, folder

    async def subscribe(self, *addresses: str, topics: Sequence[str] = ("lich-lam-viec",), village: str = "") -> None:
        now = self.office.now()
        rows = [Listed("telegram", address, "Lan", village, tuple(topics), now - DAY) for address in addresses]
        async with self.database.transaction() as transaction:
            await subscribers.take_in(transaction, rows, source="import", now=now)

    async def find(self, number: int = 1) -> Announcement:
        async with self.database.transaction() as transaction:
            found = await announcements.find(transaction, number)
        assert found
        return found

    async def counts(self, number: int = 1) -> dict[str, int]:
        async with self.database.transaction() as transaction:
            found = await recipients.counts(transaction, number)
        return {name: count for name, count in found.items() if count}

    async def audited(self) -> list[tuple[str, str, str]]:
        async with self.database.transaction() as transaction:
            entries = await audit.entries(transaction, Filter(), limit=1000)
        return [(e.name, e.action, e.subject) for e in reversed(entries) if e.subject.startswith("TB-")]

    async def send(self, post: Post, number: int = 1) -> None:
        """Let the worker send until the announcement is finished."""
        commune = Commune(self.database, self.folder)
        commune.clock.now = self.office.now()
        async with commune.working({"telegram": post}) as at_work:
            await _until_finished(at_work, number)


async def _until_finished(at_work: AtWork, number: int) -> None:
    await at_work.until(lambda: at_work.commune.is_in(number, State.FINISHED))


async def write(browser: Browser, *, press: str = "propose", **more: object) -> int:
    """Fill in the form and keep it; return the announcement's id."""
    await browser.open(f"{DESK}/moi")
    response = await browser.send(f"{DESK}/moi", {**FORM, press: "1", **more})
    assert response.status_code == 303, browser.words
    return int(response.headers["location"].rpartition("/")[2])


async def press(browser: Browser, number: int, verb: str, **more: object) -> int:
    """Press a button of an announcement's page as the page has it; return the answer's status."""
    await browser.open(f"{DESK}/{number}")
    return (await send(browser, number, verb, **more)).status_code


async def send(browser: Browser, number: int, verb: str, **more: object) -> httpx.Response:
    """Send a form of the page seen last, which may be old by now."""
    version, state = (re.search(rf'name="{name}" value="(\w+)"', browser.seen) for name in ("version", "state"))
    seen = {"version": version[1] if version else "", "state": state[1] if state else ""}
    return await browser.send(f"{DESK}/{number}/{verb}", {**seen, **more})
