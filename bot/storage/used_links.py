"""The one-use addresses that have been used, whichever process served them, until each ends by itself."""

from datetime import datetime

from sqlalchemy import delete

from bot.storage.database import Transaction, insert_into
from bot.storage.zalo_tables import used_links as table


async def use(transaction: Transaction, nonce: str, *, until: datetime, now: datetime) -> bool:
    """Note that an address is used, and forget those that have ended; False when it was used before."""
    noted = insert_into(transaction, table).values(nonce=nonce, until=until).on_conflict_do_nothing()
    if (await transaction.execute(noted.returning(table.c.nonce))).first() is None:
        return False
    await transaction.execute(delete(table).where(table.c.until < now))
    return True
