"""When each person last wrote to the Zalo Official Account, how many replies they had since, and what follows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, insert, select, update

from bot.settings import ZaloOa
from bot.storage.database import Transaction
from bot.storage.tables import people
from bot.storage.zalo_tables import zalo_windows as table


@dataclass(frozen=True, slots=True)
class Window:
    """One person's window: opened when they wrote, with replies used since."""

    person: int
    heard_at: datetime
    replies_used: int


class Terms(StrEnum):
    """On what terms Zalo takes a message to somebody."""

    FREE = "free"
    PAID = "paid"
    TEMPLATE_ONLY = "template_only"


def terms(window: Window | None, settings: ZaloOa, now: datetime) -> Terms:
    """Return the terms of one more message to somebody with this window; None when they never wrote."""
    if window is None:
        return Terms.TEMPLATE_ONLY
    silent = now - window.heard_at
    if silent < timedelta(hours=settings.free_hours) and window.replies_used < settings.free_replies:
        return Terms.FREE
    return Terms.PAID if silent < timedelta(days=settings.consult_days) else Terms.TEMPLATE_ONLY


def is_on(asked: Terms, settings: ZaloOa) -> bool:
    """Tell whether the commune sends on these terms: what costs money only when it is switched on."""
    return asked is Terms.FREE or (settings.paid if asked is Terms.PAID else bool(settings.template_id))


async def heard(transaction: Transaction, person: int, *, at: datetime) -> None:
    """Note that a person, who is locked, wrote; what was written before what is known already changes nothing."""
    query = select(table.c.heard_at).where(table.c.person_id == person)
    known = (await transaction.execute(query)).scalar()
    values = {"heard_at": at, "replies_used": 0}
    if known is None:
        await transaction.execute(insert(table).values(person_id=person, **values))
    elif known <= at:
        await transaction.execute(update(table).where(table.c.person_id == person).values(values))


async def find(transaction: Transaction, channel: str, address: str) -> Window | None:
    """Return the window of the person at an address, locked until commit; None when they never wrote."""
    query = (
        select(table.c.person_id, table.c.heard_at, table.c.replies_used)
        .join(people, people.c.id == table.c.person_id)
        .where(people.c.channel == channel, people.c.address == address)
        .with_for_update(of=table)
    )
    row = (await transaction.execute(query)).first()
    return Window(*row) if row else None


async def use_reply(transaction: Transaction, person: int) -> None:
    """Count one reply in a person's window."""
    used = update(table).where(table.c.person_id == person)
    await transaction.execute(used.values(replies_used=table.c.replies_used + 1))


async def count(transaction: Transaction, *, since: datetime, most: int) -> tuple[int, int]:
    """Return how many who wrote since a moment had fewer than `most` replies, and how many had them all."""
    is_left = table.c.replies_used < most
    query = select(func.count().filter(is_left), func.count().filter(~is_left)).where(table.c.heard_at > since)
    left, used = (await transaction.execute(query)).one()
    return int(left), int(used)
