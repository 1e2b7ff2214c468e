"""The tokens of a Zalo app: one row, whose refresh token works once and leads to the next.

Whoever is to use the refresh token leases the row first, so no transaction is open while Zalo is asked. What Zalo
answers is kept as it came before anything else is done with it. Every change names the refresh token it belongs to:
of two that asked, only the one whose token was the row's last changes it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage.database import Transaction
from bot.storage.zalo_tables import zalo_tokens as table


@dataclass(frozen=True, slots=True)
class Tokens:
    """The row: `answer` is one that nobody has read yet, `lost_at` when Zalo refused the refresh token."""

    refresh: str
    access: str
    expires_at: datetime | None
    answer: str | None
    answered_at: datetime | None
    lost_at: datetime | None


async def begin(transaction: Transaction, app_id: str, refresh: str, *, seed: str) -> bool:
    """Start the chain of an app from a refresh token; False when it was started from this one before."""
    row = {"app_id": app_id, "seed": seed, "refresh_token": refresh}
    try:
        async with transaction.begin_nested():
            await transaction.execute(insert(table).values(row))
    except IntegrityError:
        anew = dict.fromkeys(("expires_at", "leased_until", "answer", "answered_at", "lost_at"))
        other = update(table).where(table.c.app_id == app_id, table.c.seed != seed)
        return (await transaction.execute(other.values(**row, access_token="", **anew))).rowcount == 1
    return True


async def load(transaction: Transaction, app_id: str) -> Tokens | None:
    """Return the tokens of an app, or None when its chain was never started."""
    columns = ("refresh_token", "access_token", "expires_at", "answer", "answered_at", "lost_at")
    query = select(*(table.c[name] for name in columns)).where(table.c.app_id == app_id)
    row = (await transaction.execute(query)).first()
    return Tokens(*row) if row else None


async def lease(transaction: Transaction, app_id: str, refresh: str, *, now: datetime, until: datetime) -> bool:
    """Take the sole right to use a refresh token until a moment; False when another has it, or the token is used."""
    is_free = or_(table.c.leased_until.is_(None), table.c.leased_until <= now)
    mine = _row(app_id, refresh).where(is_free, table.c.answer.is_(None))
    return (await transaction.execute(mine.values(leased_until=until))).rowcount == 1


async def release(transaction: Transaction, app_id: str, refresh: str) -> None:
    """Give the lease back: Zalo was not reached."""
    await transaction.execute(_row(app_id, refresh).values(leased_until=None))


async def keep_answer(transaction: Transaction, app_id: str, refresh: str, answer: str, *, now: datetime) -> None:
    """Keep what Zalo answered to a refresh token, unread."""
    await transaction.execute(_row(app_id, refresh).values(answer=answer, answered_at=now))


async def renew(transaction: Transaction, app_id: str, refresh: str, new: Tokens) -> None:
    """Put the next tokens in place of those that a refresh token belongs to."""
    values = {"refresh_token": new.refresh, "access_token": new.access, "expires_at": new.expires_at}
    nothing = dict.fromkeys(("leased_until", "answer", "answered_at", "lost_at"))
    await transaction.execute(_row(app_id, refresh).values(**values, **nothing))


async def drop_answer(transaction: Transaction, app_id: str, refresh: str, *, lost_at: datetime | None) -> None:
    """Forget an answer that brought no tokens; `lost_at` when it says that the refresh token is refused."""
    nothing = dict.fromkeys(("leased_until", "answer", "answered_at"))
    lost = {"lost_at": func.coalesce(table.c.lost_at, literal(lost_at, table.c.lost_at.type))} if lost_at else {}
    await transaction.execute(_row(app_id, refresh).values(**nothing, **lost))


def _row(app_id: str, refresh: str) -> Update:
    return update(table).where(table.c.app_id == app_id, table.c.refresh_token == refresh)
