"""How far sending is: the counts, how fast, and how long it still takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import quiet
from bot.broadcasting import schedule
from bot.storage import announcement_lists, recipients
from bot.storage.announcements import Announcement, State
from bot.storage.database import Transaction

WINDOW = timedelta(minutes=1)
SHORTEST_WINDOW = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where sending stands. `put_off` of the pending wait for tomorrow; `left` is None when nothing is being sent."""

    counts: Mapping[str, int]
    a_minute: int
    put_off: int
    left: timedelta | None
    is_quiet: bool

    @property
    def done(self) -> int:
        return self.counts["recipients"] - self.counts["pending"]

    @property
    def percent(self) -> int:
        total = self.counts["recipients"]
        return 100 * self.done // total if total else 0


async def look(transaction: Transaction, announcement: Announcement, *, now: datetime) -> Progress:
    """Return how far an announcement is."""
    counts = await recipients.counts(transaction, announcement.id)
    if announcement.state is not State.SENDING or announcement.started_at is None:
        return Progress(counts, 0, 0, None, is_quiet=False)
    window = max(SHORTEST_WINDOW, min(WINDOW, now - announcement.started_at))
    tomorrow = schedule.next_day(now)
    pace = await announcement_lists.pace(transaction, announcement.id, since=now - window, until=tomorrow)
    a_minute = round(pace.settled * (WINDOW / window))
    soon = counts["pending"] - pace.put_off
    left = WINDOW * soon / a_minute if a_minute and soon > 0 else None
    is_quiet = not announcement.urgent and quiet.is_quiet(now)
    return Progress(counts, a_minute, pace.put_off, left, is_quiet)
