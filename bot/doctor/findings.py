"""What an examination finds."""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial


class Verdict(StrEnum):
    """How it is with one thing."""

    WELL = "ổn"
    LOOK = "cần xem"
    BROKEN = "hỏng"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, in words, and what to do; all in Vietnamese, for the operator."""

    verdict: Verdict
    what: str
    told: str
    remedy: str = ""


well = partial(Finding, Verdict.WELL)
look = partial(Finding, Verdict.LOOK)
broken = partial(Finding, Verdict.BROKEN)


def megabytes(size: int) -> str:
    """Return a size as people read it: 12,3 MB."""
    return f"{size / 1_048_576:,.1f} MB".replace(",", " ").replace(".", ",")
