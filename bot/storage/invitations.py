"""One-time links and codes, known by the hash of their token. Using one deletes it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.storage.database import Transaction
from bot.storage.official_tables import invitations


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a token opens, and for whom; nobody's yet when it makes the first account."""

    id: int
    purpose: str
    official: int | None


async def issue(
    transaction: Transaction, token_hash: str, purpose: str, *, official: int | None, expires_at: datetime
) -> None:
    """Keep a new one in place of what was issued before for the same purpose and official."""
    same = (invitations.c.purpose == purpose) & (invitations.c.official_id.is_not_distinct_from(official))
    await transaction.execute(delete(invitations).where(same))
    row = {"token_hash": token_hash, "purpose": purpose, "official_id": official, "expires_at": expires_at}
    await transaction.execute(insert(invitations).values(row))


async def find(transaction: Transaction, token_hash: str, *, now: datetime) -> Invitation | None:
    """Return what a token opens, or None when it was used, replaced, or its time is over."""
    c = invitations.c
    query = select(c.id, c.purpose, c.official_id).where(c.token_hash == token_hash, c.expires_at > now)
    row = (await transaction.execute(query)).first()
    return Invitation(*row) if row else None


async def use(transaction: Transaction, invitation: int) -> bool:
    """Use one up; False when somebody else did so first."""
    return (await transaction.execute(delete(invitations).where(invitations.c.id == invitation))).rowcount == 1


async def withdraw(transaction: Transaction, official: int) -> None:
    """Make void whatever was issued for an official."""
    await transaction.execute(delete(invitations).where(invitations.c.official_id == official))


async def purge(transaction: Transaction, *, before: datetime) -> int:
    """Delete those whose time was over before a moment; return how many."""
    return (await transaction.execute(delete(invitations).where(invitations.c.expires_at < before))).rowcount
