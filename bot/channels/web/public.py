"""What anybody may read: solved cases, answered questions, both as a feed. Only what an official released is shown."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.cases import codes
from bot.channels.web.frame import Frame
from bot.channels.web.visitors import network
from bot.files import StoredFile, headers
from bot.guard import Pace
from bot.storage import articles, publications
from bot.storage.articles import Article
from bot.storage.publications import Publication, Wanted
from handlers.services import Services
from knowledge.vietnamese import fold

SIZE = 20
LAST_PAGE = 500
MOST_SEARCHED = 1_000  # the newest; folding as many takes a third of a second the first time, off the event loop
FEED_SIZE = 30
TYPES = ("phan_anh", "kien_nghi", "gop_y", "khen_ngoi", "sang_kien", "dien_hinh")
PICTURE = "/cong-khai/anh"

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 (W3C) 2.2 Characters


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list: items with their pictures, and the addresses of the pages beside it, "" where is none."""

    items: Sequence[tuple[Publication, Sequence[int]]]
    page: int
    newer: str
    older: str


class PublicPages:
    """The requests for what is public."""

    def __init__(self, services: Services, frame: Frame) -> None:
        self._services, self._frame = services, frame
        self._searches = Pace(burst=60, per_second=1)

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/phan-anh", self.solved),
            Route("/phan-anh/{code}", self.one),
            Route("/hoi-dap", self.answered),
            Route("/hoi-dap/{code}", self.one),
            Route("/feed.xml", self.feed),
            Route(f"{PICTURE}/{{attachment}}", self.picture),
        ]

    async def solved(self, request: Request) -> Response:
        """Cases that were solved, by type, thôn and words."""
        return await self._list(request, Wanted(False, _chosen(request, "loai", TYPES), self._thon(request)))

    async def answered(self, request: Request) -> Response:
        """Questions that officials answered."""
        return await self._list(request, Wanted(True, thon=self._thon(request)))

    async def one(self, request: Request) -> Response:
        """One of them at an address that stays."""
        code = codes.read(request.path_params["code"][:40])
        async with self._services.database.transaction() as transaction:
            found = await publications.of_code(transaction, code) if code else None
            pictures = await publications.pictures(transaction, [found.id]) if found else {}
        if found is None or home(found) != request.url.path.rpartition("/")[0]:
            raise HTTPException(404)
        return self._frame.show("public_one.html", request, item=found, pictures=pictures.get(found.id, ()))

    async def feed(self, request: Request) -> Response:
        """The newest of these and of the announcements, as Atom (RFC 4287)."""
        async with self._services.database.transaction() as transaction:
            found = await publications.newest(transaction, Wanted(), limit=FEED_SIZE)
            announced = await articles.newest(transaction, limit=FEED_SIZE)
        both: list[Publication | Article] = [*found, *announced]
        items = sorted(both, key=lambda item: item.published_at, reverse=True)[:FEED_SIZE]
        base = (self._services.config.web.public_url or str(request.base_url)).rstrip("/")
        updated = items[0].published_at if items else self._services.now()
        page = self._frame.render("feed.xml", request, items=items, base=base, updated=updated, home=home)
        return Response(_NO_XML.sub("", page), media_type="application/atom+xml")

    async def picture(self, request: Request) -> Response:
        """A small picture of something public; 404 for any other attachment."""
        number = request.path_params["attachment"]
        is_number = number.isascii() and number.isdecimal() and len(number) < 10
        async with self._services.database.transaction() as transaction:
            kept = await publications.picture(transaction, int(number)) if is_number else None
        if kept is None or kept.digest is None:
            raise HTTPException(404)
        try:
            small = await self._services.files.thumbnail(kept.digest)
        except FileNotFoundError as error:
            raise HTTPException(404) from error
        shown = StoredFile(kept.digest, f"anh-{number}.jpg", "image/jpeg", len(small))  # its own name may name somebody
        return Response(small, headers=headers(shown))

    async def _list(self, request: Request, wanted: Wanted) -> Response:
        words = fold(request.query_params.get("tim", "")[:80])
        if words and not self._searches.allows(network(request)):
            return self._frame.too_fast(request)
        page = page_number(request)
        start, most = (page - 1) * SIZE, SIZE + 1
        async with self._services.database.transaction() as transaction:
            if words:
                found = await publications.newest(transaction, wanted, limit=MOST_SEARCHED)
            else:
                found = await publications.newest(transaction, wanted, offset=start, limit=most)
        if words:
            found = (await asyncio.to_thread(_with_words, found, words))[start : start + most]
        async with self._services.database.transaction() as transaction:
            pictures = await publications.pictures(transaction, [item.id for item in found])
        listed = Listed(
            [(item, pictures.get(item.id, ())) for item in found[:SIZE]],
            page,
            page_address(request, page - 1) if page > 1 else "",
            page_address(request, page + 1) if len(found) > SIZE and page < LAST_PAGE else "",
        )
        template = "answered.html" if wanted.questions else "solved.html"
        thon = self._services.config.unit.thon
        return self._frame.show(template, request, list=listed, wanted=wanted, types=TYPES, thon=thon)

    def _thon(self, request: Request) -> str:
        return _chosen(request, "thon", self._services.config.unit.thon)


def home(item: Publication) -> str:
    """Return the page on which something public is listed."""
    return "/hoi-dap" if item.type == publications.QUESTION else "/phan-anh"


def _with_words(found: Sequence[Publication], words: str) -> list[Publication]:
    """Return those whose public words hold each of `words`, whole or begun."""
    wanted = [f" {word}" for word in words.split()]
    return [
        item for item in found if all(word in _folded(f"{item.title} {item.text} {item.answer}") for word in wanted)
    ]


@lru_cache(maxsize=MOST_SEARCHED)
def _folded(text: str) -> str:
    return f" {fold(text)}"


def _chosen(request: Request, name: str, known: Sequence[str]) -> str:
    value = request.query_params.get(name, "")
    return value if value in known else ""


def page_number(request: Request) -> int:
    """Return the page of a list that a request asks for."""
    value = request.query_params.get("trang", "")
    return min(LAST_PAGE, max(1, int(value))) if value.isascii() and value.isdecimal() and len(value) < 6 else 1


def page_address(request: Request, page: int) -> str:
    """Return the address of another page of the same list."""
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "trang"]
    return "?" + urlencode([*query, ("trang", page)])
