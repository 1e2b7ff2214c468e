"""Phản ánh: the queue. What is pressing first; its address holds the filters; views can be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.cases import codes
from bot.cases.dossier import find
from bot.cases.queue import scope
from bot.clock import ZONE
from bot.console import case_words, listing
from bot.console.listing import asked, asked_day
from bot.console.security import HOME
from bot.console.visit import Page, Visit
from bot.officials.rights import Right
from bot.storage import case_lists, officials, saved_filters
from bot.storage.case_lists import Scope, Wanted
from bot.storage.cases import Case
from knowledge.vietnamese import fold

QUEUE = "/phan-anh"
FILTERS = ("nhom", "loai", "tinh-trang", "bo-phan", "thon", "kenh", "nguoi", "tim", "tu", "den")
LONGEST_NAME, LONGEST_SHOWN = 60, 140


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the queue shows it."""

    case: Case
    words: str
    type: str
    state: str
    assignee: str
    deadline: case_words.Deadline


def wanted(request: Request) -> Wanted:
    """Return the filter in an address; what is no value of a field finds nothing rather than everything."""
    until = asked_day(request, "den")
    assignee = asked(request, "nguoi")
    return Wanted(
        group=asked(request, "nhom") or "open",
        type=asked(request, "loai"),
        state=asked(request, "tinh-trang"),
        unit=asked(request, "bo-phan"),
        thon=asked(request, "thon"),
        channel=asked(request, "kenh"),
        assignee=int(assignee) if assignee.isascii() and assignee.isdecimal() and len(assignee) < 10 else None,
        words=fold(asked(request, "tim")),
        since=_midnight(asked_day(request, "tu")),
        until=_midnight(until + timedelta(days=1) if until and until < date.max else until),
    )


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), ZONE) if day else None


async def queue(visit: Visit) -> Response:
    """The queue; a whole code in the search field opens its case."""
    request, seen = visit.request, scope(visit.official, visit.office.desk, now=visit.now())
    wish = wanted(request)
    async with visit.database.transaction() as transaction:
        code = codes.read(asked(request, "tim"))
        if code and await find(transaction, code, seen):
            return RedirectResponse(f"{HOME}{QUEUE}/{code}", 303)
        start = listing.offset(request)
        found = await case_lists.page(transaction, wish, seen, offset=start, limit=listing.SIZE + 1)
        counts = await case_lists.group_counts(transaction, seen)
        accounts = await officials.everyone(transaction)
        saved = await saved_filters.of_official(transaction, visit.official.id)
    names = {account.id: account.full_name for account in accounts}
    rows = [row(case, seen, visit, names) for case in found]
    return visit.show(
        "queue.html",
        list=listing.listed(request, rows),
        tabs=_tabs(request, wish, counts),
        wanted={name: asked(request, name) for name in FILTERS},
        is_filtered=any(asked(request, name) for name in FILTERS if name not in ("nhom", "tim")),
        choices=_choices(visit, accounts),
        query=query_of(request),
        everywhere=query_of(request, nhom="all") if wish.group != "all" else "",
        saved=saved,
        may_export=visit.official.may(Right.EXPORT_CASES),
        may_receive=visit.official.may(Right.RECEIVE_CASES),
    )


def row(case: Case, seen: Scope, visit: Visit, names: Mapping[int, str]) -> Row:
    """Return a case as lists show it; `names` are the officials' by id."""
    desk = visit.office.desk
    words = " ".join(case.text.split()) or "(không có chữ, chỉ có tệp)"
    return Row(
        case,
        words if len(words) <= LONGEST_SHOWN else f"{words[:LONGEST_SHOWN].rstrip()}…",
        desk.texts.section("case_types")[case.type],
        case_words.states()[case.state],
        names.get(case.assignee_id or 0, ""),
        case_words.deadline(case, seen, desk),
    )


def _tabs(request: Request, wish: Wanted, counts: Mapping[str, int]) -> list[tuple[str, str, int | None, bool]]:
    """Return each group worth showing: its words, its address, how many, whether it is the one shown."""
    return [
        (words, query_of(request, nhom=name), counts.get(name), name == wish.group)
        for name, words in case_words.GROUPS.items()
        if counts.get(name) or name in case_words.ALWAYS_SHOWN or name == wish.group
    ]


def query_of(request: Request, **instead: str) -> str:
    """Return the filters of an address, some replaced, as its part behind the question mark."""
    values = {name: asked(request, name) for name in FILTERS} | instead
    return urlencode([(name, value) for name, value in values.items() if value])


def _choices(visit: Visit, accounts: Sequence[officials.Account]) -> dict[str, dict[str, str]]:
    units = sorted({account.unit for account in accounts if account.unit})
    return {
        "loai": case_words.types(visit.office.desk),
        "tinh-trang": dict(case_words.states()),
        "bo-phan": {unit: unit for unit in units},
        "thon": {thon: thon for thon in visit.office.config.unit.thon},
        "kenh": dict(case_words.CHANNELS),
        "nguoi": {str(account.id): account.full_name for account in accounts},
    }


async def save_filter(visit: Visit) -> Response:
    """Keep the filters shown under a name."""
    kept = [(name, value[:64]) for name, value in parse_qsl(visit.typed("query")) if name in FILTERS]
    name = " ".join(visit.typed("name").split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return visit.go(f"{QUEUE}?{urlencode(kept)}", f"Chưa lưu: xin đặt tên, dài nhất {LONGEST_NAME} chữ.")
    async with visit.database.transaction() as transaction:
        has_room = await saved_filters.save(transaction, visit.official.id, name, urlencode(kept))
    told = f"Đã lưu bộ lọc “{name}”." if has_room else f"Mỗi người lưu nhiều nhất {saved_filters.MOST} bộ lọc."
    return visit.go(f"{QUEUE}?{urlencode(kept)}", told)


async def drop_filter(visit: Visit) -> Response:
    """Forget one of one's own views."""
    async with visit.database.transaction() as transaction:
        await saved_filters.remove(transaction, visit.official.id, visit.number("saved"))
    return visit.go(QUEUE, "Đã xóa bộ lọc.")


READ = Right.READ_CASES
PAGES = (
    Page(QUEUE, queue, READ),
    Page(f"{QUEUE}/bo-loc", save_filter, READ, "POST"),
    Page(f"{QUEUE}/bo-loc/{{saved}}/xoa", drop_filter, READ, "POST"),
)
