"""Contests of initiatives: their days, criteria and judges, the cases that are their entries, and the judges' marks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, select, update

from bot.clock import ZONE
from bot.storage.case_tables import attachments, cases
from bot.storage.database import Transaction
from bot.storage.event_tables import contest_entries, contest_judges, contest_marks, contests
from bot.storage.official_tables import officials


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an organiser says of a contest. All days are whole: the last one too."""

    name: str
    first_day: date
    last_day: date
    marks_until: date
    criteria: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest(Plan):
    """A contest as it stands."""

    id: int
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A case that takes part. `sender` is who filed it and from where: for masking its words, never to be shown."""

    id: int
    code: str
    text: str
    files: int
    sender: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Judge:
    """An official who marks."""

    id: int
    full_name: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What one judge gave one entry: a mark for each criterion, in their order."""

    case_id: int
    official_id: int
    marks: Sequence[int]
    remark: str


_COLUMNS = [contests.c[f.name] for f in fields(Contest)]


def _contest(row: Sequence[Any]) -> Contest:
    return Contest(**dict(zip([f.name for f in fields(Contest)], row, strict=True)))


def _row(plan: Plan) -> dict[str, Any]:
    return {f.name: getattr(plan, f.name) for f in fields(Plan)} | {"criteria": list(plan.criteria)}


async def add(transaction: Transaction, plan: Plan, judges: Collection[int], *, now: datetime) -> int:
    """Keep a contest with its judges; return its id."""
    made = insert(contests).values({**_row(plan), "created_at": now}).returning(contests.c.id)
    number = int((await transaction.execute(made)).scalar_one())
    await _appoint(transaction, number, judges)
    return number


async def change(transaction: Transaction, number: int, plan: Plan, judges: Collection[int]) -> None:
    """Put a new plan and other judges in place of a contest's; marks that were given stay."""
    await transaction.execute(update(contests).where(contests.c.id == number).values(_row(plan)))
    await transaction.execute(delete(contest_judges).where(contest_judges.c.contest_id == number))
    await _appoint(transaction, number, judges)


async def _appoint(transaction: Transaction, number: int, judges: Collection[int]) -> None:
    rows = [{"contest_id": number, "official_id": official} for official in judges]
    await transaction.execute(insert(contest_judges), rows)


async def close(transaction: Transaction, number: int, taking_part: Collection[int], *, now: datetime) -> None:
    """Close a contest and keep which cases took part: what becomes of them later changes no ranking.

    Nothing of what they say is kept: words that are masked or removed later are so in the ranking too.
    """
    rows = [{"contest_id": number, "case_id": one} for one in taking_part]
    if rows:
        await transaction.execute(insert(contest_entries), rows)
    await transaction.execute(update(contests).where(contests.c.id == number).values(closed_at=now))


async def get(transaction: Transaction, number: int, *, lock: bool = False) -> Contest | None:
    """Return a contest; with `lock` nobody marks in it or changes it until commit."""
    query = select(*_COLUMNS).where(contests.c.id == number)
    row = (await transaction.execute(query.with_for_update() if lock else query)).first()
    return _contest(row) if row else None


async def page(transaction: Transaction, *, judge: int | None, offset: int, limit: int) -> list[Contest]:
    """Return the contests, the latest first; with `judge` those that this official marks in."""
    query = select(*_COLUMNS).order_by(contests.c.last_day.desc(), contests.c.id.desc()).offset(offset).limit(limit)
    if judge is not None:
        query = query.join(contest_judges, contest_judges.c.contest_id == contests.c.id)
        query = query.where(contest_judges.c.official_id == judge)
    return [_contest(row) for row in await transaction.execute(query)]


async def judges(transaction: Transaction, number: int) -> list[Judge]:
    """Return the judges of a contest by name."""
    query = select(officials.c.id, officials.c.full_name).join(
        contest_judges, contest_judges.c.official_id == officials.c.id
    )
    query = query.where(contest_judges.c.contest_id == number).order_by(officials.c.full_name, officials.c.id)
    return [Judge(*row) for row in await transaction.execute(query)]


