"""Officials with units of their own and cases of named citizens, for the pages about cases."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import httpx
import pytest
from PIL import Image

from bot.cases import filing, handling
from bot.cases.drafts import Draft
from bot.cases.filing import Sender
from bot.cases.handling import Order
from bot.cases.model import CaseType
from bot.cases.moves import Name
from bot.cases.workflow import Given
from bot.console.office import Office
from bot.officials.rights import Official, Role
from bot.storage import audit, case_events, cases, people
from bot.storage.audit import Entry, Filter
from bot.storage.case_events import Event, KeptAttachment
from bot.storage.cases import Case
from tests.console.conftest import HOME, Browser
from tests.officials.conftest import PASSWORD, Hire

LAND, ROADS = "địa chính", "giao thông"
LAMP = "Đèn đường đầu thôn Đông hỏng ba hôm nay, tối đi lại nguy hiểm"


def picture(colour: str = "red") -> bytes:
    kept = BytesIO()
    Image.new("RGB", (40, 30), colour).save(kept, "JPEG")
    return kept.getvalue()


class World:
    """The office with its people, each at a browser of their own, and what citizens send to it."""

    def __init__(self, office: Office, hire: Hire) -> None:
        self.office, self._hire = office, hire
        self.officials: dict[str, Official] = {}
        self._browsers: list[Browser] = []

    async def at_work(self, name: str, *roles: Role, unit: str = "") -> Browser:
        """Make an official, signed in."""
        self.officials[name] = await self._hire(name, *roles, unit=unit)
        browser = Browser(self.office)
        self._browsers.append(browser)
        assert (await browser.sign_in(name, PASSWORD)).status_code == 303
        return browser

    async def close(self) -> None:
        for browser in self._browsers:
            await browser.client.aclose()

    async def sends(self, text: str = LAMP, *, by: str = "lan", at: datetime | None = None, **values: object) -> Case:
        """Return the case that a citizen files on the web page."""
        known = {"type": CaseType.FEEDBACK, "text": text, "name": "Nguyễn Thị Lan", "phone": "0912345678"}
        draft = replace(Draft(), **{**known, **values})  # type: ignore[arg-type]
        now = at or self.office.now()
        async with self.office.database.transaction() as transaction:
            person = await people.recognise(transaction, "web", by, now=now)
            return await filing.file(transaction, draft, Sender("web", person), self.office.desk, now=now)

    async def moves(self, case: Case, name: Name, by: str, **given: object) -> Case:
        """Return a case after a move by an official."""
        order = Order(name, self.officials[by], Given(**given))  # type: ignore[arg-type]
        now = await self.again(case)
        async with self.office.database.transaction() as transaction:
            return await handling.carry_out(transaction, now, order, self.office.desk, now=self.office.now())

    async def change(self, case: Case, **values: object) -> Case:
        async with self.office.database.transaction() as transaction:
            assert await cases.change(transaction, case, **values)
        return await self.again(case)

    async def again(self, case: Case) -> Case:
        async with self.office.database.transaction() as transaction:
            found = await cases.by_id(transaction, case.id)
        assert found is not None
        return found

    async def newest(self) -> Case:
        number = 1
        while True:
            async with self.office.database.transaction() as transaction:
                if await cases.by_id(transaction, number + 1) is None:
                    found = await cases.by_id(transaction, number)
                    assert found is not None
                    return found
            number += 1

    async def attach(self, case: Case, content: bytes, name: str = "anh.jpg") -> int:
        """Keep a photo with a case as the citizen's; return its id."""
        file = await self.office.files.keep(content, name=name)
        kept = KeptAttachment("photo", file.digest, name, file.media_type, file.size)
        async with self.office.database.transaction() as transaction:
            return await case_events.attach(transaction, kept, case=case.id, now=self.office.now())

    async def story(self, case: Case) -> list[Event]:
        async with self.office.database.transaction() as transaction:
            return await case_events.of_case(transaction, case.id)

    async def audited(self, action: str) -> list[Entry]:
        async with self.office.database.transaction() as transaction:
            return await audit.entries(transaction, Filter(action=action), limit=50)

    def overdue(self) -> datetime:
        return self.office.now() - timedelta(days=60)


AtWork = Callable[..., Awaitable[Browser]]


@pytest.fixture
async def world(office: Office, hire: Hire) -> AsyncIterator[World]:
    made = World(office, hire)
    yield made
    await made.close()


async def upload(browser: Browser, path: str, fields: dict[str, str], *photos: tuple[str, bytes]) -> httpx.Response:
    """Send a form of the page seen last, with files."""
    files = [("files", (name, content, "image/jpeg")) for name, content in photos]
    response = await browser.client.post(f"{HOME}{path}", data={"csrf": browser.csrf, **fields}, files=files)
    if response.status_code != 303:
        browser.seen = response.text
    return response
