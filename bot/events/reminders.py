"""Reminding of events: a day and an hour before, never at night, each person once."""

from datetime import datetime, time, timedelta

from bot import notices, quiet
from bot.clock import ZONE
from bot.events import words
from bot.messages import Reply
from bot.storage import events
from bot.storage.database import Database
from bot.storage.events import Event
from bot.texts import Texts

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EVENING = time(20, 0)  # for what would fall into the quiet hours of the evening
MOST_EVENTS = 200


def day_before(event: Event) -> datetime:
    """Return when the first reminder goes: a day before, earlier in the evening or later in the morning if quiet."""
    moment = (event.starts_at - DAY).astimezone(ZONE)
    if moment.time() >= quiet.QUIET_FROM:
        return datetime.combine(moment.date(), EVENING, ZONE)
    return quiet.opening(moment)


def hour_before(event: Event) -> datetime:
    """Return when the second reminder goes; not before the quiet hours end, so never for an event at six."""
    moment = (event.starts_at - HOUR).astimezone(ZONE)
    if moment.time() >= quiet.QUIET_FROM:
        return datetime.combine(moment.date(), EVENING, ZONE)
    return quiet.opening(moment)


def reminder(event: Event, now: datetime) -> tuple[str, str, datetime] | None:
    """Return what is to be said of an event now: which reminder, its sentence, its moment; None for nothing.

    One that was missed, as on a machine that was off, is left out once the next is due.
    """
    if now >= event.starts_at:
        return None
    if now >= hour_before(event):
        return "hour_told", "events.hour_before", hour_before(event)
    if now >= day_before(event):
        return "day_told", "events.day_before", day_before(event)
    return None


async def remind(database: Database, texts: Texts, *, now: datetime) -> int:
    """Remind everybody who is due, once; return how many. Two processes at it share them out."""
    if quiet.is_quiet(now):
        return 0
    async with database.transaction() as transaction:
        soon = await events.coming(transaction, now=now, limit=MOST_EVENTS)
    return sum([await _remind_of(database, event.id, texts, now=now) for event in soon if reminder(event, now)])


async def _remind_of(database: Database, number: int, texts: Texts, *, now: datetime) -> int:
    async with database.transaction() as transaction:
        event = await events.get(transaction, number, lock=True)  # not while somebody moves it
        due = reminder(event, now) if event and event.cancelled_at is None else None
        if event is None or due is None:
            return 0
        which, sentence, moment = due
        reminded = await events.take_unreminded(transaction, number, which, moment=moment)
        reply = Reply(texts.say(sentence, **words.about(event)), (words.button(event, "leave", texts),))
        for person in reminded:
            await notices.tell(transaction, person, [reply], now=now)
    return len(reminded)
