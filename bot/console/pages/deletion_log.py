"""Dữ liệu đã xóa: what was deleted, how many, why; nothing of what it said."""

from starlette.responses import Response

from bot.console import listing
from bot.console.visit import Page, Visit
from bot.officials.rights import Right
from bot.storage import deletions


async def entries(visit: Visit) -> Response:
    """The newest deletions."""
    limit, offset = listing.SIZE + 1, listing.offset(visit.request)
    async with visit.database.transaction() as transaction:
        found = await deletions.page(transaction, limit=limit, offset=offset)
    return visit.show("deletion_log.html", list=listing.listed(visit.request, found))


PAGES = (Page("/nhat-ky/da-xoa", entries, Right.READ_AUDIT),)