def _takes_part(contest: Plan) -> ColumnElement[bool]:
    since = datetime.combine(contest.first_day, time(), ZONE)
    until = datetime.combine(contest.last_day + timedelta(days=1), time(), ZONE)
    return and_(
        cases.c.type == "sang_kien",
        cases.c.created_at >= since,
        cases.c.created_at < until,
        cases.c.state != "tu_choi",
        cases.c.merged_into_id.is_(None),
        ~cases.c.confidential,
    )


async def entries(transaction: Transaction, contest: Contest) -> list[Entry]:
    """Return the initiatives filed in a contest's days that are neither refused nor merged, as they came in.

    Of a closed contest they are those of its closing. One that has become confidential since shows no words.
    """
    kept = select(contest_entries.c.case_id).where(contest_entries.c.contest_id == contest.id)
    is_meant = cases.c.id.in_(kept) if contest.closed_at else _takes_part(contest)
    files = select(func.count()).where(
        attachments.c.case_id == cases.c.id, attachments.c.digest.is_not(None), ~attachments.c.from_official
    )
    sender = (cases.c.reporter_name, cases.c.reporter_address)
    words = case((cases.c.confidential, ""), else_=cases.c.text)
    query = select(cases.c.id, cases.c.code, words, files.scalar_subquery(), *sender)
    rows = await transaction.execute(query.where(is_meant).order_by(cases.c.id))
    return [Entry(*row[:4], sender=tuple(row[4:])) for row in rows]


async def give(transaction: Transaction, number: int, given: Marks, *, now: datetime) -> None:
    """Keep a judge's marks for an entry in place of earlier ones. The contest must be locked."""
    c = contest_marks.c
    here = (c.contest_id == number) & (c.case_id == given.case_id) & (c.official_id == given.official_id)
    values = {"marks": list(given.marks), "remark": given.remark, "at": now}
    if (await transaction.execute(update(contest_marks).where(here).values(values))).rowcount == 0:
        whose = {"contest_id": number, "case_id": given.case_id, "official_id": given.official_id}
        await transaction.execute(insert(contest_marks).values(whose | values))


async def marks(transaction: Transaction, number: int, *, judge: int | None = None) -> list[Marks]:
    """Return the marks given in a contest; with `judge` only theirs."""
    columns = [contest_marks.c[f.name] for f in fields(Marks)]
    query = select(*columns).where(contest_marks.c.contest_id == number)
    query = query if judge is None else query.where(contest_marks.c.official_id == judge)
    rows = await transaction.execute(query.order_by(contest_marks.c.case_id, contest_marks.c.official_id))
    return [Marks(*row) for row in rows]


async def unmarked(transaction: Transaction, judge: int, *, today: date) -> list[tuple[Contest, int]]:
    """Return the contests in which an official may mark, each with how many entries they have not marked yet."""
    open_now = select(*_COLUMNS).join(contest_judges, contest_judges.c.contest_id == contests.c.id)
    open_now = open_now.where(contest_judges.c.official_id == judge, contests.c.closed_at.is_(None))
    open_now = open_now.where(contests.c.first_day <= today, contests.c.marks_until >= today)
    found = [_contest(row) for row in await transaction.execute(open_now.order_by(contests.c.marks_until))]
    return [(contest, await _count_unmarked(transaction, contest, judge)) for contest in found]


async def _count_unmarked(transaction: Transaction, contest: Contest, judge: int) -> int:
    done = select(contest_marks.c.case_id).where(
        contest_marks.c.contest_id == contest.id, contest_marks.c.official_id == judge
    )
    query = select(func.count()).select_from(cases).where(_takes_part(contest), cases.c.id.not_in(done))
    return int((await transaction.execute(query)).scalar_one())
