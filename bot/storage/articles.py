"""Announcements as the public reads them: those that were sent or are being sent. No other is known here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from bot.storage.announcements import State
from bot.storage.broadcast_tables import announcements
from bot.storage.database import Transaction

PUBLIC = (State.SENDING, State.PAUSED, State.FINISHED)  # paused halfway: some have it already


@dataclass(frozen=True, slots=True)
class Article:
    """One announcement on the public pages.

    `body` is Markdown; `corrects` is the one that it puts right; `villages` are those it was sent to, none for all.
    """

    id: int
    title: str
    body: str
    urgent: str
    published_at: datetime
    corrects: int | None
    villages: Sequence[str]


_COLUMNS = [
    announcements.c.id,
    announcements.c.title,
    announcements.c.body,
    announcements.c.urgent,
    announcements.c.started_at,
    announcements.c.corrects,
    announcements.c.villages,
]


def _is_public() -> ColumnElement[bool]:
    return and_(announcements.c.state.in_(PUBLIC), announcements.c.started_at.is_not(None))


async def newest(transaction: Transaction, *, offset: int = 0, limit: int) -> list[Article]:
    """Return a page of what is public, newest first."""
    query = select(*_COLUMNS).where(_is_public()).order_by(announcements.c.started_at.desc(), announcements.c.id.desc())
    return [Article(*row) for row in await transaction.execute(query.offset(offset).limit(limit))]


async def find(transaction: Transaction, number: int) -> Article | None:
    """Return what is public of an announcement, of a recurring one its newest; None when nothing is."""
    is_meant = or_(announcements.c.id == number, announcements.c.series == number)
    query = select(*_COLUMNS).where(_is_public(), is_meant).order_by(announcements.c.started_at.desc()).limit(1)
    row = (await transaction.execute(query)).first()
    return Article(*row) if row else None


async def corrections(transaction: Transaction, numbers: Collection[int]) -> dict[int, list[Article]]:
    """Return the public corrections of announcements, by what they correct, the newest first."""
    query = (
        select(*_COLUMNS)
        .where(_is_public(), announcements.c.corrects.in_(numbers))
        .order_by(announcements.c.started_at.desc(), announcements.c.id.desc())
    )
    found: dict[int, list[Article]] = {}
    for row in await transaction.execute(query):
        article = Article(*row)
        assert article.corrects is not None
        found.setdefault(article.corrects, []).append(article)
    return found
