"""Lists of cases: the officials' queue with its counts, a person's cases, possible duplicates, the public pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true

from bot.storage import cases as one
from bot.storage.case_tables import case_followers, cases
from bot.storage.database import Transaction

FINISHED = ("da_chuyen", "tu_choi", "da_tra_loi", "dong")
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


GROUPS = ("overdue", "soon", "new", "mine", "waiting", "confirm", "open", "done", "all")


def _visible(scope: Scope) -> ColumnElement[bool]:
    rules: list[ColumnElement[bool]] = [true()]
    if not scope.confidential:
        rules.append(~cases.c.confidential)
    if scope.unit is not None:
        rules.append(or_(cases.c.unit == scope.unit, cases.c.assignee_id == scope.official_id))
    return and_(*rules)


def _group(name: str, scope: Scope) -> ColumnElement[bool]:
    is_open = cases.c.state.not_in(FINISHED)
    runs = cases.c.state != "can_bo_sung"
    return {
        "overdue": is_open & runs & (cases.c.due_at < scope.now),
        "soon": is_open & runs & (cases.c.due_at >= scope.now) & (cases.c.due_at <= scope.soon),
        "new": cases.c.state.in_(("moi", "chua_xong")),
        "mine": is_open & (cases.c.assignee_id == scope.official_id),
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
    """Return a page of the queue, the most pressing first: by deadline, then oldest."""
    query = select(*one.columns()).where(_where(wanted, scope))
    if wanted.group in ("done", "all"):
        query = query.order_by(cases.c.created_at.desc(), cases.c.id.desc())
    else:
        query = query.order_by(SOON_LAST, cases.c.due_at, cases.c.id)
    return [one.of_row(row) for row in await transaction.execute(query.offset(offset).limit(limit))]


async def count(transaction: Transaction, wanted: Wanted, scope: Scope) -> int:
    """Return how many cases a filter finds."""
    query = select(func.count()).select_from(cases).where(_where(wanted, scope))
    return int((await transaction.execute(query)).scalar_one())


async def group_counts(transaction: Transaction, scope: Scope) -> dict[str, int]:
    """Return how many cases each pressing group has, in one reading."""
    names = [name for name in GROUPS if name not in ("done", "all")]
    sums = [func.coalesce(func.sum(case((_group(name, scope), 1), else_=0)), 0) for name in names]
    still = or_(cases.c.state.not_in(FINISHED), cases.c.state == "da_tra_loi")
    row = (await transaction.execute(select(*sums).where(_visible(scope), still))).one()
    return {name: int(number) for name, number in zip(names, row, strict=True)}


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
        .where(cases.c.state.not_in(FINISHED), ~cases.c.confidential, cases.c.type.in_(("phan_anh", "kien_nghi")))
        .where(cases.c.created_at >= since, cases.c.merged_into_id.is_(None))
        .order_by(cases.c.id.desc())
        .limit(limit)
    )
    return [one.of_row(row) for row in await transaction.execute(query)]


async def published(transaction: Transaction, *, questions: bool, offset: int, limit: int) -> list[one.Case]:
    """Return what is on a public page, newest first: answered questions, or solved cases."""
    kind = cases.c.type == "hoi_dap" if questions else cases.c.type != "hoi_dap"
    query = (
        select(*one.columns())
        .where(cases.c.published_at.is_not(None), ~cases.c.confidential, kind)
        .order_by(cases.c.published_at.desc(), cases.c.id.desc())
        .offset(offset)
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


def values_of(found: one.Case) -> dict[str, Any]:
    """Return a case as plain values, for exports and JSON."""
    return {name: getattr(found, name) for name in one.Case.__dataclass_fields__}
