"""Signing up for an event and leaving it. Whoever holds the event's row decides; the seats are never overbooked."""

from datetime import datetime
from enum import StrEnum

from bot import notices
from bot.events import words
from bot.messages import Reply
from bot.storage import events
from bot.storage.database import Transaction
from bot.storage.events import Event, Place
from bot.texts import Texts

LONGEST_NAME = 80
PURPOSE, WORDING = "su_kien", "su_kien-1"  # the agreement to give a name, and the text it was given to


class Outcome(StrEnum):
    """What came of a wish to take part."""

    COMING = "coming"
    WAITING = "waiting"
    ALREADY = "already"
    ALREADY_WAITING = "already_waiting"
    CLOSED = "closed"
    CANCELLED = "cancelled"


def is_open(event: Event, now: datetime) -> bool:
    """Tell whether people may sign up."""
    return event.cancelled_at is None and now < min(event.sign_up_until, event.ends_at)


async def sign_up(transaction: Transaction, event: Event, person: int, *, now: datetime) -> Outcome:
    """Give a person a seat or a place in the queue; `event` was read with its lock."""
    standing = await events.place_of(transaction, event.id, person)
    if event.cancelled_at is not None:
        return Outcome.CANCELLED
    if standing:
        return Outcome.ALREADY if standing is Place.COMING else Outcome.ALREADY_WAITING
    if not is_open(event, now):
        return Outcome.CLOSED
    has_seat = await events.take_seat(transaction, event.id)
    state = Place.COMING if has_seat else Place.WAITING
    await events.sign_up(transaction, event.id, person, state, now=now)
    return Outcome.COMING if has_seat else Outcome.WAITING


async def leave(transaction: Transaction, event: Event, person: int, texts: Texts, *, now: datetime) -> bool:
    """Take a person off the list and let the next one in; False when they were not on it."""
    stood = await events.leave(transaction, event.id, person)
    if stood is Place.COMING and now < event.ends_at:
        await events.give_seat_back(transaction, event.id)
        await fill(transaction, event, texts, now=now)
    return stood is not None


async def fill(transaction: Transaction, event: Event, texts: Texts, *, now: datetime) -> None:
    """Give the free seats to those who wait, in their order, and tell them. Nobody is let in once it has begun."""
    if event.cancelled_at is not None or now >= event.starts_at:
        return
    text, leaving = texts.say("events.promoted", **words.about(event)), words.button(event, "leave", texts)
    while (person := await events.first_waiting(transaction, event.id)) is not None:
        if not await events.take_seat(transaction, event.id):
            return
        await events.promote(transaction, event.id, person, now=now)
        await notices.tell(transaction, person, [Reply(text, (leaving,))], now=now)


async def leave_all(transaction: Transaction, person: int, texts: Texts, *, now: datetime) -> int:
    """Take a person off every list, as if they had left; return how many lists."""
    signed = sorted(event.id for event, _, _ in await events.of_person(transaction, person))
    for number in signed:
        event = await events.get(transaction, number, lock=True)
        if event:
            await leave(transaction, event, person, texts, now=now)
    return len(signed)
