"""An event in words, and the buttons that go with it wherever it is told of."""

from datetime import datetime

from bot.clock import ZONE
from bot.messages import Choice
from bot.storage.events import Event
from bot.texts import Texts, day

EVENT_BUTTON = "sk"  # the letter of an event's buttons in the conversation (handlers.actions)
_DAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def clock(at: datetime) -> str:
    """Return a time of day as people write it: 7:30."""
    local = at.astimezone(ZONE)
    return f"{local.hour}:{local:%M}"


def moment(at: datetime) -> str:
    """Return a moment as people write it: 7:30 thứ Bảy 28/11/2026."""
    local = at.astimezone(ZONE)
    return f"{clock(at)} {_DAYS[local.weekday()]} {day(local)}"


def when(event: Event) -> str:
    """Return from when to when an event lasts: 7:30–11:00 thứ Bảy 28/11/2026."""
    if event.starts_at.astimezone(ZONE).date() == event.ends_at.astimezone(ZONE).date():
        return f"{clock(event.starts_at)}–{moment(event.ends_at)}"
    return f"từ {moment(event.starts_at)} đến {moment(event.ends_at)}"


def seats(event: Event, texts: Texts) -> str:
    """Return how much room is left."""
    if event.seats is None:
        return texts.say("events.unlimited")
    free = event.seats - event.taken
    return texts.say("events.free", count=free) if free > 0 else texts.say("events.full")


def button(event: Event, verb: str, texts: Texts) -> Choice:
    return Choice(f"{EVENT_BUTTON}:{event.id}:{verb}", texts.say(f"event_buttons.{verb}"))


def about(event: Event) -> dict[str, str]:
    """Return what the sentences about an event are filled in with."""
    return {"name": event.name, "when": when(event), "place": event.place, "time": clock(event.starts_at)}
