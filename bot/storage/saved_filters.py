"""Saved filters: views of the queue that an official keeps for themselves under a name."""

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from bot.storage.case_tables import saved_filters
from bot.storage.database import Transaction

MOST = 20  # of one official


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """One kept view; `query` is the part of the queue's address behind the question mark."""

    id: int
    name: str
    query: str


async def of_official(transaction: Transaction, official: int) -> list[SavedFilter]:
    """Return an official's own views by name."""
    columns = [saved_filters.c[name] for name in SavedFilter.__dataclass_fields__]
    query = select(*columns).where(saved_filters.c.official_id == official).order_by(saved_filters.c.name)
    return [SavedFilter(*row) for row in await transaction.execute(query)]


async def save(transaction: Transaction, official: int, name: str, query: str) -> bool:
    """Keep a view, in place of one of the same name; False when the official has MOST already."""
    here = (saved_filters.c.official_id == official) & (saved_filters.c.name == name)
    if (await transaction.execute(update(saved_filters).where(here).values(query=query))).rowcount:
        return True
    count = select(func.count()).where(saved_filters.c.official_id == official)
    if (await transaction.execute(count)).scalar_one() >= MOST:
        return False
    await transaction.execute(insert(saved_filters).values(official_id=official, name=name, query=query))
    return True


async def remove(transaction: Transaction, official: int, saved: int) -> bool:
    """Delete one of an official's own views; False when it is not theirs."""
    theirs = (saved_filters.c.official_id == official) & (saved_filters.c.id == saved)
    return (await transaction.execute(delete(saved_filters).where(theirs))).rowcount == 1
