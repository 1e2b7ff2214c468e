"""Where officials are told what concerns them, beside Telegram: one chat for each channel."""

from sqlalchemy import delete, insert, select

from bot.storage.database import Transaction
from bot.storage.health_tables import official_chats as table
from bot.storage.official_tables import officials


async def link(transaction: Transaction, official: int, channel: str, address: str) -> None:
    """Link a chat to an official, in place of their former one, taking it from whoever had it before."""
    theirs = (table.c.address == address) | (table.c.official_id == official)
    await transaction.execute(delete(table).where(table.c.channel == channel, theirs))
    await transaction.execute(insert(table).values(official_id=official, channel=channel, address=address))


async def unlink(transaction: Transaction, official: int) -> bool:
    """Forget an official's chats; tell whether there were any."""
    return (await transaction.execute(delete(table).where(table.c.official_id == official))).rowcount > 0


async def of(transaction: Transaction, official: int) -> tuple[str, ...]:
    """Return the channels on which an official linked a chat."""
    query = select(table.c.channel).where(table.c.official_id == official).order_by(table.c.channel)
    return tuple((await transaction.execute(query)).scalars())


async def everybody(transaction: Transaction) -> list[tuple[str, str]]:
    """Return channel and address of every chat that an official in use linked, Telegram's too."""
    in_use = officials.c.disabled_at.is_(None)
    linked = select(table.c.channel, table.c.address).join(officials, officials.c.id == table.c.official_id)
    found = [(channel, address) for channel, address in await transaction.execute(linked.where(in_use))]
    telegram = select(officials.c.telegram).where(in_use, officials.c.telegram.is_not(None))
    return sorted([*found, *(("telegram", address) for address in (await transaction.execute(telegram)).scalars())])
