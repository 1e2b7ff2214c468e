"""Conversations: where each person's talk with the assistant stands, as the conversation's own JSON."""

from datetime import datetime

from sqlalchemy import delete, select

from bot.storage.database import Transaction, insert_into
from bot.storage.tables import conversations


async def load(transaction: Transaction, person: int) -> str | None:
    """Return the stored state of a person's conversation, or None before the first message."""
    query = select(conversations.c.state).where(conversations.c.person_id == person)
    return (await transaction.execute(query)).scalar()


async def touched(transaction: Transaction, person: int) -> datetime | None:
    """Return when a person last wrote, or None before the first message."""
    query = select(conversations.c.updated_at).where(conversations.c.person_id == person)
    return (await transaction.execute(query)).scalar()


async def save(transaction: Transaction, person: int, state: str, *, now: datetime) -> None:
    """Keep the state of a person's conversation in place of what was there."""
    row = {"state": state, "updated_at": now}
    kept = insert_into(transaction, conversations).values(person_id=person, **row)
    await transaction.execute(kept.on_conflict_do_update(index_elements=[conversations.c.person_id], set_=row))


async def purge(transaction: Transaction, *, before: datetime) -> int:
    """Delete the states not touched since `before`; return how many."""
    return (await transaction.execute(delete(conversations).where(conversations.c.updated_at < before))).rowcount
