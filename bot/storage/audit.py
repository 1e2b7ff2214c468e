"""What officials did. Rows are only ever added: logs are to be kept 12 months or more (NĐ 333, Điều 16)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import insert, select

from bot.clock import ZONE
from bot.storage.database import Transaction
from bot.storage.official_tables import audit


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing done: when, by whom (no id: at the machine itself, or before signing in), to what."""

    at: datetime
    official: int | None
    name: str
    action: str
    subject: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted; what is empty does not matter. Both days belong to it."""

    name: str = ""
    action: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None


async def record(transaction: Transaction, entry: Entry) -> None:
    """Keep an entry. Secrets have no place in its details."""
    row = {
        "at": entry.at,
        "official_id": entry.official,
        "name": entry.name,
        "action": entry.action,
        "subject": entry.subject[:64],
        "details": json.dumps(dict(entry.details), ensure_ascii=False),
    }
    await transaction.execute(insert(audit).values(row))


async def entries(transaction: Transaction, wanted: Filter, *, limit: int, offset: int = 0) -> list[Entry]:
    """Return the newest entries that pass the filter."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit).offset(offset)
    for column, value in ((audit.c.name, wanted.name), (audit.c.action, wanted.action)):
        if value:
            query = query.where(column == value)
    if wanted.subject:
        query = query.where(audit.c.subject == wanted.subject)
    if wanted.since:
        query = query.where(audit.c.at >= _midnight(wanted.since))
    if wanted.until:
        query = query.where(audit.c.at < _midnight(wanted.until) + timedelta(days=1))
    found = (await transaction.execute(query)).mappings()
    return [
        Entry(r["at"], r["official_id"], r["name"], r["action"], r["subject"], json.loads(r["details"])) for r in found
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
