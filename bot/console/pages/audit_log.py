"""Nhật ký: who did what and when."""

from starlette.responses import Response

from bot.console import listing
from bot.console.visit import Page, Visit
from bot.officials.auditing import AT_THE_MACHINE
from bot.officials.rights import Right
from bot.storage import audit, officials
from bot.storage.audit import Filter


async def entries(visit: Visit) -> Response:
    """The newest entries that pass the filter in the address."""
    request = visit.request
    wanted = Filter(
        name=listing.asked(request, "ai"),
        action=listing.asked(request, "viec"),
        subject=listing.asked(request, "ve"),
        since=listing.asked_day(request, "tu"),
        until=listing.asked_day(request, "den"),
    )
    async with visit.database.transaction() as transaction:
        limit, offset = listing.SIZE + 1, listing.offset(request)
        found = await audit.entries(transaction, wanted, limit=limit, offset=offset)
        names = {AT_THE_MACHINE: AT_THE_MACHINE} | {a.name: a.name for a in await officials.everyone(transaction)}
    return visit.show("audit_log.html", wanted=wanted, names=names, list=listing.listed(request, found))


PAGES = (Page("/nhat-ky", entries, Right.READ_AUDIT),)
