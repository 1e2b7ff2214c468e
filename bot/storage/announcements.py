"""Announcements: what was written, where each stands, and who moved it there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from bot.storage.broadcast_tables import announcement_counts, announcement_history, announcements
from bot.storage.database import Transaction


class State(StrEnum):
    """Where an announcement stands."""

    DRAFT = "draft"
    APPROVED = "approved"  # without a moment to be sent at
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.DRAFT, State.APPROVED, State.SCHEDULED, State.CANCELLED}),
    State.APPROVED: frozenset({State.SCHEDULED, State.CANCELLED, State.DRAFT}),  # to draft: by a change of its words
    State.SCHEDULED: frozenset({State.SENDING, State.PAUSED, State.CANCELLED, State.DRAFT}),
    State.SENDING: frozenset({State.FINISHED, State.PAUSED, State.CANCELLED}),
    State.PAUSED: frozenset({State.SENDING, State.SCHEDULED, State.CANCELLED}),
    State.FINISHED: frozenset({State.SENDING}),  # what stayed uncertain or failed is sent again, by choice
    State.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an author writes. Empty topics, villages or channels mean all of them; `body` is Markdown.

    `urgent` is the reason that lifts quiet hours and the limit of one a day; `plan` is read by
    `bot.broadcasting.schedule`; a missed moment older than `stale_hours` is asked about, not sent.
    """

    title: str
    body: str
    author: str
    topics: Sequence[str] = ()
    villages: Sequence[str] = ()
    channels: Sequence[str] = ()
    content: str = ""
    form: str = ""
    urgent: str = ""
    plan: str = ""
    stale_hours: int = 2
    corrects: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement(Draft):
    """An announcement as it stands. `note` says why it is paused; `series` is the recurring one it comes from.

    A draft is worked on until its author asks for approval, at `proposed_at`.
    """

    id: int
    state: State
    approver: str
    due_at: datetime | None
    series: int | None
    version: int
    note: str
    proposed_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    tended_at: datetime | None
    finished_at: datetime | None

    @property
    def is_ordinary(self) -> bool:
        """Tell whether the limit of one a person a day holds for it."""
        return not self.urgent and self.corrects is None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an announcement's history."""

    at: datetime
    who: str
    what: str
    note: str


def read(row: RowMapping) -> Announcement:
    """Return the announcement in a row that holds all columns of the table, under their own names."""
    values = {field.name: row[field.name] for field in fields(Announcement)}
    return Announcement(**values | {"state": State(row["state"])})


async def create(transaction: Transaction, draft: Draft, *, now: datetime, series: int | None = None) -> int:
    """Keep a draft; return its id."""
    row = {**_row(draft), "state": State.DRAFT, "created_at": now, "series": series}
    made = await transaction.execute(insert(announcements).values(row).returning(announcements.c.id))
    number = int(made.scalar_one())
    await transaction.execute(insert(announcement_counts).values(announcement_id=number))
    await record(transaction, number, State.DRAFT, who=draft.author, now=now)
    return number


def _row(draft: Draft) -> dict[str, Any]:
    values = {field.name: getattr(draft, field.name) for field in fields(Draft)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


async def edit(transaction: Transaction, seen: Announcement, draft: Draft, *, who: str, now: datetime) -> bool:
    """Change what is not sent yet, which needs to be approved anew; False when somebody else was first."""
    row = _row(draft) | {"author": who, "approver": "", "due_at": None, "version": seen.version + 1}
    row["proposed_at"] = None
    return await move(transaction, seen, State.DRAFT, who=who, now=now, **row)


async def find(transaction: Transaction, number: int) -> Announcement | None:
    """Return an announcement, or None when there is none of that id."""
    row = (await transaction.execute(select(announcements).where(announcements.c.id == number))).mappings().first()
    return read(row) if row else None


async def correction_of(transaction: Transaction, number: int) -> int | None:
    """Return the newest correction of an announcement that was approved, None when there is none."""
    c = announcements.c
    is_on = c.state.not_in((State.DRAFT, State.CANCELLED))
    query = select(c.id).where(c.corrects == number, is_on).order_by(c.id.desc()).limit(1)
    return (await transaction.execute(query)).scalar()


async def listed(
    transaction: Transaction, *, states: Collection[State] = tuple(State), limit: int = 100
) -> list[Announcement]:
    """Return the newest announcements in these states, newest first."""
    query = (
        select(announcements).where(announcements.c.state.in_(states)).order_by(announcements.c.id.desc()).limit(limit)
    )
    return [read(row) for row in (await transaction.execute(query)).mappings()]


async def due(transaction: Transaction, *, now: datetime) -> list[Announcement]:
    """Return the scheduled announcements whose moment has come, the earliest first."""
    query = (
        select(announcements)
        .where(announcements.c.state == State.SCHEDULED, announcements.c.due_at <= now)
        .order_by(announcements.c.due_at, announcements.c.id)
    )
    return [read(row) for row in (await transaction.execute(query)).mappings()]


async def move(
    transaction: Transaction, seen: Announcement, to: State, *, who: str, now: datetime, note: str = "", **values: Any
) -> bool:
    """Move an announcement on from where it was seen to stand; False when somebody else moved or changed it first.

    What stands in `values` is stored with it. ValueError for a move that MOVES does not have is our own mistake.
    """
    if to not in MOVES[seen.state]:
        raise ValueError(f"{seen.state} -> {to}")
    same = (
        announcements.c.id == seen.id,
        announcements.c.state == seen.state,
        announcements.c.version == seen.version,
        announcements.c.due_at.is_not_distinct_from(seen.due_at),
    )
    row = {"state": to, "note": note, **values}
    changed = await transaction.execute(update(announcements).where(*same).values(row))
    if changed.rowcount == 0:
        return False
    await record(transaction, seen.id, to, who=who, note=note, now=now)
    return True


async def postpone(transaction: Transaction, seen: Announcement, due_at: datetime | None) -> bool:
    """Set a scheduled announcement's next moment; False when another worker did so first."""
    same = (announcements.c.id == seen.id, announcements.c.due_at == seen.due_at)
    changed = await transaction.execute(
        update(announcements).where(*same, announcements.c.state == State.SCHEDULED).values(due_at=due_at)
    )
    return changed.rowcount == 1


async def tend(transaction: Transaction, *, now: datetime, before: datetime) -> None:
    """Note on those being sent that a worker looks after them, unless that was noted after `before`."""
    old = (announcements.c.state == State.SENDING) & (announcements.c.tended_at < before)
    await transaction.execute(update(announcements).where(old).values(tended_at=now))


async def record(transaction: Transaction, number: int, what: str, *, who: str, now: datetime, note: str = "") -> None:
    """Add a line to an announcement's history."""
    row = {"announcement_id": number, "at": now, "who": who, "what": what, "note": note}
    await transaction.execute(insert(announcement_history).values(row))


async def history(transaction: Transaction, number: int) -> list[Event]:
    """Return what happened to an announcement, oldest first."""
    c = announcement_history.c
    query = select(c.at, c.who, c.what, c.note).where(c.announcement_id == number).order_by(c.id)
    return [Event(*row) for row in await transaction.execute(query)]
