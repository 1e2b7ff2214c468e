"""What people asked for about their own data, by when the law wants it done, and what was done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from bot.storage.case_tables import data_requests
from bot.storage.database import Transaction
from bot.storage.tables import people


@dataclass(frozen=True, slots=True)
class DataRequest:
    """One request. `channel` is where the person is reached; "" once the person is no longer known."""

    id: int
    person_id: int | None
    kind: str
    text: str
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None
    done_by: str
    outcome: str
    channel: str = ""


_OWN = [data_requests.c[name] for name in DataRequest.__dataclass_fields__ if name != "channel"]
_COLUMNS: list[Any] = [*_OWN, func.coalesce(people.c.channel, "")]
_SHOWN = select(*_COLUMNS).select_from(data_requests).outerjoin(people)


async def add(
    transaction: Transaction, person: int, kind: str, *, text: str = "", now: datetime, due: datetime
) -> DataRequest:
    """Keep a request that is still to be done."""
    row = {"person_id": person, "kind": kind, "text": text, "asked_at": now, "due_at": due}
    added = await transaction.execute(insert(data_requests).values(row).returning(data_requests.c.id))
    found = await get(transaction, int(added.scalar_one()))
    assert found is not None
    return found


async def get(transaction: Transaction, request: int) -> DataRequest | None:
    row = (await transaction.execute(_SHOWN.where(data_requests.c.id == request))).first()
    return DataRequest(*row) if row else None


async def finish(transaction: Transaction, request: int, *, by: str, outcome: str, now: datetime) -> bool:
    """Note what was done about a request; False when it was done before."""
    waiting = (data_requests.c.id == request) & data_requests.c.done_at.is_(None)
    done = update(data_requests).where(waiting).values(done_at=now, done_by=by, outcome=outcome)
    return (await transaction.execute(done)).rowcount == 1


async def page(transaction: Transaction, *, done: bool, limit: int, offset: int = 0) -> list[DataRequest]:
    """Return the requests still to be done, the most pressing first; or those done, the newest first."""
    if done:
        query = _SHOWN.where(data_requests.c.done_at.is_not(None)).order_by(data_requests.c.done_at.desc())
    else:
        query = _SHOWN.where(data_requests.c.done_at.is_(None)).order_by(data_requests.c.due_at)
    query = query.order_by(data_requests.c.id).limit(limit).offset(offset)
    return [DataRequest(*row) for row in await transaction.execute(query)]


async def waiting(transaction: Transaction) -> int:
    """Return how many requests are still to be done."""
    query = select(func.count()).select_from(data_requests).where(data_requests.c.done_at.is_(None))
    return int((await transaction.execute(query)).scalar_one())


async def of_person(transaction: Transaction, person: int) -> list[DataRequest]:
    """Return what a person asked for, oldest first."""
    query = _SHOWN.where(data_requests.c.person_id == person).order_by(data_requests.c.id)
    return [DataRequest(*row) for row in await transaction.execute(query)]


async def empty_done(transaction: Transaction, person: int) -> None:
    """Forget the words of a person's requests that were done; that they were made stays as proof."""
    done = (data_requests.c.person_id == person) & data_requests.c.done_at.is_not(None)
    await transaction.execute(update(data_requests).where(done).values(text=""))
