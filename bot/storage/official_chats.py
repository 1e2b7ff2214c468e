"""The officials' own chats with the assistant, on any channel: where test copies and alarms go."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.storage.database import Transaction
from bot.storage.official_tables import official_chats, officials
from bot.storage.tables import people


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat of an official; `id` is the person that it is known as."""

    id: int
    channel: str
    linked_at: datetime


async def link(transaction: Transaction, official: int, person: int, *, now: datetime) -> None:
    """Note that a chat is an official's own, whosever it was before."""
    await transaction.execute(delete(official_chats).where(official_chats.c.person_id == person))
    row = {"person_id": person, "official_id": official, "linked_at": now}
    await transaction.execute(insert(official_chats).values(row))


async def unlink(transaction: Transaction, official: int, person: int) -> bool:
    """Forget one of an official's chats; False when it is not theirs."""
    theirs = (official_chats.c.person_id == person) & (official_chats.c.official_id == official)
    return (await transaction.execute(delete(official_chats).where(theirs))).rowcount == 1


async def of(transaction: Transaction, official: int) -> list[Chat]:
    """Return an official's chats, the oldest link first."""
    query = (
        select(people.c.id, people.c.channel, official_chats.c.linked_at)
        .join(people, people.c.id == official_chats.c.person_id)
        .where(official_chats.c.official_id == official)
        .order_by(official_chats.c.linked_at, people.c.id)
    )
    return [Chat(*row) for row in await transaction.execute(query)]


async def everybody(transaction: Transaction) -> list[tuple[str, str]]:
    """Return channel and address of every chat that an official in use linked, Telegram's too."""
    in_use = officials.c.disabled_at.is_(None)
    own = (
        select(people.c.channel, people.c.address)
        .join(official_chats, official_chats.c.person_id == people.c.id)
        .join(officials, officials.c.id == official_chats.c.official_id)
        .where(in_use)
    )
    telegram = select(officials.c.telegram).where(in_use, officials.c.telegram.is_not(None))
    found = {(channel, address) for channel, address in await transaction.execute(own)}
    return sorted(found | {("telegram", address) for address in (await transaction.execute(telegram)).scalars()})
