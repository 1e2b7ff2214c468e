"""How each thing in a text is read aloud; what stands around it decides.

7h30 is a time, 20/11/2026 a day, 0912 345 678 a telephone, quý IV the fourth. RULES are tried in their order at each
place of a line; what none of them takes stays as it is.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from bot.broadcasting.reading_aloud import numerals, papers, times
from bot.broadcasting.reading_aloud.abbreviations import EXPANSIONS, ROADS, UNITS
from bot.broadcasting.reading_aloud.context import ALONE, END, Found, Rule, after, any_of, before, rule, spelled
from knowledge.vietnamese import fold, is_syllable


@dataclass(frozen=True, slots=True)
class Said:
    """How a piece of a line is read, and where the piece ends."""

    said: str
    end: int


def first(line: str, at: int) -> Said | None:
    """Return how what begins at a place of a line is read, None where no rule takes it."""
    for pattern, read in RULES:
        found = pattern.match(line, at)
        if found and found[0]:
            said = read(found)
            return Said(said if said == found[0] else f" {said} ", found.end())
    return None


# ---- numbers, with what they count


def _amount(found: Found) -> str:
    return f"{_number(found)} {UNITS[found['unit']]}" + (" mỗi" if found["each"] else "")


def _number(found: Found) -> str:
    """Return a number in any of the ways it is written: 8.000, 1,5, 1,234,567, 2.1, 05."""
    written = found["n"]
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", written):
        written = written.replace(".", "")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}", written):
        written = written.replace(",", "")
    whole, _, part = written.partition(",")
    if part:
        return numerals.decimal(whole, part)
    if "." in written:
        return " chấm ".join(numerals.plain(digits) for digits in written.split("."))
    return _in_place(found, written)


def _in_place(found: Found, digits: str) -> str:
    """Return a whole number as the word before it asks: thứ 4 and tháng 4 are "tư"."""
    value = int(digits)
    if value < 100 and before(found, r"\bthứ\s+"):
        return numerals.ordinal(value)
    if value == 4 and before(found, r"\b(?:tháng|quý)\s+"):
        return numerals.month(value)
    return numerals.plain(digits)


def _roman(found: Found) -> str:
    value = numerals.roman(found["roman"])
    if value is None:
        return _capitals(found["roman"])
    if before(found, r"\bthứ\s+"):
        return numerals.ordinal(value)
    return numerals.month(value) if before(found, r"\bquý\s+") else numerals.number(value)


# ---- words in capitals, single letters, signs


def _short(found: Found) -> str:
    return EXPANSIONS[found["short"]]


def _word(found: Found) -> str:
    """Return a word as it is unless it is all or partly in capitals, or has no vowel."""
    word = found["word"]
    if not set(fold(word)) & set("aeiouy"):
        return UNITS.get(word) or spelled(word)
    shouts = any(a.isupper() and b.isupper() for a, b in pairwise(word))
    return _capitals(word) if shouts else word


def _capitals(word: str) -> str:
    """Return a word in capitals: a Vietnamese syllable in small letters, anything else letter by letter."""
    return word.lower() if is_syllable(fold(word)) else spelled(word)


def _mixed(found: Found) -> str:
    """Return letters and digits in one: A4, QL39, 2A."""
    parts = re.findall(r"\d+|[^\W\d_]+", found["mixed"])
    return " ".join(ROADS.get(p) or EXPANSIONS.get(p) or _piece(p) for p in parts)


def _piece(part: str) -> str:
    is_word = len(part) > 1 and part.islower() and is_syllable(fold(part))
    return part if is_word else spelled(part)


def _sign(found: Found) -> str:
    return _SIGNS[found["sign"]]


def _stroke(found: Found) -> str:
    """Return "/" between a price and what it is for, between numbers, between two of which one is meant."""
    if before(found, r"\d\s*(?:(?:nghìn|triệu|tỷ)\s+)?(?:đồng|lít|người|giờ|ngày|tháng|lần|hộ|tấn|tạ|sào|bản|bộ)"):
        return "mỗi"
    if after(found, r"(?:19|20)\d\d(?!\d)"):
        return "năm"
    return "trên" if before(found, r"\d[hg]?") else "hoặc"


def _dash(found: Found) -> str:
    """Return a dash before a number: between two of them, a sign of its own, or a rest."""
    if before(found, r"\d\s?(?:[hg%]|giờ|phút|đồng|nghìn|triệu|tỷ|tuổi|ngày|kg|km|m)?|\bT\d|giờ|phút|sáng|chiều"):
        return "đến"
    is_minus = found[0].endswith("-") and (found[0] != "-" or not before(found, r"\w"))
    return "âm" if is_minus else ","


_SIGNS = {
    **{"&": "và", "+": "cộng", "=": "bằng", "<": "dưới", ">": "trên", "≥": "từ", "≤": "không quá", "~": "khoảng"},
    **{"×": "nhân", "±": "cộng trừ", "@": "a còng", "%": "phần trăm", "°": "độ", "$": "đô la", "€": "ơ-rô"},
    **dict.fromkeys("()[]{}|;·•…→⇒", ","),
    **dict.fromkeys("*_#^`\\~¦", ""),
}

_N = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)|\d{1,3}(?:,\d{3}){2,}(?!\d)|\d+,\d+|\d+(?:\.\d+)*)"
_CLOSE_ONLY = ("k", "p", "s", "V", "W", "'", "h", "tr")  # units only where no blank parts them from their number
_SPACED = any_of(unit for unit in UNITS if unit not in _CLOSE_ONLY)
_UNIT = rf"(?:(?P<unit>{_SPACED}|(?<=\d)(?:{any_of(_CLOSE_ONLY)}))(?![^\W_]))"

RULES: tuple[Rule, ...] = (
    *papers.RULES,
    rule(rf"{ALONE}(?P<short>{any_of(EXPANSIONS)}){END}", _short),
    *times.RULES,
    rule(rf"(?P<n>{_N})\s?{_UNIT}(?P<each>/(?=[^\W\d_]))?", _amount),
    rule(r"\s*[-–—]\s*(?=\d|T\d|CN)", _dash),
    rule(rf"{ALONE}(?P<mixed>[A-Za-zĐđ]{{1,6}}\d+[A-Za-zĐđ\d]*|\d+[A-Za-zĐđ]{{1,3}}\d*){END}", _mixed),
    rule(rf"(?P<n>{_N})", _number),
    rule(
        r"(?:(?<=[Qq]uý )|(?<=[Tt]hứ )|(?<=[Kk]ỳ )|(?<=[Kk]ỷ )|(?<=[Kk]hóa )|(?<=[Kk]hoá )|(?<=[Ll]ần )|(?<=[Pp]hần )"
        r"|(?<=[Cc]hương )|(?<=[Mm]ục )|(?<=[Đđ]ợt )|(?<=lục )|(?<=[Cc]ấp )|(?<=[Hh]ạng )|(?<=[Ll]oại ))"
        rf"(?P<roman>[IVXLCDM]+){END}",
        _roman,
    ),
    rule(rf"{ALONE}(?P<roman>[IVX]{{2,}}){END}", _roman),
    rule(r"(?<=[A-ZĐ])-(?=[A-ZĐ])|(?<=\s)-(?=\s)|[–—]", lambda _: ","),
    rule(r"(?P<word>[^\W\d_]+)", _word),
    rule(r"(?P<sign>/)", _stroke),
    rule(rf"(?P<sign>[{re.escape(''.join(_SIGNS))}])", _sign),
)
