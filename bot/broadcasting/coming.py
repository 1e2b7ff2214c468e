"""The calendar of what is coming: each announcement on the days it will be sent, recurring ones as their rule says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.broadcasting import schedule
from bot.calendar.workdays import WorkCalendar
from bot.clock import ZONE
from bot.storage.announcements import Announcement

DAYS = 7


@dataclass(frozen=True, slots=True)
class Coming:
    """One announcement on one day."""

    at: datetime
    announcement: Announcement


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar."""

    day: date
    is_of_month: bool
    is_holiday: bool
    coming: Sequence[Coming]


def month(first: date, announcements: Sequence[Announcement], calendar: WorkCalendar) -> list[list[Day]]:
    """Return the weeks of a month, from Monday, with what will be sent; several a day of one rule count once."""
    start = first - timedelta(days=first.weekday())
    following = (first.replace(day=28) + timedelta(days=DAYS)).replace(day=1)
    weeks = -((start - following) // timedelta(days=DAYS))
    end = start + timedelta(days=DAYS * weeks)
    found = sorted(
        (
            one
            for announcement in announcements
            for one in _of(announcement, calendar, _midnight(start), _midnight(end))
        ),
        key=lambda one: one.at,
    )
    days = [start + timedelta(days=number) for number in range(DAYS * weeks)]
    shown = [
        Day(
            day,
            (day.year, day.month) == (first.year, first.month),
            calendar.is_holiday(day),
            [one for one in found if one.at.date() == day],
        )
        for day in days
    ]
    return [shown[number : number + DAYS] for number in range(0, len(shown), DAYS)]


def _of(announcement: Announcement, calendar: WorkCalendar, since: datetime, until: datetime) -> Iterator[Coming]:
    """Yield the moments of a scheduled announcement in a span, the first of each day."""
    at, urgent = announcement.due_at, bool(announcement.urgent)
    plan = schedule.parse(announcement.plan)
    if at and plan.is_recurring and at < since:
        at = plan.following(since - schedule.SOONEST, calendar, urgent=urgent)
    while at and at < until:
        if at >= since:
            yield Coming(at, announcement)
        if not plan.is_recurring:
            return
        at = plan.following(_midnight(at.date() + timedelta(days=1)) - schedule.SOONEST, calendar, urgent=urgent)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
