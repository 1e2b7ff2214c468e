"""When an announcement is sent: at once, at a moment, or by a rule; the quiet hours, the days off.

All moments are aware, in Viet Nam's zone.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from apscheduler.triggers.cron import CronTrigger

from bot.calendar.workdays import WorkCalendar
from bot.clock import ZONE
from bot.quiet import QUIET_UNTIL, opening

AT_ONCE = "now"
SOONEST = timedelta(microseconds=1)

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ORDINALS = {"1": "1st", "2": "2nd", "3": "3rd", "4": "4th", "5": "5th"}
_DAY = rf"(?:{'|'.join(_DAYS[:7])}|[0-7])"
_WEEKDAYS = re.compile(rf"\*|{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*")  # APScheduler overlooks what follows a day
_FIRST_OF_MONTH = re.compile(r"([a-z]{3}|[0-7])#([1-5])")


class PlanError(ValueError):
    """A plan that cannot be kept; the sentence says why and what is understood."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When to send: `at` a moment, or each time the `rule` says; neither is at once."""

    at: datetime | None = None
    rule: CronTrigger | None = None

    @property
    def is_recurring(self) -> bool:
        return self.rule is not None

    def first(self, now: datetime, calendar: WorkCalendar, *, urgent: bool = False) -> datetime:
        """Return the first moment to send, not before `now` unless the plan names one in the past."""
        if self.rule is None:
            return _allowed(self.at or now, urgent=urgent)
        found = self.following(now - SOONEST, calendar, urgent=urgent)
        if found is None:
            raise PlanError("lịch này không có ngày nào; xem lại ngày và tháng")
        return found

    def following(self, after: datetime, calendar: WorkCalendar, *, urgent: bool = False) -> datetime | None:
        """Return the next moment of a recurring plan after one, None when there is none.

        One that falls on a public holiday, by the commune's calendar, moves to the next working day.
        """
        assert self.rule is not None
        raw = self.rule.get_next_fire_time(None, after + SOONEST)
        if raw is None:
            return None
        moment = _allowed(raw, urgent=urgent)
        if urgent or not calendar.is_holiday(moment.date()):
            return moment
        return datetime.combine(calendar.add_working_days(moment.date(), 1), moment.timetz())


def parse(text: str) -> Plan:
    """Return the plan that a text says: `now`, a moment in ISO form, or a rule of five fields as in crontab.

    A rule also knows `mon#1`, the first Monday of a month, and `L`, a month's last day. PlanError otherwise.
    """
    if text == AT_ONCE:
        return Plan()
    if len(text.split()) == 5:
        return Plan(rule=_rule(text.lower().split()))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        example = "ví dụ 2026-11-25T07:30, hoặc lịch lặp “30 7 * * mon#1” (7:30 thứ Hai đầu tháng)"
        raise PlanError(f"“{text}”: không hiểu lúc gửi; {example}") from error
    return Plan(at=moment.astimezone(ZONE) if moment.tzinfo else moment.replace(tzinfo=ZONE))


def _rule(fields: list[str]) -> CronTrigger:
    minute, hour, day, month, weekday = fields
    if day != "*" and weekday != "*":
        raise PlanError("lịch lặp: chỉ đặt ngày trong tháng hoặc thứ trong tuần, chỗ kia để dấu *")
    special = _FIRST_OF_MONTH.fullmatch(weekday)
    if special:
        name = _DAYS[int(special[1])] if special[1].isdigit() else special[1]
        day, weekday = f"{_ORDINALS[special[2]]} {name}", "*"
    try:
        if not _WEEKDAYS.fullmatch(weekday):
            raise ValueError(weekday)
        # Crontab counts days from Sunday, APScheduler from Monday: only names mean the same in both.
        weekday = re.sub(r"[0-7]", lambda found: _DAYS[int(found[0])], weekday)
        return CronTrigger(
            minute=minute,
            hour=hour,
            day="last" if day == "l" else day,
            month=month,
            day_of_week=weekday,
            timezone=ZONE,
        )
    except ValueError as error:
        raise PlanError(
            f"lịch lặp “{' '.join(fields)}” không hiểu được; cần năm phần: phút giờ ngày tháng thứ"
        ) from error


def start_of_day(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(ZONE).date(), time.min, ZONE)


def next_day(moment: datetime) -> datetime:
    """Return when those are served who have had their one announcement of the day: before anything else that day."""
    return datetime.combine(moment.astimezone(ZONE).date() + timedelta(days=1), QUIET_UNTIL, ZONE)


def _allowed(moment: datetime, *, urgent: bool) -> datetime:
    return moment.astimezone(ZONE) if urgent else opening(moment)
