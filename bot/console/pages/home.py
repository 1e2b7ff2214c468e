"""Việc cần làm: the first page, piles of work by urgency; and what does not fit into the bar of a phone."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from bot.console.pages import announcement_piles, case_piles
from bot.console.piles import Pile
from bot.console.visit import EVERY_OFFICIAL, Page, Visit
from bot.officials.rights import Right
from bot.storage import data_requests, officials


async def _accounts_to_finish(visit: Visit) -> Pile:
    async with visit.database.transaction() as transaction:
        count = await officials.waiting(transaction)
    return Pile("Cán bộ chưa đặt mật khẩu", count, "/can-bo")


async def _data_requests(visit: Visit) -> Pile:
    async with visit.database.transaction() as transaction:
        count = await data_requests.waiting(transaction)
    return Pile("Yêu cầu về dữ liệu cá nhân", count, "/du-lieu")


PILES: tuple[tuple[Right | None, Callable[[Visit], Awaitable[Pile]]], ...] = (
    *case_piles.PILES,
    *announcement_piles.PILES,
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
