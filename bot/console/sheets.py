"""How large the letters of a poster can be so that all of it stands on one sheet.

Measures are shares of the sheet's width in hundredths, as in static/poster.css.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT = 86.0, 78.0  # what the margins, the office above and the foot below leave free
LETTER = 0.55  # a letter's width in shares of its height, in a wide face
TITLE_LINE, LINE, GAP = 1.18, 1.3, 0.45


@dataclass(frozen=True, slots=True)
class Size:
    """One size of letters: the class in poster.css, the words and the title."""

    name: str
    words: float
    title: float


SIZES = (Size("large", 4.4, 8.0), Size("middle", 3.6, 6.6), Size("small", 2.8, 5.0), Size("least", 2.2, 3.8))


def fitted(title: str, lines: Sequence[str]) -> tuple[str, list[str]]:
    """Return the largest size at which a title and all lines stand on the sheet; at the least, the lines that do."""
    for size in SIZES:
        if _height(size, title, lines) <= HEIGHT:
            return size.name, list(lines)
    kept = list(lines)
    while kept and _height(SIZES[-1], title, kept) > HEIGHT:
        kept.pop()
    return SIZES[-1].name, kept


def _height(size: Size, title: str, lines: Sequence[str]) -> float:
    words = sum((_rows(line, size.words) * LINE + GAP) * size.words for line in lines)
    return _rows(title, size.title) * size.title * TITLE_LINE + words


def _rows(text: str, letters: float) -> int:
    fit = WIDTH / (letters * LETTER) - 3  # a bullet, and a word that no longer fits
    return max(1, ceil(len(text) / fit))
