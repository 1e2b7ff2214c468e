"""Notices: messages to citizens that wait to be sent. Written together with what they tell of, so none is forgotten."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from bot.storage.case_tables import notices
from bot.storage.database import Transaction
from bot.storage.tables import people


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice to be sent now."""

    id: int
    channel: str
    address: str
    body: str
    attempts: int


async def add(transaction: Transaction, person: int, body: str, *, case: int | None = None, now: datetime) -> int:
    """Keep a message for a person, to be sent as soon as this is committed; return its id."""
    row = {"person_id": person, "case_id": case, "body": body, "created_at": now, "next_at": now}
    return int((await transaction.execute(insert(notices).values(row).returning(notices.c.id))).scalar_one())


async def take(transaction: Transaction, *, now: datetime, until: datetime, limit: int = 20) -> list[Waiting]:
    """Return the oldest notices that are due, leased until a moment: a crash gives them back then."""
    due = (
        select(notices.c.id)
        .where(notices.c.next_at <= now)
        .order_by(notices.c.next_at, notices.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    leased = update(notices).where(notices.c.id.in_(due.scalar_subquery()))
    leased = leased.values(next_at=until, attempts=notices.c.attempts + 1)
    ids = list((await transaction.execute(leased.returning(notices.c.id))).scalars())
    query = (
        select(notices.c.id, people.c.channel, people.c.address, notices.c.body, notices.c.attempts)
        .join(people, people.c.id == notices.c.person_id)
        .where(notices.c.id.in_(ids))
        .order_by(notices.c.id)
    )
    return [Waiting(*row) for row in await transaction.execute(query)]


async def finish(transaction: Transaction, notice: int, outcome: str, *, fault: str = "") -> None:
    """Record what became of a notice; it is not tried again."""
    done = {"next_at": None, "outcome": outcome, "fault": fault}
    await transaction.execute(update(notices).where(notices.c.id == notice).values(done))


async def postpone(transaction: Transaction, notice: int, until: datetime, *, fault: str) -> None:
    """Try a notice again later."""
    await transaction.execute(update(notices).where(notices.c.id == notice).values(next_at=until, fault=fault))


@dataclass(frozen=True, slots=True)
class Told:
    """A message about a case, and what became of it: an outcome, or None while it waits."""

    at: datetime
    body: str
    outcome: str | None


async def of_case(transaction: Transaction, case: int) -> list[Told]:
    """Return what was told about a case, oldest first, once for each person it went to."""
    query = select(notices.c.created_at, notices.c.body, notices.c.outcome)
    query = query.where(notices.c.case_id == case).order_by(notices.c.id)
    return [Told(*row) for row in await transaction.execute(query)]


async def last_delivered(transaction: Transaction, person: int, *, since: datetime) -> Told | None:
    """Return the newest notice that reached a person and was written after a moment."""
    query = select(notices.c.created_at, notices.c.body, notices.c.outcome)
    reached = (notices.c.person_id == person, notices.c.outcome == "delivered", notices.c.created_at > since)
    row = (await transaction.execute(query.where(*reached).order_by(notices.c.id.desc()).limit(1))).first()
    return Told(*row) if row else None


async def backlog(transaction: Transaction) -> int:
    """Return how many notices wait."""
    query = select(func.count()).where(notices.c.next_at.is_not(None))
    return int((await transaction.execute(query)).scalar_one())


async def purge(transaction: Transaction, *, before: datetime) -> int:
    """Delete the notices sent or given up and written before a moment; return how many."""
    old = notices.c.next_at.is_(None) & (notices.c.created_at < before)
    return (await transaction.execute(delete(notices).where(old))).rowcount
