"""What the first page is made of."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of work: where it is done, what it is, and until when or why."""

    href: str
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pile:
    """Work of one kind: how much there is, and its most urgent lines, at most three."""

    title: str
    count: int
    href: str
    lines: Sequence[Line] = ()
