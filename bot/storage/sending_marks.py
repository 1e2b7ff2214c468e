"""The sending mark: a number that grows with every batch taken to be sent.

A copy of it outside the database tells a database restored from a backup from the one we last sent with
(docs/decisions/0009-a-restored-database-asks.md).
"""

from sqlalchemy import insert, update

from bot.storage.broadcast_tables import sending_mark
from bot.storage.database import Transaction


async def grow(transaction: Transaction, by: int = 1) -> int:
    """Return the mark, now higher; until the transaction ends others wait, so batches are taken one after the other."""
    changed = update(sending_mark).values(mark=sending_mark.c.mark + by).returning(sending_mark.c.mark)
    found = (await transaction.execute(changed)).scalar()
    if found is None:
        await transaction.execute(insert(sending_mark).values(id=1, mark=by))
    return by if found is None else int(found)
