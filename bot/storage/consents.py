"""What each person agreed to, purpose by purpose, and when they took it back (Luật 91/2025/QH15 Điều 9, 10)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, update

from bot.storage.case_tables import consents
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Consent:
    """One agreement; `wording` names the text that was shown."""

    purpose: str
    wording: str
    given_at: datetime
    withdrawn_at: datetime | None


async def give(transaction: Transaction, person: int, purpose: str, wording: str, *, now: datetime) -> None:
    """Keep a person's agreement, unless it stands already."""
    if not await has(transaction, person, purpose):
        row = {"person_id": person, "purpose": purpose, "wording": wording, "given_at": now}
        await transaction.execute(insert(consents).values(row))


async def has(transaction: Transaction, person: int, purpose: str) -> bool:
    """Tell whether a person agrees to a purpose now."""
    query = select(consents.c.id).where(_standing(person, purpose)).limit(1)
    return (await transaction.execute(query)).first() is not None


async def withdraw(transaction: Transaction, person: int, purpose: str, *, now: datetime) -> bool:
    """Take an agreement back; False when there was none."""
    gone = update(consents).where(_standing(person, purpose)).values(withdrawn_at=now)
    return (await transaction.execute(gone)).rowcount > 0


async def of_person(transaction: Transaction, person: int) -> list[Consent]:
    """Return all a person ever agreed to, oldest first."""
    columns = [consents.c[name] for name in Consent.__dataclass_fields__]
    query = select(*columns).where(consents.c.person_id == person).order_by(consents.c.id)
    return [Consent(*row) for row in await transaction.execute(query)]


def _standing(person: int, purpose: str) -> ColumnElement[bool]:
    return (consents.c.person_id == person) & (consents.c.purpose == purpose) & consents.c.withdrawn_at.is_(None)
