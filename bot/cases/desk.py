"""What every dealing with a case needs: the sentences, the calendar, the deadlines, the sorter of messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.calendar.workdays import WorkCalendar, full_day
from bot.cases.deadlines import Due, Pause, due
from bot.cases.rules import Rules
from bot.cases.sorting import Sorter
from bot.clock import ZONE
from bot.texts import Texts


@dataclass(frozen=True)
class Desk:
    """The commune's desk: built once, in `bot.assembly`."""

    texts: Texts
    calendar: WorkCalendar
    rules: Rules
    sorter: Sorter

    def due(self, matter: str, start: datetime, *, paused: Sequence[Pause] = ()) -> Due:
        """Return when a matter received at `start` is due, and why."""
        return due(matter, start, calendar=self.calendar, rules=self.rules, paused=paused)

    def day(self, moment: datetime | None) -> str:
        """Return a deadline as citizens read it: "thứ Hai 07/12/2026"; "" for none."""
        return full_day(moment.astimezone(ZONE).date()) if moment else ""
