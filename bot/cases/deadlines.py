"""When a matter is due, and why that day: counted as BLDS 2015 Điều 147 and 148 say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.calendar.workdays import WorkCalendar, day_of, full_day
from bot.cases.rules import Rule, Rules, Unit

Pause = tuple[datetime, datetime]  # when the citizen was asked; when they answered, or now


@dataclass(frozen=True, slots=True)
class Due:
    """The last moment, how many working days lie before it, the words that say why, and the legal basis.

    `doubts` are sentences: why the day is provisional.
    """

    at: datetime
    working_days: int
    reason: str
    source: str
    doubts: tuple[str, ...] = ()


class Warned(StrEnum):
    """When an official is reminded of a deadline."""

    DAY_BEFORE = "day_before"
    LAST_DAY = "last_day"
    OVERDUE = "overdue"


def due(matter: str, start: datetime, *, calendar: WorkCalendar, rules: Rules, paused: Sequence[Pause] = ()) -> Due:
    """Return when `matter` (a CaseType or another key of deadlines.toml), received at `start`, is due.

    The day of receipt is not counted, whatever its hour and whether or not it is worked (BLDS 2015 Điều 147(2)): a
    message is received when it reaches the system (Luật Giao dịch điện tử 20/2023/QH15 Điều 18, to be verified). The
    last day ends with its office hours, earlier than the 24:00 of Điều 148(6); one that is off gives way to the next
    working day (Điều 148(5)). KeyError when no rule is valid for that day.
    """
    received = day_of(start)
    rule = rules.of(matter, received)
    first = _last_day(rule, received, calendar)
    standing = [(max(asked, start), answered) for asked, answered in paused if rule.pauses and answered > start]
    last = _pushed(first, standing, calendar)
    return Due(
        at=calendar.closing(last),
        working_days=calendar.working_days_between(received, last),
        reason=_reason(rule, (received, first, last), calendar, rules),
        source=rule.basis,
        doubts=tuple(_doubts(received, last, calendar, rules)),
    )


def _last_day(rule: Rule, received: date, calendar: WorkCalendar) -> date:
    if rule.unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(received, rule.days)
    last = received + timedelta(days=rule.days)
    return last if calendar.is_working_day(last) else calendar.add_working_days(last, 1)


def _pushed(last: date, paused: Sequence[Pause], calendar: WorkCalendar) -> date:
    """Return the last day after the pauses, overlapping ones counted once; one begun after it changes nothing.

    Each puts it off by the working days after the question up to the answer. Where the last day passed meanwhile, the
    working day after the answer is left to act on it.
    """
    for asked, answered in _merged(paused):
        if asked > calendar.closing(last):
            break
        until = day_of(answered)
        lost = calendar.working_days_between(day_of(asked), until)
        left = calendar.add_working_days(until, 1) if answered > calendar.closing(last) else last
        last = max(calendar.add_working_days(last, lost) if lost else last, left)
    return last


def _merged(paused: Sequence[Pause]) -> list[Pause]:
    merged: list[Pause] = []
    for asked, answered in sorted(paused):
        if merged and asked <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], answered))
        else:
            merged.append((asked, answered))
    return merged


def _reason(rule: Rule, days: tuple[date, date, date], calendar: WorkCalendar, rules: Rules) -> str:
    received, first, last = days
    say = rules.sentences
    parts = [say["due"].format(days=rule.days, unit=rule.unit, start=f"{received:%d/%m/%Y}")]
    left_out = calendar.left_out(received, last)
    made_up = ", ".join(full_day(day) for day in calendar.worked_weekends(received, last))
    if rule.unit is Unit.WORKING_DAYS and left_out:
        parts.append(say["left_out"].format(days=left_out))
    if rule.unit is Unit.WORKING_DAYS and made_up:
        parts.append(say["made_up"].format(days=made_up))
    if rule.unit is Unit.DAYS and first != received + timedelta(days=rule.days):
        parts.append(say["rolled"])
    if last != first:
        parts.append(say["paused"].format(days=calendar.working_days_between(first, last)))
    return "; ".join(parts) + "."


def _doubts(received: date, last: date, calendar: WorkCalendar, rules: Rules) -> Iterator[str]:
    for year in calendar.unannounced_years(received, last):
        yield rules.sentences["unannounced"].format(year=year)
    for change in calendar.unconfirmed(received, last):
        yield rules.sentences["unconfirmed"].format(day=f"{change.day:%d/%m/%Y}", name=change.name)


def warning_moments(at: datetime, calendar: WorkCalendar) -> dict[Warned, datetime]:
    """Return when to remind an official of a case due `at`: each the opening of a working day, some maybe past."""
    last = day_of(at)
    return {
        Warned.DAY_BEFORE: calendar.opening(calendar.working_day_before(last)),
        Warned.LAST_DAY: calendar.opening(last),
        Warned.OVERDUE: calendar.next_opening(at),
    }
