"""What was said in the web chat, so that a reload, a second tab or a page without JavaScript shows it all."""

from collections.abc import Sequence
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


async def add(
    transaction: Transaction, person: int, replies: Sequence[str], *, said: str | None = None, now: datetime
) -> list[int]:
    """Keep what a person said, if anything, and the replies to it; return the ids of the replies, which grow."""
    own = [] if said is None else [(said, True)]
    rows = [
        {"person_id": person, "from_citizen": from_citizen, "body": body, "sent_at": now}
        for body, from_citizen in (*own, *((reply, False) for reply in replies))
    ]
    if not rows:
        return []
    added = insert(web_messages).returning(web_messages.c.id, sort_by_parameter_order=True)
    return list((await transaction.execute(added, rows)).scalars())[len(own) :]


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
