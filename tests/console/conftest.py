"""The console as a browser meets it: officials of a made-up commune before its pages, on a fresh SQLite file."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from bot import assembly, previews
from bot.console import app as console
from bot.console.office import Office
from bot.console.security import COOKIE
from bot.officials.rights import Role
from bot.settings import Config, Console
from bot.storage.database import Database
from bot.texts import Texts
from knowledge.answering import Assistant
from tests.conftest import begin_on
from tests.officials.conftest import PASSWORD, Clock, Hire, clock, door, hire, passwords

__all__ = ["clock", "door", "hire", "passwords"]

SITE = "http://quan-tri.xa"
HOME = "/quan-tri"


@pytest.fixture
async def database(settings: Config, empty_file: Path) -> AsyncIterator[Database]:
    """SQLite alone: the queries are tested on both, the pages are about what is around them."""
    begin_on(settings.database.url, empty_file)
    opened = Database.open(settings.database.url)
    yield opened
    await opened.close()


@pytest.fixture
def office(settings: Config, database: Database, clock: Clock, assistant: Assistant, tmp_path: Path) -> Office:
    unit = replace(settings.unit, thon=["thôn Đông", "thôn Đoài"])
    texts = Texts.load(unit, settings.files)
    folder = replace(settings.files, folder=str(tmp_path / "tep"))
    settings = replace(settings, unit=unit, files=folder)
    desk = assembly.desk(settings, texts, assistant)
    return Office(settings, desk, database, assembly.files(settings), clock, previews.of)


def requiring_second_factor(office: Office) -> Office:
    """Return the same office where everybody must have a second factor."""
    return replace(office, config=replace(office.config, console=Console(require_second_factor=True)))


class Browser:
    """Somebody's browser: keeps its cookies, follows nothing by itself, sends forms as the page it saw last does."""

    def __init__(self, office: Office) -> None:
        site = Starlette(routes=[console.create(office)])
        transport = httpx.ASGITransport(site, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=SITE)
        self.seen = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    @property
    def cookie(self) -> str:
        return self.client.cookies.get(COOKIE) or ""

    def take(self, token: str) -> None:
        """Put a token into the cookie, in place of the one there."""
        self.client.cookies.set(COOKIE, token, domain=urlsplit(SITE).netloc, path=HOME)

    @property
    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="(\w+)"', self.seen)
        assert found, "no form on the page"
        return found[1]

    async def open(self, path: str, **headers: str) -> httpx.Response:
        response = await self.client.get(f"{HOME}{path}", headers=headers)
        self.seen = response.text
        return response

    async def send(self, path: str, fields: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        """Send a form of the page seen last."""
        response = await self.client.post(f"{HOME}{path}", data={"csrf": self.csrf, **(fields or {})}, headers=headers)
        if response.status_code != 303:
            self.seen = response.text
        return response

    async def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        await self.open("/dang-nhap")
        return await self.send("/dang-nhap", {"name": name, "password": password})

    @property
    def words(self) -> str:
        """What somebody reads on the page seen last."""
        return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.seen)))


@pytest.fixture
async def browser(office: Office) -> AsyncIterator[Browser]:
    async with Browser(office) as opened:
        yield opened


SignedIn = Callable[..., Awaitable[Browser]]


@pytest.fixture
async def signed_in(office: Office, hire: Hire) -> AsyncIterator[SignedIn]:
    """Make an official and sign them in."""
    opened: list[Browser] = []

    async def before_the_page(name: str, *roles: Role) -> Browser:
        await hire(name, *roles)
        opened.append(Browser(office))
        assert (await opened[-1].sign_in(name)).status_code == 303
        return opened[-1]

    yield before_the_page
    for browser in opened:
        await browser.client.aclose()


class Elements(HTMLParser):
    """The elements of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]
