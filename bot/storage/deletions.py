"""The log of what was deleted: what, how many, why; nothing of what it said. Rows are only ever added."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from bot.storage.case_tables import deletions
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Deletion:
    """So many rows, files or cases of one kind, deleted at one time for one reason."""

    at: datetime
    what: str
    rows: int
    why: str


async def record(transaction: Transaction, what: str, rows: int, why: str, *, now: datetime) -> None:
    """Keep that something was deleted; nothing is kept of nothing."""
    if rows:
        await transaction.execute(insert(deletions).values(at=now, what=what, rows=rows, why=why))


async def page(transaction: Transaction, *, limit: int, offset: int = 0) -> list[Deletion]:
    """Return the log, newest first."""
    columns = [deletions.c[name] for name in Deletion.__dataclass_fields__]
    query = select(*columns).order_by(deletions.c.id.desc()).limit(limit).offset(offset)
    return [Deletion(*row) for row in await transaction.execute(query)]
