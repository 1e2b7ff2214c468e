"""Which open cases a new one seems to repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz

from knowledge.vietnamese import fold

LIKELY = 80  # of 100


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared of a case."""

    code: str
    text: str
    thon: str
    landmark: str
    latitude: float | None
    longitude: float | None
    at: datetime


def likely(new: Report, known: Sequence[Report]) -> list[Report]:
    """Return the reports that a new one seems to repeat, the likeliest first."""
    said = fold(new.text)
    scored = [(fuzz.token_set_ratio(said, fold(report.text)), report) for report in known] if said else []
    return [report for score, report in sorted(scored, key=lambda pair: -pair[0]) if score >= LIKELY]
