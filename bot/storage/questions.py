"""Questions asked, redacted, with what became of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, insert, select, update

from bot.storage.database import Transaction
from bot.storage.tables import questions


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is kept. `text` is redacted before it comes here."""

    person: int
    channel: str
    text: str
    outcome: str
    score: float
    entry: str | None = None
    facet: str | None = None


class HandedOver(StrEnum):
    """What became of passing a question to an official; MISSING when it is not the person's, or no longer kept."""

    DONE = "done"
    ALREADY = "already"
    MISSING = "missing"


async def record(transaction: Transaction, asked: Asked, *, now: datetime) -> int:
    """Keep a question; return its id."""
    row = {
        "person_id": asked.person,
        "channel": asked.channel,
        "asked_at": now,
        "text": asked.text,
        "outcome": asked.outcome,
        "entry": asked.entry,
        "facet": asked.facet,
        "score": asked.score,
    }
    return int((await transaction.execute(insert(questions).values(row).returning(questions.c.id))).scalar_one())


async def rate(
    transaction: Transaction, question: int, *, person: int, useful: bool, reason: str | None = None
) -> bool:
    """Note whether an answer was useful to the person who asked; False when the question is not theirs."""
    theirs = (questions.c.id == question) & (questions.c.person_id == person)
    changed = await transaction.execute(update(questions).where(theirs).values(useful=useful, reason=reason))
    return changed.rowcount == 1


async def get(transaction: Transaction, question: int) -> Asked | None:
    """Return a question, or None when it is gone."""
    columns = (questions.c.person_id, questions.c.channel, questions.c.text, questions.c.outcome, questions.c.score)
    query = select(*columns, questions.c.entry, questions.c.facet).where(questions.c.id == question)
    row = (await transaction.execute(query)).first()
    return Asked(*row) if row else None


async def of_person(transaction: Transaction, question: int, person: int) -> Asked | None:
    """Return a person's own question, or None when it is gone or somebody else's."""
    asked = await get(transaction, question)
    return asked if asked and asked.person == person else None


async def purge(transaction: Transaction, *, before: datetime) -> int:
    """Delete the questions asked before a moment; return how many."""
    return (await transaction.execute(delete(questions).where(questions.c.asked_at < before))).rowcount
