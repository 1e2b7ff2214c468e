"""Questions asked, redacted, with what became of them; and those handed to an official."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage.database import Transaction
from bot.storage.tables import handovers, questions


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


async def hand_over(transaction: Transaction, question: int, *, person: int, context: str, now: datetime) -> HandedOver:
    """Pass a person's own question to an official, once; tell what became of it."""
    theirs = select(questions.c.id).where(questions.c.id == question, questions.c.person_id == person)
    if (await transaction.execute(theirs)).scalar() is None:
        return HandedOver.MISSING
    row = {"question_id": question, "person_id": person, "context": context, "created_at": now}
    try:
        async with transaction.begin_nested():
            await transaction.execute(insert(handovers).values(row))
    except IntegrityError:
        return HandedOver.ALREADY
    return HandedOver.DONE


async def purge(transaction: Transaction, *, before: datetime) -> int:
    """Delete the questions asked before a moment, and their handovers; return how many."""
    return (await transaction.execute(delete(questions).where(questions.c.asked_at < before))).rowcount
