"""The commune's working days and hours: Vietnamese holidays, make-up Saturdays, the commune's own changes."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import holidays

from bot.calendar import changes
from bot.calendar.changes import Change, Changes
from bot.calendar.hours import DEFAULT, OfficeHours
from bot.clock import ZONE

DAY_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
SATURDAY = 5
_DAY = timedelta(days=1)


class WorkCalendar:
    """Tells working days and open hours, in Viet Nam's zone. Days are dates, moments are aware.

    Holidays come from the `holidays` library (BLLĐ 2019 Điều 111(3), 112; NQ 28/2026/QH16), which also knows the
    make-up Saturdays announced so far; `changes` win over it.
    """

    def __init__(self, changed: Changes, *, hours: OfficeHours = DEFAULT) -> None:
        self.hours = hours
        self.last_confirmed_year = changed.last_confirmed_year
        self._changes = changed.by_day
        self._holidays = holidays.country_holidays("VN", language="vi")

    @classmethod
    def load(cls, own: Path | None = None, *, hours: OfficeHours = DEFAULT) -> "WorkCalendar":
        """Return the calendar with the shipped changes and those of the commune's `own` file (CalendarError)."""
        return cls(changes.load(own), hours=hours)

    def is_working_day(self, day: date) -> bool:
        change = self._changes.get(day)
        return change.is_worked if change else bool(self._holidays.is_working_day(day))

    def is_holiday(self, day: date) -> bool:
        """Tell whether a day is off for another reason than that it is a Saturday or Sunday."""
        change = self._changes.get(day)
        return not change.is_worked if change else day in self._holidays and not self.is_working_day(day)

    def is_open(self, moment: datetime) -> bool:
        return self.next_opening(moment) == moment

    def next_opening(self, moment: datetime) -> datetime:
        """Return `moment` when the office is open then, else when it opens next."""
        day = day_of(moment)
        today = self.hours.next_open(moment.astimezone(ZONE).time()) if self.is_working_day(day) else None
        return _at(day, today) if today else self.opening(self.add_working_days(day, 1))

    def opening(self, day: date) -> datetime:
        return _at(day, self.hours.opening)

    def closing(self, day: date) -> datetime:
        return _at(day, self.hours.closing)

    def working_days_between(self, after: date, until: date) -> int:
        """Return how many working days come after `after`, up to and with `until`; 0 when it is not later."""
        return sum(map(self.is_working_day, _days(after, until)))

    def add_working_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`, from 1; `day` itself is never counted."""
        return self._step(day, count, _DAY)

    def working_day_before(self, day: date) -> date:
        return self._step(day, 1, -_DAY)

    def _step(self, day: date, count: int, step: timedelta) -> date:
        if count < 1:
            raise ValueError(f"cannot count {count} working days")
        while count:
            day += step
            count -= self.is_working_day(day)
        return day

    def left_out(self, after: date, until: date) -> str:
        """Return which days of a period are not counted: "thứ Bảy, Chủ nhật và ngày nghỉ 24/11", or ""."""
        off = [day for day in _days(after, until) if not self.is_working_day(day)]
        weekend = ", ".join(DAY_NAMES[n] for n in (SATURDAY, SATURDAY + 1) if any(day.weekday() == n for day in off))
        rests = self._rests(off)
        is_one_day = [first == last for first, last in rests] == [True]
        word = "ngày nghỉ" if is_one_day else "các ngày nghỉ"
        listed = f"{word} {', '.join(_shown(*rest) for rest in rests)}" if rests else ""
        return " và ".join(filter(None, (weekend, listed)))

    def _rests(self, off: Sequence[date]) -> list[tuple[date, date]]:
        """Return first and last holiday of each unbroken rest; weekends alone are none."""
        rests: list[tuple[date, date]] = []
        for day in off:
            if day.weekday() >= SATURDAY:
                continue
            if rests and not self.working_days_between(rests[-1][1], day):
                rests[-1] = (rests[-1][0], day)
            else:
                rests.append((day, day))
        return rests

    def worked_weekends(self, after: date, until: date) -> tuple[date, ...]:
        """Return the Saturdays and Sundays of a period that are worked to make up for another day."""
        return tuple(d for d in _days(after, until) if d.weekday() >= SATURDAY and self.is_working_day(d))

    def unannounced_years(self, after: date, until: date) -> range:
        """Return the years of a period whose holidays were only computed: a date in them may still change."""
        return range(max(after.year, self.last_confirmed_year + 1), until.year + 1)

    def unconfirmed(self, after: date, until: date) -> tuple[Change, ...]:
        """Return the changes in a period that no official text confirms yet."""
        found = (self._changes[day] for day in _days(after, until) if day in self._changes)
        return tuple(change for change in found if not change.is_confirmed)


def day_of(moment: datetime) -> date:
    """Return the day of a moment in Viet Nam; ValueError when it has no zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone")
    return moment.astimezone(ZONE).date()


def full_day(day: date) -> str:
    """Return a date as the office writes it: "thứ Hai 07/12/2026"."""
    return f"{DAY_NAMES[day.weekday()]} {day:%d/%m/%Y}"


def _days(after: date, until: date) -> Iterator[date]:
    return (after + n * _DAY for n in range(1, (until - after).days + 1))


def _shown(first: date, last: date) -> str:
    return f"{first:%d/%m}" if first == last else f"{first:%d/%m}–{last:%d/%m}"


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=ZONE)
