"""Updates received from a channel, kept before they are acted on, so that a crash loses none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Insert, delete, func, select, update

from bot.storage.database import Transaction, insert_into
from bot.storage.tables import inbox


@dataclass(frozen=True, slots=True)
class Received:
    """One stored update."""

    id: int
    body: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many updates of a channel wait, since when; how many are in quarantine, and of how many the body is kept."""

    waiting: int = 0
    oldest: datetime | None = None
    quarantined: int = 0
    with_body: int = 0


async def store(transaction: Transaction, channel: str, key: str, body: str, *, now: datetime) -> bool:
    """Keep an update; False when one with this key was kept before (platforms repeat themselves)."""
    row = {"channel": channel, "update_key": key, "body": body, "received_at": now}
    new = await transaction.execute(_insert(transaction).values(row).returning(inbox.c.id))
    return new.first() is not None


async def store_all(
    transaction: Transaction, channel: str, updates: Sequence[tuple[str, str]], *, now: datetime
) -> None:
    """Keep updates, each a key and a body; one whose key was kept before changes nothing."""
    rows = [{"channel": channel, "update_key": key, "body": body, "received_at": now} for key, body in updates]
    await transaction.execute(_insert(transaction), rows)


def _insert(transaction: Transaction) -> Insert:
    keys = [inbox.c.channel, inbox.c.update_key]
    return insert_into(transaction, inbox).on_conflict_do_nothing(index_elements=keys)


async def waiting(transaction: Transaction, channel: str, *, after: int = 0, limit: int = 50) -> list[Received]:
    """Return the oldest updates not yet acted on whose id is above `after`."""
    query = (
        select(inbox.c.id, inbox.c.body)
        .where(inbox.c.channel == channel, ~inbox.c.done, inbox.c.id > after)
        .order_by(inbox.c.id)
        .limit(limit)
    )
    return [Received(*row) for row in await transaction.execute(query)]


async def finish(transaction: Transaction, update_id: int) -> None:
    """Mark an update as acted on and forget what it said."""
    await transaction.execute(update(inbox).where(inbox.c.id == update_id).values(done=True, body=""))


async def quarantine(transaction: Transaction, update_id: int, fault: str) -> None:
    """Set a broken update aside with the reason, body kept a while for whoever looks into it."""
    await transaction.execute(update(inbox).where(inbox.c.id == update_id).values(done=True, fault=fault))


async def backlog(transaction: Transaction, channel: str) -> tuple[int, int]:
    """Return how many updates of a channel wait, and how many are in quarantine."""
    waits = select(func.count()).where(inbox.c.channel == channel, ~inbox.c.done)
    broken = select(func.count()).where(inbox.c.channel == channel, inbox.c.fault.is_not(None))
    return (await transaction.execute(waits)).scalar_one(), (await transaction.execute(broken)).scalar_one()


async def backlogs(transaction: Transaction) -> dict[str, Backlog]:
    """Return the backlog of every channel that has received anything lately."""
    waits, is_broken = ~inbox.c.done, inbox.c.fault.is_not(None)
    query = select(
        inbox.c.channel,
        func.count().filter(waits),
        func.min(inbox.c.received_at).filter(waits),
        func.count().filter(is_broken),
        func.count().filter(is_broken, inbox.c.body != ""),
    ).group_by(inbox.c.channel)
    return {channel: Backlog(*figures) for channel, *figures in await transaction.execute(query)}


async def empty_quarantined(transaction: Transaction, *, before: datetime) -> int:
    """Forget what the updates set aside before a moment said, and keep why; return how many."""
    stale = inbox.c.fault.is_not(None) & (inbox.c.body != "") & (inbox.c.received_at < before)
    return (await transaction.execute(update(inbox).where(stale).values(body=""))).rowcount


async def purge(transaction: Transaction, *, before: datetime) -> int:
    """Delete the updates acted on and received before a moment; return how many."""
    return (await transaction.execute(delete(inbox).where(inbox.c.done, inbox.c.received_at < before))).rowcount
