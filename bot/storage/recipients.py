"""The ledger: one row for each person an announcement goes to, from `waiting` to exactly one outcome.

Counts by outcome are kept beside it, changed in the same transaction, so that nobody counts rows while sending.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, exists, func, or_, select, tuple_, update
from sqlalchemy.sql.dml import ReturningUpdate

from bot.storage.announcements import Announcement, State
from bot.storage.broadcast_tables import (
    IS_IN_FLIGHT,
    IS_WAITING,
    announcement_counts,
    announcements,
    recipients,
    subscribers,
    subscriptions,
)
from bot.storage.database import Transaction
from bot.storage.tables import Moment, people

INTERRUPTED = "chương trình dừng giữa lúc gửi"
ERASED = "dữ liệu của người này đã xóa"
STOPPED = "người này đã dừng nhận"
CHANNEL_OFF = "kênh này chưa bật"


class Standing(StrEnum):
    """Where one recipient stands. All but the first two are outcomes."""

    WAITING = "waiting"
    IN_FLIGHT = "in_flight"
    DELIVERED = "delivered"
    GONE = "gone"
    REFUSED = "refused"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"


OUTCOMES = tuple(Standing)[2:]


@dataclass(frozen=True, slots=True)
class Due:
    """Which rows are asked for: due by `now`, of one channel or all, of people sent nothing since `rested_since`."""

    channel: str
    now: datetime
    rested_since: datetime | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row taken to be sent. `attempt` numbers its claims, so that an outcome is stored only by who took it last."""

    id: int
    announcement: int
    address: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claimed row: an outcome, or WAITING with the moment to try again; the chat may have moved."""

    claimed: Claimed
    standing: Standing
    reason: str = ""
    due_at: datetime | None = None
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the proof sheet."""

    channel: str
    address: str
    name: str
    village: str
    standing: Standing
    reason: str
    attempts: int
    settled_at: datetime | None


async def being_sent(transaction: Transaction, *, urgent_only: bool) -> list[int]:
    """Return the ids of the announcements being sent, urgent ones first, then the oldest."""
    query = select(announcements.c.id).where(announcements.c.state == State.SENDING)
    if urgent_only:
        query = query.where(announcements.c.urgent != "")
    return list((await transaction.execute(query.order_by(announcements.c.urgent == "", announcements.c.id))).scalars())


async def claim(
    transaction: Transaction, announcement: int, due: Due, *, lease_until: datetime, limit: int
) -> list[Claimed]:
    """Take up to `limit` rows that are due; nobody else gets them while the lease runs.

    The announcement's state is looked at once more, so that a pause holds from its commit on.
    """
    given = {
        "announcement": announcement,
        "now": due.now,
        "since": due.rested_since,
        "until": lease_until,
        "most": limit,
    }
    taken = _taking(is_rested=due.rested_since is not None)
    rows = (await transaction.execute(taken, given | {"of": due.channel})).all()
    return [Claimed(row.id, announcement, row.address, row.attempts) for row in sorted(rows)]


_HAS_STOPPED = exists().where(subscribers.c.person_id == recipients.c.person_id, subscribers.c.stopped_at.is_not(None))


