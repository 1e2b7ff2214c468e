"""What there is to do about announcements, for the first page."""

from collections.abc import Awaitable, Callable

from bot.broadcasting import moments
from bot.console.pages.announcements import NEWSDESK
from bot.console.piles import Line, Pile
from bot.console.visit import Visit
from bot.officials.rights import Right
from bot.storage import announcement_lists
from bot.storage.announcement_lists import Wanted
from bot.storage.announcements import Announcement, State

MOST_LINES = 3


def _pile(group: str, title: str) -> Callable[[Visit], Awaitable[Pile]]:
    async def pile(visit: Visit) -> Pile:
        async with visit.database.transaction() as transaction:
            counts = await announcement_lists.group_counts(transaction)
            found = await announcement_lists.page(transaction, Wanted(group), offset=0, limit=MOST_LINES)
        some = [row.announcement for row in found]
        lines = [Line(f"{NEWSDESK}/{one.id}", one.title, _why(one)) for one in some]
        return Pile(title, counts[group], f"{NEWSDESK}?nhom={group}", lines)

    return pile


def _why(one: Announcement) -> str:
    return one.note if one.state is State.PAUSED else moments.said(one.plan)


PILES = (
    (Right.APPROVE_ANNOUNCEMENTS, _pile("paused", "Thông báo tạm dừng, chờ quyết định")),
    (Right.APPROVE_ANNOUNCEMENTS, _pile("proposed", "Thông báo chờ duyệt")),
)
