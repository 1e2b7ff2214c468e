"""Việc cần làm: the first page, piles of work by urgency; and what does not fit into the bar of a phone."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from bot.console.visit import EVERY_OFFICIAL, Page, Visit
from bot.officials.rights import Right
from bot.storage import officials


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of work: where it is done, what it is, and until when or why."""

    href: str
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pile:
    """Work of one kind: how much there is, and its most urgent lines, at most three."""

    title: str
    count: int
    href: str
    lines: Sequence[Line] = ()


async def _accounts_to_finish(visit: Visit) -> Pile:
    async with visit.database.transaction() as transaction:
        count = await officials.waiting(transaction)
    return Pile("Cán bộ chưa đặt mật khẩu", count, "/can-bo")


PILES: tuple[tuple[Right | None, Callable[[Visit], Awaitable[Pile]]], ...] = (
    (Right.MANAGE_OFFICIALS, _accounts_to_finish),
)


async def work(visit: Visit) -> Response:
    """The piles that are not empty and that this official may work on."""
    may = [pile for right, pile in PILES if right is None or visit.official.may(right)]
    piles = [await pile(visit) for pile in may]
    return visit.show("home.html", piles=[pile for pile in piles if pile.count])


async def more(visit: Visit) -> Response:
    """The navigation as a page."""
    return visit.show("more.html")


PAGES = (
    Page("/", work, EVERY_OFFICIAL),
    Page("/them", more, EVERY_OFFICIAL),
)