@cache
def _taking(*, is_rested: bool) -> ReturningUpdate[tuple[int, str, int]]:
    """Return the statement of `claim`, built once: it is the one that runs all the time while sending."""
    announcement = bindparam("announcement", type_=Integer)
    now = bindparam("now", type_=Moment)
    is_sending = exists().where(announcements.c.id == announcement, announcements.c.state == State.SENDING)
    rested = [~_had_another(announcement, bindparam("since", type_=Moment))] if is_rested else []
    chosen = (
        select(recipients.c.id)
        .where(
            _due(announcement, now),
            recipients.c.channel == bindparam("of", type_=String),
            recipients.c.person_id.is_not(None),
            ~_HAS_STOPPED,
            is_sending,
            *rested,
        )
        .order_by(recipients.c.due_at, recipients.c.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(of=recipients, skip_locked=True)  # PostgreSQL; SQLite has one writer anyway
    )
    address = select(people.c.address).where(people.c.id == recipients.c.person_id).correlate(recipients)
    row = {"state": Standing.IN_FLIGHT, "lease_until": bindparam("until"), "due_at": bindparam("now")}
    return (
        update(recipients)
        .where(recipients.c.id.in_(chosen))
        .values(**row, attempts=recipients.c.attempts + 1)
        .returning(recipients.c.id, address.scalar_subquery().label("address"), recipients.c.attempts)
    )


async def put_off(transaction: Transaction, announcement: int, due: Due, *, until: datetime) -> int:
    """Make those wait `until` then who are due but had another ordinary announcement today; return how many."""
    if due.rested_since is None:
        return 0
    own = [recipients.c.channel == due.channel] if due.channel else []
    busy = _had_another(announcement, due.rested_since)
    waits = update(recipients).where(_due(announcement, due.now), *own, busy).values(due_at=until)
    return (await transaction.execute(waits)).rowcount


def _due(announcement: Any, now: Any) -> ColumnElement[bool]:
    return and_(recipients.c.announcement_id == announcement, IS_WAITING, recipients.c.due_at <= now)


def _had_another(announcement: Any, since: Any) -> ColumnElement[bool]:
    """Return what is true of a row whose person was sent another ordinary announcement since a moment."""
    other, its = recipients.alias(), announcements.alias()
    had = (Standing.IN_FLIGHT, Standing.DELIVERED, Standing.UNCERTAIN)
    return exists().where(
        other.c.person_id == recipients.c.person_id,
        other.c.due_at >= since,
        other.c.announcement_id != announcement,
        other.c.state.in_(had),
        its.c.id == other.c.announcement_id,
        its.c.urgent == "",
        its.c.corrects.is_(None),
    )


async def settle(transaction: Transaction, settled: Sequence[Settlement], *, now: datetime) -> None:
    """Store what became of claimed rows; a row that somebody took again meanwhile is left to them."""
    alike: dict[tuple[Standing, str, datetime | None], list[Claimed]] = {}
    for one in settled:
        alike.setdefault((one.standing, one.reason, one.due_at), []).append(one.claimed)
    for (standing, reason, due_at), rows in alike.items():
        is_over = standing in OUTCOMES
        row = {"state": standing, "reason": reason, "lease_until": None, "settled_at": now if is_over else None}
        row |= {"due_at": due_at} if due_at else {}
        # A row whose lease ran out while it was being sent is counted as uncertain by now: the word of the sender wins.
        for before in (Standing.IN_FLIGHT, Standing.UNCERTAIN) if is_over else (Standing.IN_FLIGHT,):
            theirs = tuple_(recipients.c.id, recipients.c.attempts).in_([(r.id, r.attempt) for r in rows])
            changed = (
                update(recipients)
                .where(theirs, recipients.c.state == before)
                .values(row)
                .returning(recipients.c.announcement_id)
            )
            found = list((await transaction.execute(changed)).scalars())
            await _count(transaction, found, to=standing, was=before)
            if len(found) == len(rows):
                break


async def _count(transaction: Transaction, found: Sequence[int], *, to: Standing, was: Standing) -> None:
    for announcement, number in Counter(found).items():
        c = announcement_counts.c
        changes = {name: c[name] + number * sign for name, sign in ((to, 1), (was, -1)) if name in OUTCOMES}
        if to != was and changes:
            await transaction.execute(
                update(announcement_counts).where(c.announcement_id == announcement).values(changes)
            )


async def reconcile(transaction: Transaction, *, now: datetime) -> int:
    """Settle what a crash left in flight: uncertain, or to be sent again when urgent; return how many.

    A second copy of an urgent announcement beats a miss; of an ordinary one an official decides.
    """
    stuck = and_(IS_IN_FLIGHT, recipients.c.lease_until < now)
    is_urgent = recipients.c.announcement_id.in_(select(announcements.c.id).where(announcements.c.urgent != ""))
    again = {"state": Standing.WAITING, "lease_until": None, "due_at": now, "reason": INTERRUPTED}
    resent = await transaction.execute(update(recipients).where(stuck, is_urgent).values(again))
    row = {"state": Standing.UNCERTAIN, "lease_until": None, "settled_at": now, "reason": INTERRUPTED}
    changed = update(recipients).where(stuck).values(row).returning(recipients.c.announcement_id)
    found = list((await transaction.execute(changed)).scalars())
    await _count(transaction, found, to=Standing.UNCERTAIN, was=Standing.IN_FLIGHT)
    return len(found) + resent.rowcount


async def skip(transaction: Transaction, announcement: int, reason: str, *, now: datetime) -> int:
    """Settle all that is still to be sent of an announcement as skipped; return how many."""
    return await _skip(transaction, announcement, recipients.c.announcement_id == announcement, reason, now)


async def left_behind(transaction: Transaction) -> list[int]:
    """Return the cancelled announcements that something is still to be sent of, after a try that is to be repeated."""
    waits = exists().where(recipients.c.announcement_id == announcements.c.id, IS_WAITING)
    query = select(announcements.c.id).where(announcements.c.state == State.CANCELLED, waits)
    return list((await transaction.execute(query)).scalars())


async def skip_erased(transaction: Transaction, announcement: int, *, now: datetime) -> int:
    """Settle the rows whose person has been erased since; return how many."""
    theirs = (recipients.c.announcement_id == announcement) & recipients.c.person_id.is_(None)
    return await _skip(transaction, announcement, theirs, ERASED, now)


async def skip_stopped(transaction: Transaction, announcement: Announcement, *, now: datetime) -> int:
    """Settle the rows of those who said stop while their message was on its way and is to be tried again.

    Who left all topics of an announcement said stop to it; return how many rows there were.
    """
    own = subscriptions.c.person_id == recipients.c.person_id
    about = [~exists().where(own, subscriptions.c.topic.in_(announcement.topics))] if announcement.topics else []
    theirs = (recipients.c.announcement_id == announcement.id) & or_(_HAS_STOPPED, *about)
    return await _skip(transaction, announcement.id, theirs, STOPPED, now)


async def skip_person(transaction: Transaction, person: int, announcement: int, reason: str, *, now: datetime) -> None:
    """Settle one person's row as skipped, when it is still to be sent."""
    theirs = (recipients.c.announcement_id == announcement) & (recipients.c.person_id == person)
    await _skip(transaction, announcement, theirs, reason, now)


async def _skip(
    transaction: Transaction, announcement: int, which: ColumnElement[bool], reason: str, now: datetime
) -> int:
    row = {"state": Standing.SKIPPED, "reason": reason, "settled_at": now}
    changed = (await transaction.execute(update(recipients).where(which, IS_WAITING).values(row))).rowcount
    await _count(transaction, [announcement] * changed, to=Standing.SKIPPED, was=Standing.WAITING)
    return changed


async def waiting_for(transaction: Transaction, person: int) -> list[tuple[int, list[str]]]:
    """Return the announcements still to be sent to a person, with their topics."""
    query = (
        select(announcements.c.id, announcements.c.topics)
        .join(recipients, recipients.c.announcement_id == announcements.c.id)
        .where(recipients.c.person_id == person, IS_WAITING)
    )
    return [(number, list(topics)) for number, topics in await transaction.execute(query)]


async def requeue(transaction: Transaction, announcement: int, standings: Collection[Standing], now: datetime) -> int:
    """Put those with these outcomes who can get it back to be sent, attempts counted anew; return how many."""
    theirs = and_(
        recipients.c.announcement_id == announcement,
        recipients.c.state.in_(standings),
        recipients.c.person_id.is_not(None),
        ~_HAS_STOPPED,
        recipients.c.reason != CHANNEL_OFF,  # nobody sends there: such a row would wait for ever
    )
    row = {"state": Standing.WAITING, "due_at": now, "attempts": 0, "reason": "", "settled_at": None}
    changed = (await transaction.execute(update(recipients).where(theirs).values(row))).rowcount
    await recount(transaction, announcement)
    return changed


async def is_finished(transaction: Transaction, announcement: int) -> bool:
    """Tell whether every row has its outcome."""
    own = recipients.c.announcement_id == announcement
    is_open = or_(exists().where(own, IS_WAITING), exists().where(own, IS_IN_FLIGHT))
    return not (await transaction.execute(select(is_open))).scalar()


async def is_over(transaction: Transaction, announcement: int) -> bool:
    """Tell whether an announcement has ended and nobody can get it any more."""
    ended = (State.FINISHED, State.CANCELLED)
    state = select(announcements.c.state).where(announcements.c.id == announcement)
    has_ended = (await transaction.execute(state)).scalar() in ended
    return has_ended and await is_finished(transaction, announcement)


async def counts(transaction: Transaction, announcement: int) -> dict[str, int]:
    """Return how many recipients there are, how many are pending, and how many have each outcome."""
    c = announcement_counts.c
    query = select(announcement_counts).where(c.announcement_id == announcement)
    row = (await transaction.execute(query)).mappings().one()
    outcomes = {str(name): int(row[name]) for name in OUTCOMES}
    total = int(row["recipients"])
    return {"recipients": total, "pending": total - sum(outcomes.values()), **outcomes}


async def recount(transaction: Transaction, announcement: int) -> None:
    """Set the counts of an announcement to what its rows say."""
    query = (
        select(recipients.c.state, func.count())
        .where(recipients.c.announcement_id == announcement)
        .group_by(recipients.c.state)
    )
    found = {str(state): int(number) for state, number in await transaction.execute(query)}
    row = {str(name): found.get(name, 0) for name in OUTCOMES} | {"recipients": sum(found.values())}
    own = announcement_counts.c.announcement_id == announcement
    await transaction.execute(update(announcement_counts).where(own).values(row))


async def lines(transaction: Transaction, announcement: int, *, after: int = 0, limit: int) -> list[tuple[int, Line]]:
    """Return the proof sheet's next lines with their ids, in the order of the ledger."""
    query = (
        select(
            recipients.c.id,
            recipients.c.channel,
            func.coalesce(people.c.address, ""),
            func.coalesce(subscribers.c.name, ""),
            func.coalesce(subscribers.c.village, ""),
            recipients.c.state,
            recipients.c.reason,
            recipients.c.attempts,
            recipients.c.settled_at,
        )
        .join(people, people.c.id == recipients.c.person_id, isouter=True)
        .join(subscribers, subscribers.c.person_id == recipients.c.person_id, isouter=True)
        .where(recipients.c.announcement_id == announcement, recipients.c.id > after)
        .order_by(recipients.c.id)
        .limit(limit)
    )
    found = (await transaction.execute(query)).all()
    return [(row[0], Line(*row[1:5], Standing(row[5]), *row[6:])) for row in found]


async def last_delivered(transaction: Transaction, person: int, *, since: datetime) -> tuple[int, datetime] | None:
    """Return the newest announcement that reached a person after a moment, and when it did."""
    query = select(recipients.c.announcement_id, recipients.c.settled_at).where(
        recipients.c.person_id == person,
        recipients.c.state == Standing.DELIVERED,
        recipients.c.settled_at > since,
    )
    row = (await transaction.execute(query.order_by(recipients.c.settled_at.desc()).limit(1))).first()
    return (row[0], row[1]) if row else None
