"""Dates as an author writes them, checked against the calendar before many people read them."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_LOOKS_BACK = 60  # days: a date without its year is the first one not longer ago than this

_WEEKDAYS = {
    **dict.fromkeys(("hai", "2"), 0),
    **dict.fromkeys(("ba", "3"), 1),
    **dict.fromkeys(("tư", "4"), 2),
    **dict.fromkeys(("năm", "5"), 3),
    **dict.fromkeys(("sáu", "6"), 4),
    **dict.fromkeys(("bảy", "bẩy", "7"), 5),
}
_WEEKDAY = r"(?:thứ\s+(?P<weekday>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|t(?P<short>[2-7])|(?P<sunday>chủ\s+nhật|cn))"
_DATE = r"(?P<day>\d{1,2})(?:\s*[/.-]\s*(?P<month>\d{1,2})(?:\s*[/.-]\s*(?P<year>\d{4}))?\b(?!\s*[/%])"
_DATE += r"|\s+tháng\s+(?P<month2>\d{1,2})(?:(?:\s+năm\s+|/)(?P<year2>\d{4}))?)"
_NAMED = re.compile(rf"\b{_WEEKDAY}\s*,?\s*\(?(?:ngày\s+)?{_DATE}", re.IGNORECASE)
_WHOLE = re.compile(r"(?<![\d/.-])(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})\b")
_DATED = re.compile(rf"\bngày\s+{_DATE}", re.IGNORECASE)


def faults(text: str, *, today: date) -> list[str]:
    """Return a sentence for each date that is in no calendar or does not fall on the weekday beside it."""
    return list(dict.fromkeys(_faults(unicodedata.normalize("NFC", text), today)))


def _faults(text: str, today: date) -> Iterator[str]:
    for found in _NAMED.finditer(text):
        day, said = _date(found, today), _weekday(found)
        if day and day.weekday() != said:
            yield f"“{found[0]}”: {day.day}/{day.month}/{day.year} là {NAMES[day.weekday()]}"
    introduced = [*_NAMED.finditer(text), *_DATED.finditer(text)]
    alone = [one for one in _WHOLE.finditer(text) if not any(one.end() == other.end() for other in introduced)]
    for found in (*introduced, *alone):
        if _date(found, today) is None:
            yield f"“{found[0]}”: không có ngày này"


def _weekday(found: re.Match[str]) -> int:
    name = found["weekday"] or found["short"]
    return _WEEKDAYS[name.lower()] if name else 6


def _date(found: re.Match[str], today: date) -> date | None:
    """Return the day that is meant, None when there is no such day."""
    given = found.groupdict()
    day, month = int(found["day"]), int(found["month"] or given["month2"])
    written = found["year"] or given.get("year2")
    for year in (int(written),) if written else range(today.year - 1, today.year + 9):
        try:
            meant = date(year, month, day)
        except ValueError:
            continue
        if written or (meant - today).days >= -_LOOKS_BACK:
            return meant
    return None
