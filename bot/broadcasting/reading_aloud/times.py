"""Days, spans of days, months, times of the day; and two numbers with a stroke between, which may be a day."""

import re

from bot.broadcasting.reading_aloud import numerals
from bot.broadcasting.reading_aloud.context import ALONE, END, FREE, Found, after, before, rule


def _day(found: Found) -> str:
    day, month, year = int(found["day"]), int(found["month"]), found["year4"]
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return " trên ".join(numerals.plain(part) for part in re.findall(r"\d+", found[0]))
    full = f"20{year}" if len(year) == 2 else year
    return f"{_day_word(found)}{_of_month(day, month)} năm {numerals.number(int(full))}"


def _day_word(found: Found) -> str:
    return "" if before(found, r"\b(?:ngày|mùng|mồng)\s+") else "ngày "


def _of_month(day: int, month: int) -> str:
    return f"{numerals.number(day)} tháng {numerals.month(month)}"


def _days(found: Found) -> str:
    """Return a span of days of one month: 20-25/11."""
    said = f"{numerals.number(int(found['from']))} đến ngày {_of_month(int(found['until']), int(found['in']))}"
    year = f" năm {numerals.number(int(found['year4']))}" if found["year4"] else ""
    return f"{_day_word(found)}{said}{year}"


_PARTS_OF = r"\s+(?:số|tổng|diện tích|dân số|hộ|thời gian|ngày|giờ|suất|cân|kg|quãng|chiều|giá|mức|lương)\b"
_DATES_BEFORE = r"(?:ngày|hết|trước|sau|từ|đến|sáng|trưa|chiều|tối|hôm|thứ \w+|chủ nhật|lễ|và|,|[-–])\s*\(?"


def _pair(found: Found) -> str:
    """Return two numbers with a stroke between: a day and month, else a fraction."""
    one, other = int(found["one"]), int(found["two"])
    is_day = 1 <= one <= 31 and 1 <= other <= 12 and (one, other) != (24, 7)
    is_day = is_day and not before(found, r"\b(?:số|nhà|ngõ|ngách|hẻm|thửa|tờ)\s+")
    if is_day and (before(found, _DATES_BEFORE) or not (one < other and after(found, _PARTS_OF))):
        return _day_word(found) + _of_month(one, other)
    if one < other <= 10:
        return f"{numerals.number(one)} phần {numerals.month(other)}"
    return f"{numerals.plain(found['one'])} trên {numerals.plain(found['two'])}"


def _month(found: Found) -> str:
    value, year = int(found["mm"]), numerals.number(int(found["yyyy"]))
    if not 1 <= value <= 12 or before(found, r"\b(?:đợt|lần|kỳ|số|khóa)\s+"):
        return f"{numerals.number(value)} năm {year}"
    word = "" if before(found, r"\b(?:tháng|quý)\s+") else "tháng "
    return f"{word}{numerals.month(value)} năm {year}"


def _time(found: Found) -> str:
    hour, minute = int(found["hour"] or found["hour2"]), int(found["minute"] or found["minute2"] or 0)
    if hour > 24 or minute > 59:
        return f"{numerals.number(hour)} giờ {numerals.number(minute)}"
    if not minute:
        return f"{numerals.number(hour)} giờ"
    word = " phút" if minute < 10 and not after(found, r"\s*(?:phút|ph|p|')") else ""
    return f"{numerals.number(hour)} giờ {numerals.number(minute)}{word}"


def _weekday(found: Found) -> str:
    return f"thứ {numerals.ordinal(int(found['weekday']))}"


RULES = (
    rule(rf"{FREE}(?P<day>\d{{1,2}})(?P<by>[/.-])(?P<month>\d{{1,2}})(?P=by)(?P<year4>\d{{4}}|\d\d)(?![\d/])", _day),
    rule(
        rf"{FREE}(?P<from>[12]?\d|3[01]|0[1-9])\s?[-–]\s?(?P<until>[12]\d|3[01]|0?[1-9])(?=/)"
        r"/(?P<in>1[0-2]|0?[1-9])(?:/(?P<year4>\d{4}))?(?![\d/])",
        _days,
    ),
    rule(rf"{FREE}(?P<mm>\d{{1,2}})/(?P<yyyy>(?:19|20)\d\d)(?![\d/])", _month),
    rule(
        rf"{FREE}(?:(?P<hour>\d{{1,2}})\s?(?:[hgH]\s?|giờ\s+)(?P<minute>\d\d)(?!\d|[.,/]\d)"
        r"|(?P<hour2>[01]?\d|2[0-4]):(?P<minute2>[0-5]\d)(?![\d:]))(?:h\b|')?",
        _time,
    ),
    rule(rf"{ALONE}T(?P<weekday>[2-7]){END}(?!/)", _weekday),
    rule(rf"{ALONE}T(?P<mm>\d{{1,2}})/(?P<yyyy>\d{{4}}){END}", _month),
    rule(rf"{FREE}(?P<one>\d{{1,3}})/(?P<two>\d{{1,3}})(?![\d/]|[.,]\d)", _pair),
)
