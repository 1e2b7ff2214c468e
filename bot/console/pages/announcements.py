"""Thông báo: the list by where each stands, and the calendar of what is coming."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from bot.broadcasting import coming, drafting, moments
from bot.clock import ZONE
from bot.console import announcement_words as words
from bot.console import listing
from bot.console.listing import asked
from bot.console.visit import Page, Visit
from bot.officials.rights import Right
from bot.storage import announcement_lists
from bot.storage.announcement_lists import Wanted
from bot.storage.database import Transaction
from knowledge.vietnamese import fold

NEWSDESK = "/thong-bao"
FILTERS = ("nhom", "loai", "muc", "tim")
MONTHS_AROUND = 24


async def everything(visit: Visit) -> Response:
    """The list; its address holds the filters."""
    request = visit.request
    async with visit.database.transaction() as transaction:
        wanted = await _wanted(transaction, request)
        start = listing.offset(request)
        rows = await announcement_lists.page(transaction, wanted, offset=start, limit=listing.SIZE + 1)
        counts = await announcement_lists.group_counts(transaction)
    return visit.show(
        "announcements.html",
        list=listing.listed(request, rows),
        tabs=_tabs(request, wanted.group, counts),
        wanted={name: asked(request, name) for name in FILTERS},
        is_filtered=any(asked(request, name) for name in FILTERS if name != "nhom"),
        choices={"loai": visit.office.config.announcements.topic_names, "muc": contents()},
        standing=words.standing,
        when=moments.said,
        recurs=moments.recurs,
    )


async def _wanted(transaction: Transaction, request: Request) -> Wanted:
    """Return the filter in an address; a search finds titles however their marks are typed."""
    said, ids = fold(asked(request, "tim")), None
    if said:
        titles = await announcement_lists.titles(transaction)
        ids = [number for number, title in titles.items() if said in fold(title)]
    return Wanted(asked(request, "nhom") or "all", asked(request, "loai"), asked(request, "muc"), ids)


def _tabs(request: Request, here: str, counts: dict[str, int]) -> list[tuple[str, str, int, bool]]:
    """Return the groups: word, address, how many, whether it is the one shown."""
    kept = [(name, asked(request, name)) for name in FILTERS if name != "nhom" and asked(request, name)]
    return [
        (word, urlencode([*kept, ("nhom", group)]), counts[group], group == here)
        for group, word in words.GROUPS.items()
        if group in words.ALWAYS_SHOWN or counts[group] or group == here
    ]


def contents() -> dict[str, str]:
    """Return the contents of the plan (II.1) by letter."""
    return {letter: f"{letter}) {what}" for letter, what in drafting.CONTENTS.items()}


def forms() -> dict[str, str]:
    """Return the forms of the plan (II.2) by letter."""
    return {letter: f"{letter}) {what}" for letter, what in drafting.FORMS.items()}


async def calendar(visit: Visit) -> Response:
    """A month of what is coming."""
    today = visit.now().astimezone(ZONE).date()
    first = _month(asked(visit.request, "thang"), today)
    async with visit.database.transaction() as transaction:
        end = datetime.combine(_step(first, 1) + timedelta(days=coming.DAYS), time(), ZONE)
        scheduled = await announcement_lists.scheduled(transaction, until=end)
    return visit.show(
        "announcement_calendar.html",
        weeks=coming.month(first, scheduled, visit.office.desk.calendar),
        first=first,
        today=today,
        before=_step(first, -1),
        after=_step(first, 1),
        weekdays=list(moments.WEEKDAYS.values()),
        recurs=moments.recurs,
    )


def _month(asked_for: str, today: date) -> date:
    """Return the first day of a month such as 2026-11; of this one when it is none, or too far away."""
    this = today.replace(day=1)
    try:
        first = date.fromisoformat(f"{asked_for}-01")
    except ValueError:
        return this
    distance = (first.year - this.year) * 12 + first.month - this.month
    return first if abs(distance) <= MONTHS_AROUND else this


def _step(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


WRITE = Right.WRITE_ANNOUNCEMENTS
PAGES = (
    Page(NEWSDESK, everything, WRITE),
    Page(f"{NEWSDESK}/lich", calendar, WRITE),
)
