"""A text as it is read aloud on the commune's loudspeakers: no digit, sign or abbreviation is left to the reader."""

import re
import unicodedata
from collections.abc import Iterator

from bot.broadcasting.reading_aloud import numerals
from bot.broadcasting.reading_aloud.abbreviations import EXPANSIONS, LETTERS
from bot.broadcasting.reading_aloud.rules import first

SYLLABLES_A_SECOND = 3.0  # an unhurried announcer

_APART = re.compile(r"[^\W\d_]+")


def say(text: str) -> str:
    """Return a text in words alone, line by line."""
    lines = (_line(line) for line in _normal(text).split("\n"))
    return "\n".join(line for line in lines if line)


def syllables(said: str) -> int:
    """Return how many syllables there are to be spoken."""
    return len(_APART.findall(said))


def seconds(said: str) -> int:
    """Return about how long a text takes to read aloud."""
    return round(syllables(said) / SYLLABLES_A_SECOND)


def _normal(text: str) -> str:
    """Return a text with one form of each sign: plain digits, plain blanks, no pictures."""
    text = re.sub(r"[\u00b2\u00b3]", lambda found: str(unicodedata.digit(found[0])), text)
    text = unicodedata.normalize("NFKC", text).replace("\u20ab", "đ").replace("\u2044", "/").replace("\u2212", "-")
    text = "".join(_plain(sign) for sign in text)
    return re.sub(r"\((0\d{2,3})\)", r"\1", text)  # the area code of a telephone number


def _plain(sign: str) -> str:
    if sign.isdigit():
        return str(unicodedata.digit(sign))
    kept = unicodedata.category(sign) not in ("So", "Sk", "Cc", "Cf", "Co", "Cs", "Cn", "Nl", "No", "Mn", "Me")
    return sign if kept or sign in "\n°" else " "


def _line(line: str) -> str:
    line = _BEGINNING.sub(_begun, line.strip(), count=1)
    line = _IN_BRACKETS.sub(_not_twice, line)
    return _tidy("".join(_spoken(line)))


def _spoken(line: str) -> Iterator[str]:
    """Yield a line piece by piece, as the first rule that fits each place reads it."""
    at = 0
    while at < len(line):
        found = first(line, at)
        yield found.said if found else line[at]
        at = found.end if found else at + 1


_BEGINNING = re.compile(r"(?:[-+*•·–—#>|]+\s+)*(?:(?P<number>\d{1,2}|[IVX]+)[.)]\s+|(?P<letter>[a-zđ])[.)]\s+)?")


def _begun(found: re.Match[str]) -> str:
    """Return the mark of a list's item as it is said; a bullet is not."""
    if found["letter"]:
        return f"Mục {LETTERS[found['letter']]}: "
    if not found["number"]:
        return ""
    value = _value(found["number"])
    if value is None:
        return found[0]
    return f"Phần {numerals.number(value)}: " if found["number"].isalpha() else f"{numerals.number(value)} là: "


def _value(numeral: str) -> int | None:
    return int(numeral) if numeral.isdigit() else numerals.roman(numeral)


_IN_BRACKETS = re.compile(r"\s*\(([^\W\d_][\w&.-]*)\)")


def _not_twice(found: re.Match[str]) -> str:
    """Drop an abbreviation in brackets that only names again what stands before it: "Ủy ban nhân dân (UBND)"."""
    full = EXPANSIONS.get(found[1], "")
    return "" if full and found.string[: found.start()].lower().endswith(full.lower()) else found[0]


def _tidy(line: str) -> str:
    line = re.sub(r"\s+", " ", line)
    line = re.sub(r"\s*,(?:[\s,]*,)?", ",", line)
    line = re.sub(r"\s+([.,:!?])", r"\1", line)
    line = re.sub(r"[,:]+([.:!?])", r"\1", line)
    line = re.sub(r"([:.!?]),", r"\1", line)
    line = re.sub(r"([,:!?])(?=[^\W_])", r"\1 ", line).strip(" ,")
    return line if line[1:2].isupper() else line[:1].title() + line[1:]
