"""The sending mark: a number that grows with every batch taken to be sent.

A copy of it outside the database tells a database restored from a backup from the one we last sent with
(docs/decisions/0009-a-restored-database-asks.md).
"""

from sqlalchemy import insert, select, update

from bot.storage.broadcast_tables import sending_mark
from bot.storage.database import Transaction


async def lock(transaction: Transaction) -> int:
    """Return the mark; until the transaction ends nobody else gets it, so batches are taken one after the other."""
    found = (await transaction.execute(select(sending_mark.c.mark).with_for_update())).scalar()
    if found is None:
        await transaction.execute(insert(sending_mark).values(id=1, mark=0))
    return int(found or 0)


async def set_to(transaction: Transaction, mark: int) -> None:
    await transaction.execute(update(sending_mark).values(mark=mark))
