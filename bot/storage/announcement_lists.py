"""Lists of announcements for the officials: by where each stands, with their counts; what is coming."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, select, true

from bot.storage import announcements as one
from bot.storage.announcements import Announcement, State
from bot.storage.broadcast_tables import announcement_counts, announcements, recipients
from bot.storage.database import Transaction
from bot.storage.recipients import Standing

_IS_DRAFT = announcements.c.state == State.DRAFT
GROUPS: dict[str, ColumnElement[bool]] = {
    "proposed": _IS_DRAFT & announcements.c.proposed_at.is_not(None),
    "draft": _IS_DRAFT & announcements.c.proposed_at.is_(None),
    "coming": announcements.c.state.in_((State.APPROVED, State.SCHEDULED)),
    "sending": announcements.c.state == State.SENDING,
    "paused": announcements.c.state == State.PAUSED,
    "finished": announcements.c.state == State.FINISHED,
    "cancelled": announcements.c.state == State.CANCELLED,
    "all": true(),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter; empty fields filter nothing. `group` is a key of GROUPS, `ids` those that a search found."""

    group: str = "all"
    topic: str = ""
    content: str = ""
    ids: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An announcement in a list: how many it goes to, and how many of them have received it."""

    announcement: Announcement
    recipients: int
    delivered: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How sending goes on: settled by sending since a moment, and waiting until a later one."""

    settled: int
    put_off: int


def _matches(wanted: Wanted) -> ColumnElement[bool]:
    rules = [GROUPS.get(wanted.group, announcements.c.id < 0)]
    if wanted.topic:
        rules.append(cast(announcements.c.topics, String).contains(f'"{wanted.topic}"', autoescape=True))
    if wanted.content:
        rules.append(announcements.c.content == wanted.content)
    if wanted.ids is not None:
        rules.append(announcements.c.id.in_(wanted.ids))
    return and_(*rules)


async def titles(transaction: Transaction) -> dict[int, str]:
    """Return all titles by id; a commune writes some hundred a year."""
    query = select(announcements.c.id, announcements.c.title)
    return {int(row.id): str(row.title) for row in await transaction.execute(query)}


async def page(transaction: Transaction, wanted: Wanted, *, offset: int, limit: int) -> list[Row]:
    """Return announcements, the newest first."""
    query = _with_counts().where(_matches(wanted)).order_by(announcements.c.id.desc()).offset(offset).limit(limit)
    return [
        Row(one.read(row), row["recipients"], row["delivered"]) for row in (await transaction.execute(query)).mappings()
    ]


def _with_counts() -> Select[tuple[object, ...]]:
    c = announcement_counts.c
    joined = announcements.join(announcement_counts, c.announcement_id == announcements.c.id)
    return select(announcements, c.recipients, c.delivered).select_from(joined)


async def group_counts(transaction: Transaction) -> dict[str, int]:
    """Return how many announcements are in each of GROUPS."""
    sums = [func.coalesce(func.sum(case((rule, 1), else_=0)), 0).label(name) for name, rule in GROUPS.items()]
    return dict((await transaction.execute(select(*sums))).mappings().one())


async def scheduled(transaction: Transaction, *, until: datetime) -> list[Announcement]:
    """Return what is scheduled for before a moment, the earliest first."""
    query = (
        select(announcements)
        .where(announcements.c.state == State.SCHEDULED, announcements.c.due_at < until)
        .order_by(announcements.c.due_at, announcements.c.id)
    )
    return [one.read(row) for row in (await transaction.execute(query)).mappings()]


async def of_series(transaction: Transaction, series: int, *, limit: int = 12) -> list[Announcement]:
    """Return the newest occurrences of a recurring announcement."""
    query = select(announcements).where(announcements.c.series == series).order_by(announcements.c.id.desc())
    return [one.read(row) for row in (await transaction.execute(query.limit(limit))).mappings()]


async def pace(transaction: Transaction, announcement: int, *, since: datetime, until: datetime) -> Pace:
    """Return how many were settled since a moment by being sent, and how many wait until another or longer."""
    c = recipients.c
    settled = case(((c.settled_at >= since) & (c.attempts > 0), 1), else_=0)
    put_off = case(((c.state == Standing.WAITING) & (c.due_at >= until), 1), else_=0)
    query = select(func.coalesce(func.sum(settled), 0), func.coalesce(func.sum(put_off), 0))
    found = (await transaction.execute(query.where(c.announcement_id == announcement))).one()
    return Pace(int(found[0]), int(found[1]))
