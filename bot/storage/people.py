"""People: one row for each chat on a channel."""

from datetime import datetime

from sqlalchemy import delete, exists, insert, literal, select, update

from bot.storage.broadcast_tables import recipients, subscribers, subscriptions
from bot.storage.case_lists import FINISHED
from bot.storage.case_tables import cases
from bot.storage.database import Transaction, insert_into
from bot.storage.event_tables import event_sign_ups
from bot.storage.tables import people


async def recognise(transaction: Transaction, channel: str, address: str, *, now: datetime) -> int:
    """Return the id of the person at an address, known from now on; the row stays locked until commit.

    The lock makes two replicas take turns over one person's messages (PostgreSQL; SQLite has one writer anyway).
    """
    row = {"channel": channel, "address": address, "created_at": now, "seen_at": now}
    keys, seen = [people.c.channel, people.c.address], {"seen_at": now, "unreachable_since": None}
    known = insert_into(transaction, people).values(row).on_conflict_do_update(index_elements=keys, set_=seen)
    return int((await transaction.execute(known.returning(people.c.id))).scalar_one())


async def find(transaction: Transaction, channel: str, address: str) -> int | None:
    """Return the id of the person at an address, or None when nobody wrote from there."""
    query = select(people.c.id).where(people.c.channel == channel, people.c.address == address)
    return (await transaction.execute(query)).scalar()


async def purge(transaction: Transaction, *, before: datetime) -> int:
    """Delete the people not heard of since `before`, with their conversations; return how many.

    Who agreed to receive announcements and has not stopped is kept: they read without ever writing. So is whoever waits
    for the end of a case, and whoever is on the list of an event.
    """
    subscribed = exists().where(subscribers.c.person_id == people.c.id, subscribers.c.stopped_at.is_(None))
    waits = exists().where(cases.c.person_id == people.c.id, cases.c.state.not_in(FINISHED))
    signed_up = exists().where(event_sign_ups.c.person_id == people.c.id)
    silent = (people.c.seen_at < before) & ~subscribed & ~waits & ~signed_up
    return (await transaction.execute(delete(people).where(silent))).rowcount


async def move(transaction: Transaction, channel: str, address: str, *, to: str) -> None:
    """Note that a chat has another address now; where somebody is known there already, they subscribe in its place."""
    there = await find(transaction, channel, to)
    here = (people.c.channel == channel) & (people.c.address == address)
    if there is None:
        await transaction.execute(update(people).where(here).values(address=to))
        return
    old = select(people.c.id).where(here).scalar_subquery()
    if (await transaction.execute(select(exists().where(subscribers.c.person_id == there)))).scalar():
        return
    kept = [column for column in subscribers.c if column is not subscribers.c.person_id]
    copied = select(literal(there), *kept).where(subscribers.c.person_id == old)
    names = ["person_id", *(column.name for column in kept)]
    await transaction.execute(insert(subscribers).from_select(names, copied))
    await transaction.execute(update(subscriptions).where(subscriptions.c.person_id == old).values(person_id=there))
    await transaction.execute(delete(subscribers).where(subscribers.c.person_id == old))
    open_rows = (recipients.c.person_id == old) & (recipients.c.state.in_(("waiting", "in_flight")))
    await transaction.execute(update(recipients).where(open_rows).values(person_id=there))


async def mark_unreachable(transaction: Transaction, channel: str, address: str, *, now: datetime) -> None:
    """Note that the channel refuses to deliver to this address; the next message from it clears the note."""
    here = (people.c.channel == channel) & (people.c.address == address)
    await transaction.execute(update(people).where(here).values(unreachable_since=now))
