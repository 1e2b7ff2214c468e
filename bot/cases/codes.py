"""The citizen's code of a case, PA-2026-000123-K: year, number in that year, check letter."""

import re
import unicodedata

LARGEST = 999_999  # six digits, so that every digit's weight below differs
LETTERS = "CEHKMPRTUXA"  # none looks like a digit or like another of them; a prime number of them
_GENERATOR = 2  # its powers modulo 11 run through ten different weights: one for each digit

_GAP = r"[\s.,:;/_\-\u2010-\u2015\u2212·]{0,3}"
_DIGIT = "[0-9OIL]"
_WHOLE = _GAP.join([f"({_DIGIT})"] * 10)
_SHORT = f"({_DIGIT}{{4}}){_GAP}({_DIGIT}{{1,6}})"
_END = rf"{_GAP}([A-Z])(?![^\W_]|-[A-Z])"  # -K after another letter: a digit was typed as that letter
_CODES = [re.compile(rf"(?<![^\W_])PA{_GAP}{digits}{_END}") for digits in (_WHOLE, _SHORT)]
_LIKENESSES = (
    re.compile(rf"(?<![^\W_])(?<!\bSA )PA{_GAP}(?:[0-9OILZSBGQ]{_GAP}){{5}}"),
    re.compile(rf"(?<![^\W_])[A-Z]{{1,3}}{_GAP}20[0-9]{{2}}{_GAP}0[0-9]{{3,6}}{_GAP}[A-Z0-9](?![^\W_])"),
)
_AS_DIGITS = str.maketrans("OIL", "011")


def make(year: int, number: int) -> str:
    """Return the code of the case with this number in this year; ValueError outside 2000-2099 and 1-999,999."""
    if not 2000 <= year <= 2099 or not 1 <= number <= LARGEST:
        raise ValueError(f"no code for case {number} of {year}")
    return f"PA-{year}-{number:06}-{_check(f'{year}{number:06}')}"


def read(text: str) -> str | None:
    """Return the first sound code in `text`, however it is typed, or None.

    Case, separators and leading zeros do not matter; O is read as 0, I and L as 1. One wrong digit, or two digits in
    each other's place, never read as another case; a digit left out does so one time in eleven.
    """
    typed = _plain(text)
    found = sorted((m for pattern in _CODES for m in pattern.finditer(typed)), key=lambda m: m.start())
    return next((code for code in map(_sound, found) if code), None)


def looks_like(text: str) -> bool:
    """Tell whether somebody meant to type a code, sound or not."""
    typed = _plain(text)
    return any(pattern.search(typed) for pattern in (*_CODES, *_LIKENESSES))


def _sound(match: re.Match[str]) -> str | None:
    *digits, letter = match.groups()
    typed = "".join(digits).translate(_AS_DIGITS)
    year, number = int(typed[:4]), int(typed[4:])
    if not 2000 <= year <= 2099 or not number:
        return None
    code = make(year, number)
    return code if code.endswith(letter) else None


def _check(digits: str) -> str:
    weighted = sum(int(digit) * _GENERATOR**place for place, digit in enumerate(reversed(digits)))
    return LETTERS[weighted % len(LETTERS)]


def _plain(text: str) -> str:
    """Return `text` in upper case, full-width forms as plain ones."""
    return unicodedata.normalize("NFKC", text).upper()
