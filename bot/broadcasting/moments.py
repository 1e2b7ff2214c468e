"""When an announcement is sent, as an official chooses it in a form, and how a plan is said in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.broadcasting import dates, schedule
from bot.broadcasting.schedule import AT_ONCE, PlanError
from bot.clock import ZONE

FARTHEST = timedelta(days=2 * 366)
LONGEST_RULE = 64
LAST_SAFE_DAY = 28  # every month has it


class Way(StrEnum):
    """How the moment is chosen."""

    LATER = "chua"
    NOW = "ngay"
    ONCE = "mot-lan"
    WEEKLY = "hang-tuan"
    FIRST = "dau-thang"
    MONTHLY = "ngay-thang"
    LAST = "cuoi-thang"
    RULE = "cron"


WAYS: Mapping[Way, str] = {
    Way.LATER: "Chưa hẹn giờ, hẹn sau khi duyệt",
    Way.NOW: "Ngay khi được duyệt",
    Way.ONCE: "Một lần, vào ngày giờ",
    Way.WEEKLY: "Lặp lại hằng tuần, vào thứ",
    Way.FIRST: "Lặp lại hằng tháng, vào thứ … đầu tháng",
    Way.MONTHLY: "Lặp lại hằng tháng, vào ngày",
    Way.LAST: "Lặp lại hằng tháng, vào ngày cuối tháng",
    Way.RULE: "Lịch riêng, viết như crontab",
}
WEEKDAYS: Mapping[str, str] = dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), dates.NAMES, strict=True))
_RULES: Mapping[Way, str] = {
    Way.WEEKLY: "{minute} {hour} * * {weekday}",
    Way.FIRST: "{minute} {hour} * * {weekday}#1",
    Way.MONTHLY: "{minute} {hour} {date} * *",
    Way.LAST: "{minute} {hour} L * *",
}
_SAID: Mapping[str, str] = {
    Way.LATER: "chưa hẹn giờ",
    Way.NOW: "ngay khi được duyệt",
    Way.ONCE: "{time} {named_day}",
    Way.WEEKLY: "{time} {weekday} hằng tuần",
    Way.FIRST: "{time} {weekday} đầu tháng",
    Way.MONTHLY: "{time} ngày {date} hằng tháng",
    Way.LAST: "{time} ngày cuối tháng",
    Way.RULE: "theo lịch riêng {rule}",
}
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_RULE = re.compile(r"(\d{1,2}) (\d{1,2}) (\*|L|\d{1,2}) \* (\*|[a-z]{3}|[a-z]{3}#1)")


@dataclass(frozen=True, slots=True)
class Moment:
    """What stands in the form. `day` is an ISO date, `date` a day of the month."""

    way: str = Way.LATER
    day: str = ""
    time: str = "07:30"
    weekday: str = "mon"
    date: str = "1"
    rule: str = ""


def plan(moment: Moment, *, now: datetime) -> str:
    """Return what was chosen as a plan for `schedule.parse`; raise PlanError for what cannot be."""
    if moment.way in (Way.LATER, Way.NOW):
        return AT_ONCE if moment.way == Way.NOW else ""
    if moment.way == Way.RULE:
        return _rule(moment.rule)
    if moment.way == Way.ONCE:
        return _once(moment, now)
    if moment.way not in _RULES:
        raise PlanError("xin chọn lúc gửi trong danh sách")
    minute, hour = _clock(moment.time)
    if moment.way in (Way.WEEKLY, Way.FIRST) and moment.weekday not in WEEKDAYS:
        raise PlanError("xin chọn thứ trong tuần")
    if moment.way == Way.MONTHLY and moment.date not in map(str, range(1, LAST_SAFE_DAY + 1)):
        raise PlanError(f"ngày trong tháng từ 1 đến {LAST_SAFE_DAY}; muốn ngày cuối tháng thì chọn “ngày cuối tháng”")
    return _RULES[Way(moment.way)].format(minute=minute, hour=hour, weekday=moment.weekday, date=moment.date)


def _once(moment: Moment, now: datetime) -> str:
    minute, hour = _clock(moment.time)
    try:
        day = datetime.combine(date.fromisoformat(moment.day), time(hour, minute), ZONE)
    except ValueError as error:
        raise PlanError("xin chọn ngày gửi") from error
    if abs(day - now) > FARTHEST:
        raise PlanError("ngày gửi xa quá hai năm; xem lại năm")
    return day.replace(tzinfo=None).isoformat(timespec="minutes")


def _rule(typed: str) -> str:
    rule = " ".join(typed.split())
    if len(rule.split(" ")) != 5 or len(rule) > LONGEST_RULE:
        raise PlanError("lịch riêng cần năm phần: phút giờ ngày tháng thứ, ví dụ 30 7 * * mon#1")
    return rule


def _clock(typed: str) -> tuple[int, int]:
    """Return minute and hour, in the order of a rule."""
    found = _TIME.fullmatch(typed)
    if found is None:
        raise PlanError("xin ghi giờ gửi, ví dụ 07:30")
    return int(found[2]), int(found[1])


def of_plan(text: str) -> Moment:
    """Return the choice that gives a plan."""
    if text in ("", AT_ONCE):
        return Moment(Way.NOW if text else Way.LATER)
    found = schedule.parse(text)
    if found.at:
        return Moment(Way.ONCE, day=f"{found.at:%Y-%m-%d}", time=f"{found.at:%H:%M}")
    simple = _RULE.fullmatch(text)
    way = _way(simple[3], simple[4]) if simple else Way.RULE
    if simple is None or way is Way.RULE:
        return Moment(Way.RULE, rule=text)
    weekday, day = simple[4].removesuffix("#1"), simple[3]
    return Moment(
        way,
        time=f"{int(simple[2]):02}:{int(simple[1]):02}",
        weekday=weekday if weekday in WEEKDAYS else "mon",
        date=day if day.isdecimal() else "1",
    )


def _way(day: str, weekday: str) -> Way:
    if day == "L" and weekday == "*":
        return Way.LAST
    if day.isdecimal() and weekday == "*" and 1 <= int(day) <= LAST_SAFE_DAY:
        return Way.MONTHLY
    if day == "*" and weekday.removesuffix("#1") in WEEKDAYS:
        return Way.FIRST if weekday.endswith("#1") else Way.WEEKLY
    return Way.RULE


def recurs(text: str) -> bool:
    """Tell whether a plan is sent again and again."""
    return bool(text) and schedule.parse(text).is_recurring


def said(text: str) -> str:
    """Return a plan in words: “7:30 thứ Hai đầu tháng”."""
    moment = of_plan(text)
    hour, _, minute = moment.time.partition(":")
    return _SAID[moment.way].format(
        time=f"{int(hour)}:{minute}",
        named_day=_named(moment.day),
        weekday=WEEKDAYS[moment.weekday],
        date=moment.date,
        rule=moment.rule,
    )


def _named(typed: str) -> str:
    if not typed:
        return ""
    day = date.fromisoformat(typed)
    return f"{dates.NAMES[day.weekday()]} {day.day}/{day.month}/{day.year}"
