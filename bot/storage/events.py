"""Events: what they are, who signed up, who waits for a seat. A seat is taken by a conditional update or not at all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy import delete as remove_from

from bot.storage.database import Transaction
from bot.storage.event_tables import event_sign_ups, events
from bot.storage.tables import people


class Place(StrEnum):
    """Where somebody who signed up stands."""

    COMING = "coming"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an official says of an event. Without `seats` there is room for all."""

    name: str
    place: str
    details: str
    starts_at: datetime
    ends_at: datetime
    sign_up_until: datetime
    seats: int | None
    announcement_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Plan):
    """An event as it stands. `sequence` counts its changes, as calendars want it (RFC 5545 3.8.7.4)."""

    id: int
    taken: int
    sequence: int
    cancelled_at: datetime | None
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class SignUp:
    """One person who signed up, with the channel to reach them and the name they chose to give."""

    person: int
    channel: str
    state: Place
    name: str
    signed_at: datetime


_COLUMNS = [events.c[f.name] for f in fields(Event)]


def _event(row: Sequence[Any]) -> Event:
    return Event(**dict(zip([f.name for f in fields(Event)], row, strict=True)))


async def add(transaction: Transaction, plan: Plan, *, now: datetime) -> int:
    """Keep an event; return its id."""
    row = _row(plan) | {"created_at": now, "changed_at": now}
    return int((await transaction.execute(insert(events).values(row).returning(events.c.id))).scalar_one())


def _row(plan: Plan) -> dict[str, Any]:
    return {f.name: getattr(plan, f.name) for f in fields(Plan)}


async def change(transaction: Transaction, event: Event, plan: Plan, *, now: datetime) -> None:
    """Put a new plan in place of an event's, one step further in its sequence."""
    row = _row(plan) | {"changed_at": now, "sequence": events.c.sequence + 1}
    await transaction.execute(update(events).where(events.c.id == event.id).values(row))


async def cancel(transaction: Transaction, event: Event, *, now: datetime) -> None:
    row = {"cancelled_at": now, "changed_at": now, "sequence": events.c.sequence + 1}
    await transaction.execute(update(events).where(events.c.id == event.id).values(row))


async def get(transaction: Transaction, number: int, *, lock: bool = False) -> Event | None:
    """Return an event; with `lock` nobody else signs up or leaves until commit."""
    query = select(*_COLUMNS).where(events.c.id == number)
    row = (await transaction.execute(query.with_for_update() if lock else query)).first()
    return _event(row) if row else None


async def carried_by(transaction: Transaction, announcement: int) -> Event | None:
    """Return the event that an announcement invites to."""
    row = (await transaction.execute(select(*_COLUMNS).where(events.c.announcement_id == announcement))).first()
    return _event(row) if row else None


async def coming(transaction: Transaction, *, now: datetime, limit: int) -> list[Event]:
    """Return the events that are not over or cancelled, the next one first."""
    query = select(*_COLUMNS).where(events.c.ends_at > now, events.c.cancelled_at.is_(None))
    rows = await transaction.execute(query.order_by(events.c.starts_at, events.c.id).limit(limit))
    return [_event(row) for row in rows]


async def page(transaction: Transaction, *, offset: int, limit: int) -> list[Event]:
    """Return all events, the latest first."""
    query = select(*_COLUMNS).order_by(events.c.starts_at.desc(), events.c.id.desc())
    return [_event(row) for row in await transaction.execute(query.offset(offset).limit(limit))]


async def take_seat(transaction: Transaction, event: int) -> bool:
    """Take a seat if there is one."""
    free = or_(events.c.seats.is_(None), events.c.taken < events.c.seats)
    taken = update(events).where(events.c.id == event, free).values(taken=events.c.taken + 1)
    return (await transaction.execute(taken)).rowcount == 1


async def give_seat_back(transaction: Transaction, event: int) -> None:
    free = update(events).where(events.c.id == event, events.c.taken > 0).values(taken=events.c.taken - 1)
    await transaction.execute(free)


def _own(event: int, person: int) -> ColumnElement[bool]:
    return (event_sign_ups.c.event_id == event) & (event_sign_ups.c.person_id == person)


async def sign_up(transaction: Transaction, event: int, person: int, state: Place, *, now: datetime) -> None:
    row = {"event_id": event, "person_id": person, "state": state, "signed_at": now, "since": now}
    await transaction.execute(insert(event_sign_ups).values(row))


async def place_of(transaction: Transaction, event: int, person: int) -> Place | None:
    """Return where a person stands, None when they did not sign up."""
    found = (await transaction.execute(select(event_sign_ups.c.state).where(_own(event, person)))).scalar()
    return Place(found) if found else None


