"""What all rules lean on: a pattern with its reader, and what stands around the place that is read."""

import re
from collections.abc import Callable, Iterable

from bot.broadcasting.reading_aloud import numerals
from bot.broadcasting.reading_aloud.abbreviations import LETTERS

AROUND = 40  # characters that are looked at before and after

ALONE, END = r"(?<![^\W_])", r"(?![^\W_])"  # the ends of a word
FREE = r"(?<!\d)(?<!\d[.,/])"  # where a number may begin

Found = re.Match[str]
Rule = tuple[re.Pattern[str], Callable[[Found], str]]


def rule(pattern: str, read: Callable[[Found], str]) -> Rule:
    return re.compile(pattern), read


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of several words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def before(found: Found, pattern: str) -> bool:
    """Tell whether what stands before a place ends as a pattern says."""
    start = found.start()
    return re.search(rf"(?:{pattern})$", found.string[max(0, start - AROUND) : start], re.IGNORECASE) is not None


def after(found: Found, pattern: str) -> bool:
    """Tell whether what stands after a place begins as a pattern says."""
    return re.match(pattern, found.string[found.end() : found.end() + AROUND], re.IGNORECASE) is not None


def spelled(letters: str) -> str:
    """Return letters by their names, digits among them as numbers."""
    parts = re.findall(r"\d+|[^\W\d_]", letters)
    return " ".join(numerals.plain(p) if p.isdigit() else LETTERS.get(p.lower(), p.lower()) for p in parts)
