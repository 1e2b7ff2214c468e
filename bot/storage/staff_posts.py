"""Posts about cases in the officials' group: which are missing, and which show an older state than the case has."""

from dataclasses import dataclass, fields

from sqlalchemy import exists, insert, select, update

from bot.storage import cases as one
from bot.storage.case_lists import FINISHED
from bot.storage.case_tables import cases, staff_posts
from bot.storage.cases import Case
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Post:
    """One post: its message in the group, and the topic it stands in where the group has topics."""

    chat: str
    message: int
    topic: int | None = None
    id: int = 0


_COLUMNS = [staff_posts.c[f.name] for f in fields(Post)]


async def unposted(transaction: Transaction, chat: str, *, limit: int = 20) -> list[Case]:
    """Return open cases that the group has not seen, oldest first. Confidential ones are never among them."""
    posted = exists().where(staff_posts.c.case_id == cases.c.id, staff_posts.c.chat == chat)
    query = select(*one.columns()).where(cases.c.state.not_in(FINISHED), ~cases.c.confidential, ~posted)
    return [one.of_row(row) for row in await transaction.execute(query.order_by(cases.c.id).limit(limit))]


async def outdated(transaction: Transaction, chat: str, *, limit: int = 20) -> list[tuple[Post, Case]]:
    """Return the posts whose case has changed since, longest unchanged post first."""
    query = (
        select(*_COLUMNS, *one.columns())
        .join(cases, cases.c.id == staff_posts.c.case_id)
        .where(staff_posts.c.chat == chat, staff_posts.c.shown != cases.c.version)
        .order_by(staff_posts.c.id)
        .limit(limit)
    )
    count = len(_COLUMNS)
    return [(Post(*row[:count]), Case(*row[count:])) for row in await transaction.execute(query)]


async def add(transaction: Transaction, case: Case, post: Post) -> None:
    """Keep a post that shows a case as it was read."""
    row = {"case_id": case.id, "chat": post.chat, "message": post.message, "topic": post.topic, "shown": case.version}
    await transaction.execute(insert(staff_posts).values(row))


async def note_shown(transaction: Transaction, post: Post, version: int) -> None:
    """Note which version of its case a post shows now."""
    await transaction.execute(update(staff_posts).where(staff_posts.c.id == post.id).values(shown=version))
