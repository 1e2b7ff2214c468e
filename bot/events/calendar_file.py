"""An event as a calendar file (RFC 5545), in UTC: a phone shows it in its own zone."""

from datetime import UTC

from icalendar import Calendar
from icalendar import Event as Entry

from bot.storage.events import Event

PRODUCT = "-//Mot Cua//motcua//VI"


def of(event: Event, *, host: str, address: str) -> bytes:
    """Return the file; `host` makes the identifier unique in the world, `address` is the event's page.

    A later version of the same event has a higher SEQUENCE and replaces it in a calendar; a cancelled one says so.
    """
    entry = Entry()
    entry.add("uid", f"su-kien-{event.id}@{host}")
    entry.add("dtstamp", event.changed_at.astimezone(UTC))
    entry.add("created", event.created_at.astimezone(UTC))
    entry.add("last-modified", event.changed_at.astimezone(UTC))
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    entry.add("dtend", event.ends_at.astimezone(UTC))
    entry.add("summary", event.name)
    entry.add("location", event.place)
    entry.add("description", event.details)
    entry.add("url", address)
    entry.add("sequence", event.sequence)
    entry.add("status", "CANCELLED" if event.cancelled_at else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
