"""Whom an announcement goes to: counted before it is sent, frozen as one row a person when it is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, insert, literal, select
from sqlalchemy.sql import Select

from bot.storage.announcements import Announcement, Draft
from bot.storage.broadcast_tables import recipients, subscribers, subscriptions
from bot.storage.database import Transaction
from bot.storage.recipients import CHANNEL_OFF, Standing, recount
from bot.storage.tables import people
from bot.storage.zalo_tables import zalo_windows

UNREACHABLE = "đã chặn hoặc xóa tài khoản từ trước"


@dataclass(frozen=True, slots=True)
class Audience:
    """How many people an announcement would go to, by channel; `unreachable` of them cannot be reached any more."""

    by_channel: dict[str, int]
    unreachable: int

    @property
    def total(self) -> int:
        return sum(self.by_channel.values())


async def count(transaction: Transaction, announcement: Draft) -> Audience:
    """Return whom an announcement would go to now."""
    gone = func.sum(case((people.c.unreachable_since.is_not(None), 1), else_=0))
    query = select(people.c.channel, func.count(), gone).where(*_wanted(announcement)).group_by(people.c.channel)
    rows = [tuple(row) for row in await transaction.execute(_joined(query))]
    return Audience({channel: number for channel, number, _ in rows}, sum(lost for _, _, lost in rows))


@dataclass(frozen=True, slots=True)
class Windows:
    """How many of an audience on Zalo OA may still be written to: free, for money, by a template alone."""

    free: int
    paid: int
    template: int


async def windows(
    transaction: Transaction, announcement: Draft, *, free_since: datetime, most_free: int, paid_since: datetime
) -> Windows:
    """Return on what terms Zalo would take an announcement now; who never wrote gets it by a template alone."""
    heard, used = zalo_windows.c.heard_at, zalo_windows.c.replies_used
    free = func.coalesce((heard > free_since) & (used < most_free), false())
    paid = ~free & func.coalesce(heard > paid_since, false())
    columns = (func.count().filter(free), func.count().filter(paid), func.count().filter(~free & ~paid))
    source = people.join(subscribers, subscribers.c.person_id == people.c.id)
    source = source.outerjoin(zalo_windows, zalo_windows.c.person_id == people.c.id)
    on_zalo = (people.c.channel == "zalo_oa", people.c.unreachable_since.is_(None))
    query = select(*columns).select_from(source).where(*on_zalo, *_wanted(announcement))
    return Windows(*(await transaction.execute(query)).one())


async def freeze(
    transaction: Transaction, announcement: Announcement, *, channels: Collection[str], now: datetime
) -> int:
    """Write the ledger: one row for each person of the audience, once; return how many.

    Whoever cannot be reached, and the people of a channel that is not among `channels`, are settled at once.
    """
    off, gone = people.c.channel.not_in(list(channels)), people.c.unreachable_since.is_not(None)
    state = case((gone, Standing.GONE), (off, Standing.SKIPPED), else_=Standing.WAITING)
    reason = case((gone, UNREACHABLE), (off, CHANNEL_OFF), else_="")
    settled = case((gone | off, literal(now, recipients.c.settled_at.type)))
    row = {
        "announcement_id": literal(announcement.id),
        "person_id": people.c.id,
        "channel": people.c.channel,
        "state": state,
        "reason": reason,
        "due_at": literal(now, recipients.c.due_at.type),
        "settled_at": settled,
    }
    people_of_it = _joined(select(*row.values())).where(*_wanted(announcement)).order_by(people.c.id)
    made = await transaction.execute(insert(recipients).from_select(list(row), people_of_it))
    await recount(transaction, announcement.id)
    return made.rowcount


def _joined(query: Select[Any]) -> Select[Any]:
    return query.select_from(people.join(subscribers, subscribers.c.person_id == people.c.id))


def _wanted(announcement: Draft) -> list[ColumnElement[bool]]:
    """Return what must be true of a person: agreed, not stopped, and meant; a correction follows those who received."""
    conditions: list[ColumnElement[bool]] = [subscribers.c.stopped_at.is_(None)]
    if announcement.corrects is not None:
        received = (Standing.DELIVERED, Standing.UNCERTAIN)
        its = and_(recipients.c.announcement_id == announcement.corrects, recipients.c.state.in_(received))
        return [*conditions, exists().where(recipients.c.person_id == people.c.id, its)]
    own = subscriptions.c.person_id == people.c.id
    topic = [subscriptions.c.topic.in_(announcement.topics)] if announcement.topics else []
    conditions.append(exists().where(own, *topic))
    if announcement.villages:
        conditions.append(subscribers.c.village.in_(announcement.villages))
    if announcement.channels:
        conditions.append(people.c.channel.in_(announcement.channels))
    return conditions
