"""Posters and leaflets: the place each hangs at, and how many came by it. Counts only, a place and a day each."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, select

from bot.storage.broadcast_tables import announcements
from bot.storage.database import Transaction, insert_into
from bot.storage.poster_tables import poster_days, posters

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another when it is typed from paper
CODE_LENGTH = 6  # 800 million: somebody who guesses finds none


@dataclass(frozen=True, slots=True)
class Poster:
    """What hangs at one place. `code` is what its QR code leads by."""

    code: str
    announcement: int
    place: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How many came by one poster: who opened its address, and who then spoke with the assistant."""

    code: str
    place: str
    announcement: int
    title: str
    visits: int
    conversations: int


_COLUMNS = [posters.c.code, posters.c.announcement_id, posters.c.place, posters.c.created_at]


async def add(transaction: Transaction, announcement: int, place: str, *, now: datetime) -> Poster:
    """Return the poster of an announcement at a place, new unless there is one."""
    same = (posters.c.announcement_id == announcement) & (posters.c.place == place)
    found = (await transaction.execute(select(*_COLUMNS).where(same))).first()
    if found:
        return Poster(*found)
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    row = {"code": code, "announcement_id": announcement, "place": place, "created_at": now}
    await transaction.execute(insert(posters).values(row))
    return Poster(code, announcement, place, now)


async def find(transaction: Transaction, code: str) -> Poster | None:
    """Return a poster by its code as somebody typed it, None when there is none."""
    code = code.lower()
    if len(code) != CODE_LENGTH or not set(code) <= set(LETTERS):
        return None
    row = (await transaction.execute(select(*_COLUMNS).where(posters.c.code == code))).first()
    return Poster(*row) if row else None


async def remove(transaction: Transaction, code: str, *, announcement: int) -> bool:
    """Forget a poster of an announcement by which nobody came yet; tell whether there was such a one."""
    used = exists().where(poster_days.c.code == posters.c.code)
    this = (posters.c.code == code) & (posters.c.announcement_id == announcement)
    return (await transaction.execute(delete(posters).where(this, ~used))).rowcount == 1


async def count(transaction: Transaction, code: str, what: Literal["visits", "conversations"], *, day: date) -> None:
    """Count one more on a day."""
    one = insert_into(transaction, poster_days).values({"code": code, "day": day, what: 1})
    more = {what: poster_days.c[what] + 1}
    await transaction.execute(
        one.on_conflict_do_update(index_elements=[poster_days.c.code, poster_days.c.day], set_=more)
    )


async def tallies(
    transaction: Transaction,
    *,
    announcement: int | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 1_000,
) -> list[Tally]:
    """Return how many came by each poster, those with most first, between two days; the latter still counts."""
    days: list[ColumnElement[bool]] = [poster_days.c.code == posters.c.code]
    days += [poster_days.c.day >= since] if since else []
    days += [poster_days.c.day <= until] if until else []
    visits = func.coalesce(func.sum(poster_days.c.visits), 0)
    conversations = func.coalesce(func.sum(poster_days.c.conversations), 0)
    query = (
        select(posters.c.code, posters.c.place, posters.c.announcement_id, announcements.c.title, visits, conversations)
        .select_from(posters.join(announcements).outerjoin(poster_days, and_(*days)))
        .where(posters.c.announcement_id == announcement if announcement is not None else posters.c.code.is_not(None))
        .group_by(posters.c.code, posters.c.place, posters.c.announcement_id, announcements.c.title)
        .order_by(visits.desc(), posters.c.place, posters.c.code)
        .limit(limit)
    )
    return [
        Tally(code, place, number, title, int(v), int(c))
        for code, place, number, title, v, c in await transaction.execute(query)
    ]
