"""What happened to a case, and the files that belong to it or to a draft."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from bot.storage.case_tables import attachments, case_events
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `by` is citizen, official or system; `shown` tells whether the citizen sees it."""

    kind: str
    by: str
    at: datetime
    text: str = ""
    official_id: int | None = None
    official_name: str = ""
    from_state: str | None = None
    to_state: str | None = None
    shown: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class KeptAttachment:
    """What came with a message, as it is kept. `digest` is None for what has no file: a place, a contact, a refusal."""

    kind: str
    digest: str | None = None
    name: str = ""
    media_type: str = ""
    size: int = 0
    note: str = ""
    latitude: float | None = None
    longitude: float | None = None
    from_official: bool = False
    public: bool = False
    event_id: int | None = None
    id: int = 0


_EVENT = [case_events.c[name] for name in Event.__dataclass_fields__]
_ATTACHMENT = [attachments.c[name] for name in KeptAttachment.__dataclass_fields__]


async def add(transaction: Transaction, case: int, event: Event) -> int:
    """Keep an event; return its id."""
    row = {name: getattr(event, name) for name in Event.__dataclass_fields__ if name != "id"}
    added = insert(case_events).values(case_id=case, **row).returning(case_events.c.id)
    return int((await transaction.execute(added)).scalar_one())


async def of_case(transaction: Transaction, case: int, *, shown_only: bool = False) -> list[Event]:
    """Return the story of a case, oldest first."""
    query = select(*_EVENT).where(case_events.c.case_id == case).order_by(case_events.c.id)
    if shown_only:
        query = query.where(case_events.c.shown)
    return [Event(*row) for row in await transaction.execute(query)]


async def states(transaction: Transaction, case: int) -> list[tuple[datetime, str]]:
    """Return when a case entered each of its states, oldest first."""
    entered = case_events.c.to_state.is_not(None) & (case_events.c.case_id == case)
    query = select(case_events.c.at, case_events.c.to_state).where(entered).order_by(case_events.c.id)
    return [(row[0], row[1]) for row in await transaction.execute(query)]


async def last_of_kind(transaction: Transaction, case: int, kind: str) -> Event | None:
    """Return the newest event of a kind."""
    query = select(*_EVENT).where(case_events.c.case_id == case, case_events.c.kind == kind)
    row = (await transaction.execute(query.order_by(case_events.c.id.desc()).limit(1))).first()
    return Event(*row) if row else None


async def count_of_kind(transaction: Transaction, case: int, kind: str, *, since: datetime) -> int:
    """Return how often something happened to a case since a moment."""
    these = (case_events.c.case_id == case) & (case_events.c.kind == kind) & (case_events.c.at >= since)
    return int((await transaction.execute(select(func.count()).where(these))).scalar_one())


async def attach(
    transaction: Transaction,
    kept: KeptAttachment,
    *,
    draft: int | None = None,
    case: int | None = None,
    now: datetime,
) -> int:
    """Keep an attachment of a draft or of a case; return its id."""
    row = {name: getattr(kept, name) for name in KeptAttachment.__dataclass_fields__ if name != "id"}
    added = insert(attachments).values(draft_id=draft, case_id=case, created_at=now, **row).returning(attachments.c.id)
    return int((await transaction.execute(added)).scalar_one())


async def attachments_of(
    transaction: Transaction, *, case: int | None = None, draft: int | None = None
) -> list[KeptAttachment]:
    """Return what belongs to a case or to a draft, oldest first."""
    whose = attachments.c.case_id == case if case is not None else attachments.c.draft_id == draft
    query = select(*_ATTACHMENT).where(whose).order_by(attachments.c.id)
    return [KeptAttachment(*row) for row in await transaction.execute(query)]


async def count_attachments(transaction: Transaction, *, draft: int) -> int:
    query = select(func.count()).where(attachments.c.draft_id == draft)
    return int((await transaction.execute(query)).scalar_one())


async def hand_to_case(transaction: Transaction, draft: int, case: int, event: int) -> None:
    """Give a draft's attachments to the case it became."""
    whose = attachments.c.draft_id == draft
    await transaction.execute(update(attachments).where(whose).values(draft_id=None, case_id=case, event_id=event))


async def set_public(transaction: Transaction, case: int, attachment: int, *, public: bool) -> bool:
    """Show an attachment of a case on the public page, or hide it; False when it is not the case's."""
    here = (attachments.c.id == attachment) & (attachments.c.case_id == case)
    return (await transaction.execute(update(attachments).where(here).values(public=public))).rowcount == 1


async def tie_loose(transaction: Transaction, case: int, event: int) -> None:
    """Give the officials' attachments that wait for their event to this one."""
    await transaction.execute(update(attachments).where(_loose(case)).values(event_id=event))


async def drop_loose(transaction: Transaction, case: int, attachment: int) -> bool:
    """Delete an official's attachment that was not used yet; False when there is none such."""
    this = _loose(case) & (attachments.c.id == attachment)
    return (await transaction.execute(delete(attachments).where(this))).rowcount == 1


def _loose(case: int) -> ColumnElement[bool]:
    return (attachments.c.case_id == case) & attachments.c.from_official & attachments.c.event_id.is_(None)


async def names_digest(transaction: Transaction, digest: str) -> bool:
    """Tell whether anything kept still needs the file of a digest."""
    query = select(attachments.c.id).where(attachments.c.digest == digest).limit(1)
    return (await transaction.execute(query)).first() is not None


async def remove_attachments(transaction: Transaction, *, case: int) -> list[str]:
    """Delete what a citizen sent with a case; return the digests of the files."""
    gone = delete(attachments).where(attachments.c.case_id == case, ~attachments.c.from_official)
    found = await transaction.execute(gone.returning(attachments.c.digest))
    return [digest for digest in found.scalars() if digest]
