"""What was said in the web chat, so that a reload, a second tab or a page without JavaScript shows it all."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.storage.database import Transaction
from bot.storage.tables import web_messages


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `body` is the web channel's own JSON."""

    id: int
    from_citizen: bool
    body: str


async def add(transaction: Transaction, person: int, body: str, *, from_citizen: bool, now: datetime) -> int:
    """Keep one message; return its id, which grows."""
    row = {"person_id": person, "from_citizen": from_citizen, "body": body, "sent_at": now}
    return int((await transaction.execute(insert(web_messages).values(row).returning(web_messages.c.id))).scalar_one())


async def latest(transaction: Transaction, person: int, *, after: int = 0, limit: int = 60) -> list[Said]:
    """Return the newest messages of a person's chat whose id is above `after`, oldest first."""
    query = (
        select(web_messages.c.id, web_messages.c.from_citizen, web_messages.c.body)
        .where(web_messages.c.person_id == person, web_messages.c.id > after)
        .order_by(web_messages.c.id.desc())
        .limit(limit)
    )
    return [Said(*row) for row in (await transaction.execute(query)).all()][::-1]


async def holding(transaction: Transaction, person: int, words: str) -> list[str]:
    """Return the bodies of a person's chat, both sides of it, that hold these words anywhere."""
    theirs = web_messages.c.person_id == person
    query = select(web_messages.c.body).where(theirs, web_messages.c.body.contains(words, autoescape=True))
    return list((await transaction.execute(query)).scalars())


async def purge(transaction: Transaction, *, before: datetime) -> int:
    """Delete the messages sent before a moment; return how many."""
    return (await transaction.execute(delete(web_messages).where(web_messages.c.sent_at < before))).rowcount
