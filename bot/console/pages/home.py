"""Việc cần làm: the first page, piles of work by urgency; and what does not fit into the bar of a phone."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from bot.clock import ZONE
from bot.console.contest import PLACE
from bot.console.pages import announcement_piles, case_piles
from bot.console.piles import Line, Pile
from bot.console.visit import EVERY_OFFICIAL, Page, Visit
from bot.officials.rights import Right
from bot.storage import data_requests, juries, officials
from bot.texts import day


async def _accounts_to_finish(visit: Visit) -> Pile:
    async with visit.database.transaction() as transaction:
        count = await officials.waiting(transaction)
    return Pile("Cán bộ chưa đặt mật khẩu", count, "/can-bo")


async def _data_requests(visit: Visit) -> Pile:
    async with visit.database.transaction() as transaction:
        count = await data_requests.waiting(transaction)
    return Pile("Yêu cầu về dữ liệu cá nhân", count, "/du-lieu")


async def _initiatives_to_mark(visit: Visit) -> Pile:
    today = visit.now().astimezone(ZONE).date()
    async with visit.database.transaction() as transaction:
        found = await juries.unmarked(transaction, visit.official.id, today=today)
    lines = [
        Line(f"{PLACE}/{c.id}", c.name, f"còn {count} bài, hạn {day(c.marks_until)}") for c, count in found if count
    ]
    return Pile("Sáng kiến chờ tôi chấm", sum(count for _, count in found), PLACE, lines[:3])


PILES: tuple[tuple[Right | None, Callable[[Visit], Awaitable[Pile]]], ...] = (
    *case_piles.PILES,
    *announcement_piles.PILES,
    (EVERY_OFFICIAL, _initiatives_to_mark),
    (Right.HANDLE_DATA_REQUESTS, _data_requests),
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