async def leave(transaction: Transaction, event: int, person: int) -> Place | None:
    """Take a person off the list; return where they stood."""
    gone = remove_from(event_sign_ups).where(_own(event, person)).returning(event_sign_ups.c.state)
    found = (await transaction.execute(gone)).scalar()
    return Place(found) if found else None


async def first_waiting(transaction: Transaction, event: int) -> int | None:
    """Return who has waited for a seat longest."""
    is_waiting = (event_sign_ups.c.event_id == event) & (event_sign_ups.c.state == Place.WAITING)
    query = select(event_sign_ups.c.person_id).where(is_waiting).order_by(event_sign_ups.c.id).limit(1)
    return (await transaction.execute(query)).scalar()


async def promote(transaction: Transaction, event: int, person: int, *, now: datetime) -> None:
    """Note that somebody who waited comes now."""
    values = {"state": Place.COMING, "since": now}
    await transaction.execute(update(event_sign_ups).where(_own(event, person)).values(values))


async def people_of(transaction: Transaction, event: int) -> list[int]:
    """Return everybody who signed up, the waiting ones too."""
    query = select(event_sign_ups.c.person_id).where(event_sign_ups.c.event_id == event).order_by(event_sign_ups.c.id)
    return list((await transaction.execute(query)).scalars())


async def told_anew(transaction: Transaction, event: int, *, now: datetime) -> None:
    """Note that all have just been told when an event is: reminders count from here."""
    row = {"since": now, "day_told": False, "hour_told": False}
    await transaction.execute(update(event_sign_ups).where(event_sign_ups.c.event_id == event).values(row))


async def take_unreminded(transaction: Transaction, event: int, which: str, *, moment: datetime) -> list[int]:
    """Return those who come and are to be reminded, `which` is "day_told" or "hour_told"; they count as reminded now.

    Whoever signed up, or was told otherwise, after the reminder's `moment` knows already.
    """
    due = (
        event_sign_ups.c.event_id == event,
        event_sign_ups.c.state == Place.COMING,
        event_sign_ups.c.since < moment,
        ~event_sign_ups.c[which],
    )
    told = update(event_sign_ups).where(*due).values({which: True}).returning(event_sign_ups.c.person_id)
    return sorted((await transaction.execute(told)).scalars())


async def name(transaction: Transaction, event: int, person: int, given: str) -> bool:
    """Keep the name that somebody gave with their sign-up; False when they are not on the list."""
    named = update(event_sign_ups).where(_own(event, person)).values(name=given)
    return (await transaction.execute(named)).rowcount == 1


async def forget_names(transaction: Transaction, person: int) -> None:
    """Remove the names a person gave: they took their agreement back."""
    await transaction.execute(update(event_sign_ups).where(event_sign_ups.c.person_id == person).values(name=""))


async def signed_up(transaction: Transaction, event: int) -> list[SignUp]:
    """Return the list of an event: those who come, then those who wait, each in the order of signing up."""
    c = event_sign_ups.c
    query = (
        select(c.person_id, people.c.channel, c.state, c.name, c.signed_at)
        .join(people, people.c.id == c.person_id)
        .where(c.event_id == event)
        .order_by(c.state, c.id)
    )
    return [SignUp(row[0], row[1], Place(row[2]), *row[3:]) for row in await transaction.execute(query)]


async def waiting(transaction: Transaction, numbers: Collection[int]) -> dict[int, int]:
    """Return how many wait for a seat, by event; those where nobody does are left out."""
    c = event_sign_ups.c
    query = select(c.event_id, func.count()).where(c.event_id.in_(numbers), c.state == Place.WAITING)
    return {row[0]: row[1] for row in await transaction.execute(query.group_by(c.event_id))}


async def of_person(transaction: Transaction, person: int) -> list[tuple[Event, Place, str]]:
    """Return the events a person signed up for, where they stand, and the name they gave."""
    c = event_sign_ups.c
    query = select(c.state, c.name, *_COLUMNS).join(events, events.c.id == c.event_id).where(c.person_id == person)
    return [(_event(row[2:]), Place(row[0]), row[1]) for row in await transaction.execute(query.order_by(c.id))]


async def purge(transaction: Transaction, *, before: datetime) -> int:
    """Delete the lists of events that ended before a moment; how many came stays with the event."""
    old = select(events.c.id).where(events.c.ends_at < before)
    return (await transaction.execute(remove_from(event_sign_ups).where(event_sign_ups.c.event_id.in_(old)))).rowcount
