"""Cases: filing one, reading one, changing one. Lists are in `case_lists`, history in `case_events`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage.case_tables import case_followers, case_numbers, case_ratings, cases
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Case:
    """One case as it stands. `type`, `state` and `result` are the values of the enums in `bot.cases.model`."""

    id: int
    code: str
    version: int
    type: str
    state: str
    confidential: bool
    channel: str
    person_id: int | None
    question_id: int | None
    text: str
    reporter_name: str
    reporter_phone: str
    reporter_address: str
    thon: str
    landmark: str
    latitude: float | None
    longitude: float | None
    unit: str
    assignee_id: int | None
    created_at: datetime
    due_at: datetime | None
    due_reason: str
    warned: int
    answered_at: datetime | None
    closed_at: datetime | None
    result: str | None
    answer: str
    transferred_to: str
    transfer_document: str
    merged_into_id: int | None
    reopened: int
    asked_from: str
    may_publish: bool
    published_at: datetime | None
    public_title: str
    public_text: str
    public_answer: str
    forgotten_at: datetime | None


_COLUMNS = [cases.c[f.name] for f in fields(Case)]


def of_row(row: Row[Any]) -> Case:
    return Case(*tuple(row))


def columns() -> list[Any]:
    """Return the columns of a Case, in its order, for queries of other modules."""
    return list(_COLUMNS)


async def next_number(transaction: Transaction, year: int) -> int:
    """Return the next number of a year; two transactions never get the same one."""
    used = update(case_numbers).where(case_numbers.c.year == year).values(last=case_numbers.c.last + 1)
    found = (await transaction.execute(used.returning(case_numbers.c.last))).scalar()
    if found is not None:
        return int(found)
    try:
        async with transaction.begin_nested():
            await transaction.execute(insert(case_numbers).values(year=year, last=1))
    except IntegrityError:  # another replica filed the year's first case
        return await next_number(transaction, year)
    return 1


async def add(transaction: Transaction, values: Mapping[str, Any]) -> int:
    """Keep a new case; return its id."""
    return int((await transaction.execute(insert(cases).values(dict(values)).returning(cases.c.id))).scalar_one())


async def get(transaction: Transaction, code: str, *, lock: bool = False) -> Case | None:
    """Return the case of a code; with `lock` nobody else changes it until commit."""
    query = select(*_COLUMNS).where(cases.c.code == code)
    row = (await transaction.execute(query.with_for_update() if lock else query)).first()
    return of_row(row) if row else None


async def by_id(transaction: Transaction, case: int) -> Case | None:
    row = (await transaction.execute(select(*_COLUMNS).where(cases.c.id == case))).first()
    return of_row(row) if row else None


async def by_draft(transaction: Transaction, key: str) -> Case | None:
    """Return the case that a draft became, if it did."""
    row = (await transaction.execute(select(*_COLUMNS).where(cases.c.draft_key == key))).first()
    return of_row(row) if row else None


async def by_question(transaction: Transaction, question: int) -> Case | None:
    """Return the case that a question to the assistant became, if it did."""
    row = (await transaction.execute(select(*_COLUMNS).where(cases.c.question_id == question))).first()
    return of_row(row) if row else None


async def merged_into(transaction: Transaction, case: int) -> list[Case]:
    """Return the cases that were merged into one, oldest first."""
    query = select(*_COLUMNS).where(cases.c.merged_into_id == case).order_by(cases.c.id)
    return [of_row(row) for row in await transaction.execute(query)]


async def change(transaction: Transaction, case: Case, **values: Any) -> bool:
    """Change a case as it was read; False when somebody else changed it since."""
    unchanged = (cases.c.id == case.id) & (cases.c.version == case.version)
    new = {"version": case.version + 1, **values}
    return (await transaction.execute(update(cases).where(unchanged).values(new))).rowcount == 1


async def count_warnings(transaction: Transaction, case: Case, warned: int) -> bool:
    """Note how many warnings of its deadline went out; False when somebody else did, or the deadline moved since."""
    same = (cases.c.id == case.id) & (cases.c.warned == case.warned) & (cases.c.due_at == case.due_at)
    return (await transaction.execute(update(cases).where(same).values(warned=warned))).rowcount == 1


async def rate(transaction: Transaction, case: int, factor: str, score: int, *, now: datetime) -> None:
    """Keep a citizen's mark for one factor, in place of an earlier one."""
    here = (case_ratings.c.case_id == case) & (case_ratings.c.factor == factor)
    changed = await transaction.execute(update(case_ratings).where(here).values(score=score, at=now))
    if changed.rowcount == 0:
        await transaction.execute(insert(case_ratings).values(case_id=case, factor=factor, score=score, at=now))


async def ratings(transaction: Transaction, case: int) -> dict[str, int]:
    query = select(case_ratings.c.factor, case_ratings.c.score).where(case_ratings.c.case_id == case)
    return {row.factor: row.score for row in await transaction.execute(query)}


async def follow(transaction: Transaction, case: int, person: int, *, now: datetime) -> bool:
    """Let a person hear of a case too; False when they already do."""
    try:
        async with transaction.begin_nested():
            await transaction.execute(insert(case_followers).values(case_id=case, person_id=person, since=now))
    except IntegrityError:
        return False
    return True


async def followers(transaction: Transaction, case: int) -> list[int]:
    """Return those who follow a case beside the one who filed it."""
    query = select(case_followers.c.person_id).where(case_followers.c.case_id == case)
    return list((await transaction.execute(query.order_by(case_followers.c.since))).scalars())


async def count_followers(transaction: Transaction, case: int) -> int:
    query = select(func.count()).where(case_followers.c.case_id == case)
    return int((await transaction.execute(query)).scalar_one())
