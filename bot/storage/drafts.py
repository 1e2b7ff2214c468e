"""Drafts: the feedback a person is writing, as the conversation's own JSON; one at a time."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.storage.case_tables import drafts
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft as it is kept. `key` is what its buttons name and what its case will remember."""

    id: int
    key: str
    person_id: int
    body: str
    updated_at: datetime


_COLUMNS = [drafts.c[name] for name in KeptDraft.__dataclass_fields__]


async def start(transaction: Transaction, person: int, body: str, *, now: datetime) -> KeptDraft:
    """Begin a draft in place of the person's earlier one."""
    await drop(transaction, person)
    key = secrets.token_hex(6)
    row = {"key": key, "person_id": person, "body": body, "created_at": now, "updated_at": now}
    added = await transaction.execute(insert(drafts).values(row).returning(drafts.c.id))
    return KeptDraft(int(added.scalar_one()), key, person, body, now)


async def of_person(transaction: Transaction, person: int) -> KeptDraft | None:
    """Return what a person is writing."""
    row = (await transaction.execute(select(*_COLUMNS).where(drafts.c.person_id == person))).first()
    return KeptDraft(*row) if row else None


async def save(transaction: Transaction, draft: int, body: str, *, now: datetime) -> None:
    await transaction.execute(update(drafts).where(drafts.c.id == draft).values(body=body, updated_at=now))


async def drop(transaction: Transaction, person: int) -> bool:
    """Forget what a person was writing, with its attachments; tell whether there was anything."""
    return (await transaction.execute(delete(drafts).where(drafts.c.person_id == person))).rowcount > 0


async def take_unreminded(transaction: Transaction, *, before: datetime, now: datetime) -> list[KeptDraft]:
    """Return the drafts left alone since `before` and not reminded of yet; they count as reminded now."""
    left = (drafts.c.updated_at < before) & drafts.c.reminded_at.is_(None)
    found = await transaction.execute(update(drafts).where(left).values(reminded_at=now).returning(*_COLUMNS))
    return [KeptDraft(*row) for row in found]


async def purge(transaction: Transaction, *, before: datetime) -> int:
    """Delete the drafts left alone since `before`; return how many."""
    return (await transaction.execute(delete(drafts).where(drafts.c.updated_at < before))).rowcount
