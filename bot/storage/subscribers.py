"""Subscribers: who agreed to receive announcements, on which topics, from which village."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from bot.storage import recipients
from bot.storage.broadcast_tables import subscribers, subscriptions
from bot.storage.database import Transaction
from bot.storage.tables import people


@dataclass(frozen=True, slots=True)
class Subscriber:
    """What one person agreed to. Nothing is sent to who has stopped or has no topics."""

    topics: frozenset[str] = frozenset()
    village: str = ""
    consented_at: datetime | None = None
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One subscriber as in the file that is imported and exported."""

    channel: str
    address: str
    name: str
    village: str
    topics: tuple[str, ...]
    consented_at: datetime


async def find(transaction: Transaction, person: int) -> Subscriber:
    """Return what a person agreed to; an empty one for who never did."""
    row = (await transaction.execute(select(subscribers).where(subscribers.c.person_id == person))).first()
    if row is None:
        return Subscriber()
    topics = await transaction.execute(select(subscriptions.c.topic).where(subscriptions.c.person_id == person))
    return Subscriber(frozenset(topics.scalars()), row.village, row.consented_at, row.stopped_at)


async def choose(transaction: Transaction, person: int, topics: Collection[str], *, source: str, now: datetime) -> None:
    """Set the topics a person agrees to now; with none left they have stopped.

    What is about to be sent to them on other topics is not sent any more.
    """
    before = await find(transaction, person)
    if before.consented_at is None:
        row = {"person_id": person, "consented_at": now, "source": source}
        await transaction.execute(insert(subscribers).values(row))
    elif before.stopped_at is not None:
        again = {"consented_at": now, "source": source, "stopped_at": None}
        await transaction.execute(update(subscribers).where(subscribers.c.person_id == person).values(again))
    await _set_topics(transaction, person, topics)
    if not topics:
        gone = {"stopped_at": now, "village": "", "name": ""}
        await transaction.execute(update(subscribers).where(subscribers.c.person_id == person).values(gone))
    for announcement, about in await recipients.waiting_for(transaction, person):
        if not topics or (about and not set(about) & set(topics)):
            await recipients.skip_person(transaction, person, announcement, recipients.STOPPED, now=now)


async def _set_topics(transaction: Transaction, person: int, topics: Collection[str]) -> None:
    await transaction.execute(delete(subscriptions).where(subscriptions.c.person_id == person))
    rows = [{"person_id": person, "topic": topic} for topic in sorted(topics)]
    if rows:
        await transaction.execute(insert(subscriptions), rows)


async def live_in(transaction: Transaction, person: int, village: str) -> bool:
    """Set a subscriber's village; False for who is none."""
    theirs = (subscribers.c.person_id == person) & subscribers.c.stopped_at.is_(None)
    changed = await transaction.execute(update(subscribers).where(theirs).values(village=village))
    return changed.rowcount == 1


async def counts(transaction: Transaction) -> tuple[int, dict[str, int], dict[str, int]]:
    """Return how many subscribers there are, how many by topic, and how many by village."""
    active = subscribers.c.stopped_at.is_(None)
    total = (await transaction.execute(select(func.count()).select_from(subscribers).where(active))).scalar_one()
    by_topic = await transaction.execute(
        select(subscriptions.c.topic, func.count()).group_by(subscriptions.c.topic).order_by(subscriptions.c.topic)
    )
    village = subscribers.c.village
    by_village = await transaction.execute(
        select(village, func.count()).where(active).group_by(village).order_by(village)
    )
    return total, {str(k): int(n) for k, n in by_topic}, {str(k): int(n) for k, n in by_village}


async def listed(transaction: Transaction, *, after: int = 0, limit: int) -> list[tuple[int, Listed]]:
    """Return the next subscribers with their ids, in the order they became known."""
    query = (
        select(
            people.c.id,
            people.c.channel,
            people.c.address,
            subscribers.c.name,
            subscribers.c.village,
            subscribers.c.consented_at,
        )
        .join(subscribers, subscribers.c.person_id == people.c.id)
        .where(subscribers.c.stopped_at.is_(None), people.c.id > after)
        .order_by(people.c.id)
        .limit(limit)
    )
    rows = (await transaction.execute(query)).all()
    topics: dict[int, list[str]] = {row.id: [] for row in rows}
    of_them = select(subscriptions).where(subscriptions.c.person_id.in_(topics)).order_by(subscriptions.c.topic)
    for person, topic in await transaction.execute(of_them):
        topics[person].append(topic)
    return [(r.id, Listed(r.channel, r.address, r.name, r.village, tuple(topics[r.id]), r.consented_at)) for r in rows]


async def stopped_since(transaction: Transaction, rows: Sequence[Listed]) -> list[Listed]:
    """Return those of `rows` who stopped after the moment at which the row says they agreed."""
    keys = {(row.channel, row.address): row for row in rows}
    query = (
        select(people.c.channel, people.c.address, subscribers.c.stopped_at)
        .join(subscribers, subscribers.c.person_id == people.c.id)
        .where(people.c.address.in_([row.address for row in rows]), subscribers.c.stopped_at.is_not(None))
    )
    found = [(keys.get((channel, address)), at) for channel, address, at in await transaction.execute(query)]
    return [row for row, at in found if row and at >= row.consented_at]


async def take_in(transaction: Transaction, rows: Sequence[Listed], *, source: str, now: datetime) -> int:
    """Add subscribers from a file, or set those known to what the file says; return how many were new."""
    known = await _known(transaction, rows)
    strangers = [row for row in rows if (row.channel, row.address) not in known]
    if strangers:
        made = [{"channel": r.channel, "address": r.address, "created_at": now, "seen_at": now} for r in strangers]
        await transaction.execute(insert(people), made)
        known = await _known(transaction, rows)
    numbers = {known[row.channel, row.address]: row for row in rows}
    already = await transaction.execute(select(subscribers.c.person_id).where(subscribers.c.person_id.in_(numbers)))
    old = set(already.scalars())
    fresh = [_row(number, row, source) for number, row in numbers.items() if number not in old]
    if fresh:
        await transaction.execute(insert(subscribers), fresh)
    for number in old:
        values = _row(number, numbers[number], source) | {"stopped_at": None}
        await transaction.execute(update(subscribers).where(subscribers.c.person_id == number).values(values))
    await transaction.execute(delete(subscriptions).where(subscriptions.c.person_id.in_(numbers)))
    topics = [{"person_id": number, "topic": topic} for number, row in numbers.items() for topic in row.topics]
    await transaction.execute(insert(subscriptions), topics)
    return len(fresh)


def _row(number: int, row: Listed, source: str) -> dict[str, object]:
    return {
        "person_id": number,
        "name": row.name,
        "village": row.village,
        "consented_at": row.consented_at,
        "source": source,
    }


async def _known(transaction: Transaction, rows: Sequence[Listed]) -> dict[tuple[str, str], int]:
    query = select(people.c.channel, people.c.address, people.c.id).where(
        people.c.address.in_([row.address for row in rows])
    )
    return {(channel, address): number for channel, address, number in await transaction.execute(query)}
