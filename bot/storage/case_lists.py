"""Lists of cases: the officials' queue with its counts, a person's cases, possible duplicates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true

from bot.clock import ZONE
from bot.storage import cases as one
from bot.storage.case_tables import case_followers, cases
from bot.storage.database import Transaction

FINISHED = ("da_chuyen", "tu_choi", "da_tra_loi", "dong")
OPEN = ("moi", "can_bo_sung", "da_tiep_nhan", "dang_xu_ly", "chua_xong")
UNSETTLED = (*OPEN, "da_tra_loi")  # what some group counts
SOON_LAST = case((cases.c.due_at.is_(None), 1), else_=0)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an official may see at all, and when they look. `unit` None: all units; otherwise that unit's and their own.

    A deadline up to `soon` is pressing.
    """

    official_id: int
    now: datetime
    soon: datetime
    unit: str | None = None
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of the queue; empty fields filter nothing. `words` are folded. `group` is a key of GROUPS."""

    group: str = "open"
    type: str = ""
    state: str = ""
    unit: str = ""
    thon: str = ""
    channel: str = ""
    assignee: int | None = None
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None


COUNTED = ("overdue", "today", "soon", "new", "mine", "review", "questions", "waiting", "confirm", "open")
GROUPS = (*COUNTED, "done", "all")


def _visible(scope: Scope) -> ColumnElement[bool]:
    rules: list[ColumnElement[bool]] = [true()]
    if not scope.confidential:
        rules.append(~cases.c.confidential)
    if scope.unit is not None:
        rules.append(or_(cases.c.unit == scope.unit, cases.c.assignee_id == scope.official_id))
    return and_(*rules)


def _group(name: str, scope: Scope) -> ColumnElement[bool]:
    is_open = cases.c.state.in_(OPEN)  # not “not finished”: an index serves only what is named
    runs = cases.c.state != "can_bo_sung"
    midnight = datetime.combine(scope.now.astimezone(ZONE).date() + timedelta(days=1), time(), ZONE)
    return {
        "overdue": is_open & runs & (cases.c.due_at < scope.now),
        "today": is_open & runs & (cases.c.due_at >= scope.now) & (cases.c.due_at < midnight),
        "soon": is_open & runs & (cases.c.due_at >= scope.now) & (cases.c.due_at <= scope.soon),
        "new": cases.c.state.in_(("moi", "chua_xong")),
        "mine": is_open & (cases.c.assignee_id == scope.official_id),
        "review": cases.c.state == "chua_xong",
        "questions": is_open & (cases.c.type == "hoi_dap"),
        "waiting": cases.c.state == "can_bo_sung",
        "confirm": cases.c.state == "da_tra_loi",
        "open": is_open,
        "done": cases.c.state.in_(FINISHED),
        "all": true(),
    }.get(name, false())


def _where(wanted: Wanted, scope: Scope) -> ColumnElement[bool]:
    rules = [_visible(scope), _group(wanted.group, scope)]
    for name in ("type", "state", "unit", "thon", "channel"):
        value = getattr(wanted, name)
        if value:
            rules.append(cases.c[name] == value)
    if wanted.assignee is not None:
        rules.append(cases.c.assignee_id == wanted.assignee)
    rules += [cases.c.folded.contains(word, autoescape=True) for word in wanted.words.split()]
    if wanted.since:
        rules.append(cases.c.created_at >= wanted.since)
    if wanted.until:
        rules.append(cases.c.created_at < wanted.until)
    return and_(*rules)


async def page(transaction: Transaction, wanted: Wanted, scope: Scope, *, offset: int, limit: int) -> list[one.Case]:
    """Return a page of the queue, the most pressing first: by deadline, then oldest; of "done" and "all" the newest."""
    query = select(*one.columns()).where(_where(wanted, scope))
    if wanted.group in ("done", "all"):
        query = query.order_by(
            cases.c.id.desc()
        )  # the order of filing; by an index on the day, a search reads at random
    else:
        query = query.order_by(SOON_LAST, cases.c.due_at, cases.c.id)
    return [one.of_row(row) for row in await transaction.execute(query.offset(offset).limit(limit))]


async def count(transaction: Transaction, wanted: Wanted, scope: Scope) -> int:
    """Return how many cases a filter finds."""
    query = select(func.count()).select_from(cases).where(_where(wanted, scope))
    return int((await transaction.execute(query)).scalar_one())


async def group_counts(transaction: Transaction, scope: Scope) -> dict[str, int]:
    """Return how many cases each group of COUNTED has, in one reading."""
    sums = [func.coalesce(func.sum(case((_group(name, scope), 1), else_=0)), 0) for name in COUNTED]
    row = (await transaction.execute(select(*sums).where(_visible(scope), cases.c.state.in_(UNSETTLED)))).one()
    return {name: int(number) for name, number in zip(COUNTED, row, strict=True)}


async def part(transaction: Transaction, wanted: Wanted, scope: Scope, *, after: int, limit: int) -> list[one.Case]:
    """Return the cases of a filter behind an id, in the order of their filing: a long list, part by part."""
    query = select(*one.columns()).where(_where(wanted, scope), cases.c.id > after).order_by(cases.c.id).limit(limit)
    return [one.of_row(row) for row in await transaction.execute(query)]


async def followed(transaction: Transaction, ids: Sequence[int]) -> dict[int, int]:
    """Return how many people follow each of these cases beside its sender; those nobody follows are left out."""
    query = select(case_followers.c.case_id, func.count()).where(case_followers.c.case_id.in_(ids))
    return {row[0]: row[1] for row in await transaction.execute(query.group_by(case_followers.c.case_id))}


async def count_confidential(transaction: Transaction, *, since: datetime | None, until: datetime | None) -> int:
    """Return how many confidential cases were filed in a time: all that a list may say of them."""
    query = select(func.count()).select_from(cases).where(cases.c.confidential)
    query = query.where(cases.c.created_at >= since) if since else query
    query = query.where(cases.c.created_at < until) if until else query
    return int((await transaction.execute(query)).scalar_one())


async def of_person(transaction: Transaction, person: int, *, limit: int = 20) -> list[one.Case]:
    """Return the cases a person filed or follows, newest first."""
    followed = select(case_followers.c.case_id).where(case_followers.c.person_id == person)
    query = select(*one.columns()).where(or_(cases.c.person_id == person, cases.c.id.in_(followed)))
    query = query.order_by(cases.c.id.desc()).limit(limit)
    return [one.of_row(row) for row in await transaction.execute(query)]


async def count_filed(transaction: Transaction, person: int, *, since: datetime) -> int:
    """Return how many cases a person filed since a moment."""
    query = select(func.count()).where(cases.c.person_id == person, cases.c.created_at >= since)
    return int((await transaction.execute(query)).scalar_one())


async def candidates(transaction: Transaction, *, since: datetime, limit: int = 400) -> list[one.Case]:
    """Return the open, not confidential reports since a moment, newest first: what a new one may repeat."""
    query = (
        select(*one.columns())
        .where(cases.c.state.in_(OPEN), ~cases.c.confidential, cases.c.type.in_(("phan_anh", "kien_nghi")))
        .where(cases.c.created_at >= since, cases.c.merged_into_id.is_(None))
        .order_by(cases.c.id.desc())
        .limit(limit)
    )
    return [one.of_row(row) for row in await transaction.execute(query)]


async def due_for_warning(transaction: Transaction, *, until: datetime, limit: int = 200) -> list[one.Case]:
    """Return the open cases whose clock runs and whose deadline is at `until` or before."""
    query = (
        select(*one.columns())
        .where(cases.c.state.not_in((*FINISHED, "can_bo_sung")), cases.c.due_at <= until, cases.c.warned < 3)
        .order_by(cases.c.due_at)
        .limit(limit)
    )
    return [one.of_row(row) for row in await transaction.execute(query)]


async def answered_before(transaction: Transaction, moment: datetime) -> list[int]:
    """Return the ids of the cases answered or refused before a moment and not closed yet, oldest first."""
    settled = cases.c.state.in_(("da_tra_loi", "tu_choi")) & (cases.c.answered_at < moment)
    return list((await transaction.execute(select(cases.c.id).where(settled).order_by(cases.c.id))).scalars())
