"""Open cases that probably tell of the same thing, so that a citizen learns "đã có 3 người báo" and clerks merge."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from bot.messages import Place
from knowledge.vietnamese import fold

EARTH = 6_371_000.0  # metres, mean radius
NEAR = 150.0  # metres: what one lamp, one hole, one heap of rubbish can be mistaken by
FAR = 1_000.0  # metres: never the same place
FRESH = timedelta(days=7)
STALE = timedelta(days=90)  # an older case is no longer the same event

# Set on the pairs in tests/cases/test_similar.py.
LIKELY = 0.69
TEXT, PLACE, TIME = 0.8, 0.15, 0.05  # what each is worth
UNKNOWN_WORDS = 0.65  # of the text, where one sent only a photo
SAME_VILLAGE = 0.7  # of a place, where no points are known
UNKNOWN_PLACE = 0.35
OTHER_NUMBER = 0.6  # what is left of a likeness in words between ngõ 5 and ngõ 7

# What everybody writes about everything.
_FILLERS = frozenset(
    fold(
        "ạ à ơi với và thì là mà ở chỗ nơi tại có bị được rất quá lắm rồi nữa của tôi tui em chúng nhà xã ủy ban mong "
        "nhờ xin đề nghị cho hãy giúp báo phản ánh kiến nghị sửa hôm qua nay mấy cả tuần tháng ngày từ tới đến giờ "
        "không ko ai chưa thấy hết ra xuống lên một cái con các những này kia đó đây cũng vẫn hay nên gì"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Report:
    """What of a case can be like another. `code` is empty in a new one; `village` is the thôn."""

    text: str
    reported_at: datetime
    village: str = ""
    place: Place | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """An open case and how surely it is the same matter, from 0 to 1."""

    code: str
    score: float


def similar(new: Report, cases: Iterable[Report], *, most: int = 3) -> list[Likeness]:
    """Return the cases that are likely the same matter as `new`, likeliest first.

    Give only cases that its author may know of: never a tố cáo. Different thôn, points a kilometre apart or three
    months between them are never the same.
    """
    found = [Likeness(case.code, _score(new, case)) for case in cases]
    likely = sorted((each for each in found if each.score >= LIKELY), key=lambda each: -each.score)
    return likely[:most]


def metres(one: Place, other: Place) -> float:
    """Return the distance between two points along the earth (haversine)."""
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    across = math.radians(other.longitude - one.longitude)
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(across / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(min(1.0, half)))


def _score(new: Report, case: Report) -> float:
    near, fresh = _nearness(new, case), _freshness(new, case)
    if not near or not fresh:
        return 0.0
    return TEXT * _likeness(_said(new), _said(case)) + PLACE * near + TIME * fresh


def _said(report: Report) -> list[str]:
    words = fold(report.text).split()
    return [word for word in words if word not in _FILLERS] or words


def _likeness(one: list[str], other: list[str]) -> float:
    if not one or not other:
        return UNKNOWN_WORDS
    first, second = " ".join(one), " ".join(other)
    same = (fuzz.token_set_ratio(first, second) + fuzz.token_sort_ratio(first, second)) / 200
    numbers, others = ({word for word in said if word.isdigit()} for said in (one, other))
    return same * OTHER_NUMBER if numbers and others and not numbers & others else same


def _nearness(new: Report, case: Report) -> float:
    """Return 1 for the same spot down to 0 for another; the thôn speaks where a point is missing."""
    if new.place and case.place:
        away = metres(new.place, case.place)
        return 0.0 if away >= FAR else math.exp(-away / (2 * NEAR))
    if new.village and case.village:
        return SAME_VILLAGE if fold(new.village) == fold(case.village) else 0.0
    return UNKNOWN_PLACE


def _freshness(new: Report, case: Report) -> float:
    age = abs(new.reported_at - case.reported_at)
    return 1.0 if age <= FRESH else max(0.0, 1 - (age - FRESH) / (STALE - FRESH))
