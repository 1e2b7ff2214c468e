"""All that is kept about one person, across the tables: read to be shown, and removed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, or_, select, update

from bot.storage import cases as one
from bot.storage.case_lists import FINISHED
from bot.storage.case_tables import (
    case_events,
    case_followers,
    cases,
    data_requests,
    drafts,
    notices,
)
from bot.storage.cases import Case
from bot.storage.database import Transaction
from bot.storage.event_tables import contest_marks, event_sign_ups, quiz_tries
from bot.storage.tables import conversations, people, questions, web_messages

AT_ONCE: tuple[Table, ...] = (conversations, web_messages, questions, drafts)  # what is a person's alone
DELETION = "xoa"  # the kind of a request (bot.privacy.requests)


@dataclass(frozen=True, slots=True)
class Known:
    """Where a person writes from, since when."""

    channel: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a person as it is kept, redacted."""

    asked_at: datetime
    text: str


async def known(transaction: Transaction, person: int) -> Known:
    query = select(people.c.channel, people.c.created_at, people.c.seen_at).where(people.c.id == person)
    return Known(*(await transaction.execute(query)).one())


async def counts(transaction: Transaction, person: int) -> dict[str, int]:
    """Return how many rows each of AT_ONCE, the notices, sign-ups and tries hold of a person, by the table's name."""
    found = {}
    for table in (*AT_ONCE, notices, event_sign_ups, quiz_tries):
        query = select(func.count()).select_from(table).where(table.c.person_id == person)
        found[table.name] = int((await transaction.execute(query)).scalar_one())
    return found


async def asked(transaction: Transaction, person: int) -> list[Question]:
    """Return a person's questions, oldest first."""
    query = select(questions.c.asked_at, questions.c.text).where(questions.c.person_id == person)
    return [Question(*row) for row in await transaction.execute(query.order_by(questions.c.id))]


async def filed(transaction: Transaction, person: int) -> list[Case]:
    """Return all the cases a person filed, oldest first."""
    return await _cases(transaction, cases.c.person_id == person)


async def rewrite(transaction: Transaction, case: Case, values: Mapping[str, Any]) -> None:
    """Change a case whatever its version: what is personal goes, whoever else is at work on it."""
    new = {**values, "version": cases.c.version + 1}
    await transaction.execute(update(cases).where(cases.c.id == case.id).values(new))


async def rewrite_events(transaction: Transaction, case: int, texts: Mapping[int, str]) -> None:
    """Put other words in place of those of a case's events, by the event's id."""
    for event, text in texts.items():
        here = (case_events.c.id == event) & (case_events.c.case_id == case)
        await transaction.execute(update(case_events).where(here).values(text=text))


async def remarks(transaction: Transaction, case: int) -> dict[tuple[int, int], str]:
    """Return what judges wrote of a case, by contest and judge; those who wrote nothing are left out."""
    c = contest_marks.c
    query = select(c.contest_id, c.official_id, c.remark).where(c.case_id == case, c.remark != "")
    return {(row[0], row[1]): row[2] for row in await transaction.execute(query)}


async def rewrite_remarks(transaction: Transaction, case: int, texts: Mapping[tuple[int, int], str]) -> None:
    """Put other words in place of what judges wrote of a case; the marks they gave stay."""
    c = contest_marks.c
    for (contest, judge), text in texts.items():
        here = (c.contest_id == contest) & (c.official_id == judge) & (c.case_id == case)
        await transaction.execute(update(contest_marks).where(here).values(remark=text))


async def unlink(transaction: Transaction, case: int) -> None:
    """Forget who followed a case, and what was sent or is to be sent about it."""
    await transaction.execute(delete(case_followers).where(case_followers.c.case_id == case))
    await transaction.execute(delete(notices).where(notices.c.case_id == case))


async def remove(transaction: Transaction, person: int) -> dict[str, int]:
    """Delete what is a person's alone, and that they follow others' cases; return how many rows by table."""
    gone = {}
    for table in AT_ONCE:
        gone[table.name] = (await transaction.execute(delete(table).where(table.c.person_id == person))).rowcount
    await transaction.execute(delete(case_followers).where(case_followers.c.person_id == person))
    still_open = select(cases.c.id).where(cases.c.person_id == person, cases.c.state.not_in(FINISHED))
    settled = or_(notices.c.next_at.is_(None), notices.c.case_id.is_(None), notices.c.case_id.not_in(still_open))
    old = delete(notices).where(notices.c.person_id == person, settled)
    gone[notices.name] = (await transaction.execute(old)).rowcount
    return gone


async def kept_long_enough(transaction: Transaction, *, before: datetime, limit: int) -> list[Case]:
    """Return finished cases that ended before a moment and still hold personal data, oldest first."""
    ended = func.coalesce(cases.c.closed_at, cases.c.answered_at, cases.c.created_at)
    return await _cases(transaction, and_(_is_finished(), ended < before), limit=limit)


async def to_be_forgotten(transaction: Transaction, *, answered_before: datetime, limit: int) -> list[Case]:
    """Return cases whose senders asked for deletion while they were open, and that are finished now.

    One that was answered waits until its sender can no longer object.
    """
    wished = exists().where(
        data_requests.c.person_id == cases.c.person_id,
        data_requests.c.kind == DELETION,
        data_requests.c.asked_at >= cases.c.created_at,
    )
    is_over = or_(cases.c.state.in_(("dong", "da_chuyen")), cases.c.answered_at < answered_before)
    return await _cases(transaction, and_(_is_finished(), is_over, wished), limit=limit)


def _is_finished() -> ColumnElement[bool]:
    return and_(cases.c.state.in_(FINISHED), cases.c.forgotten_at.is_(None))


async def _cases(transaction: Transaction, rule: ColumnElement[bool], *, limit: int | None = None) -> list[Case]:
    query = select(*one.columns()).where(rule).order_by(cases.c.id).limit(limit)
    return [one.of_row(row) for row in await transaction.execute(query)]
