"""Numbers in Vietnamese words, as they are read aloud in the north: mươi, mốt, lăm, tư, linh; nghìn, triệu, tỷ."""

import re

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
BILLION = 10**9
MOST = BILLION**2  # from here on digits are read one by one

_UNITS_AFTER_TEN = {5: "lăm"}
_UNITS_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}
_ORDINALS = {1: "nhất", 4: "tư"}
_SCALES = ((10**6, "triệu"), (10**3, "nghìn"), (1, ""))
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_IS_ROMAN = re.compile(r"(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def number(value: int) -> str:
    """Return a number from 0 in words; from 10^18 on its digits one by one."""
    if value >= MOST:
        return spelled(str(value))
    high, low = divmod(value, BILLION)
    if not high:
        return _below_billion(low, is_first=True)
    rest = _below_billion(low, is_first=False) if low else ""
    return f"{number(high)} tỷ {rest}".strip()


def ordinal(value: int) -> str:
    """Return a number as it follows "thứ": nhất, hai, ba, tư …"""
    return _ORDINALS.get(value) or number(value)


def month(value: int) -> str:
    """Return a month's number in words; the fourth is "tư"."""
    return "tư" if value == 4 else number(value)


def spelled(digits: str) -> str:
    """Return digits one by one."""
    return " ".join(DIGITS[int(digit)] for digit in digits)


def plain(digits: str) -> str:
    """Return digits without marks as a number, or one by one where they are a code: longer, with a zero in front."""
    is_code = digits.startswith("0") and len(digits) > 3
    return spelled(digits) if is_code else number(int(digits))


def decimal(whole: str, part: str) -> str:
    """Return a decimal number; a part that begins with a zero, or is long, digit by digit."""
    read = spelled(part) if part.startswith("0") or len(part) > 3 else number(int(part))
    return f"{number(int(whole))} phẩy {read}"


def roman(numeral: str) -> int | None:
    """Return the value of a Roman numeral in capitals, None for what is none."""
    if not _IS_ROMAN.fullmatch(numeral):
        return None
    values = [_ROMAN[letter] for letter in numeral]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _below_billion(value: int, *, is_first: bool) -> str:
    """Return a number below a billion; what is not the first group says its hundreds even when there are none.

    1.000.500 is "một triệu không nghìn năm trăm": without the thousands people hear a million and a half.
    """
    words: list[str] = []
    for scale, name in _SCALES:
        group, value = divmod(value, scale)
        may_begin = is_first and not words
        if group or (scale == 1 and may_begin):
            words.append(f"{_below_thousand(group, is_first=may_begin)} {name}".strip())
        elif scale == 1000 and value >= 100 and not may_begin:
            words.append("không nghìn")
    return " ".join(words)


def _below_thousand(value: int, *, is_first: bool) -> str:
    hundreds, rest = divmod(value, 100)
    tens, units = divmod(rest, 10)
    words = [f"{DIGITS[hundreds]} trăm"] if hundreds or not is_first else []
    if tens > 1:
        words.append(f"{DIGITS[tens]} mươi {_UNITS_AFTER_TENS.get(units, DIGITS[units]) if units else ''}")
    elif tens == 1:
        words.append(f"mười {_UNITS_AFTER_TEN.get(units, DIGITS[units]) if units else ''}")
    elif units or not words:
        words.append(f"linh {DIGITS[units]}" if words else DIGITS[units])
    return " ".join(words).replace("  ", " ").strip()
