"""How each thing in a text is read aloud; what stands around it decides.

7h30 is a time, 20/11/2026 a day, 0912 345 678 a telephone, quý IV the fourth. RULES are tried in their order at each
place of a line; what none of them takes stays as it is.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from bot.broadcasting import numerals
from bot.broadcasting.abbreviations import BODIES, EXPANSIONS, ISSUERS, KINDS, LETTERS, ROADS, UNITS
from knowledge.vietnamese import fold, is_syllable

AROUND = 40  # characters that are looked at before and after

Found = re.Match[str]


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


def spelled(letters: str) -> str:
    """Return letters by their names, digits among them as numbers."""
    parts = re.findall(r"\d+|[^\W\d_]", letters)
    return " ".join(numerals.plain(p) if p.isdigit() else LETTERS.get(p.lower(), p.lower()) for p in parts)


def _before(found: Found, pattern: str) -> bool:
    return (
        re.search(rf"(?:{pattern})$", found.string[max(0, found.start() - AROUND) : found.start()], re.IGNORECASE)
        is not None
    )


def _after(found: Found, pattern: str) -> bool:
    return re.match(pattern, found.string[found.end() : found.end() + AROUND], re.IGNORECASE) is not None


# ---- addresses on the net, numbers of documents


_LABELS = {"gov": "gốp", "vn": "vi-en", "com": "com", "dichvucong": "dịch vụ công"}


def _host(found: Found) -> str:
    """Return where a link leads to; what follows the host nobody can write down by ear."""
    account, _, host = found["link"].rpartition("@")
    host = re.sub(r"^(?:https?://)?(?:www\.)?", "", host, flags=re.IGNORECASE).partition("/")[0]
    said = " chấm ".join(filter(None, (_label(label) for label in re.split(r"[.:?#]", host))))
    named = " chấm ".join(_label(label) for label in account.split(".")) if account else ""
    return f"{named} a còng {said}" if named else said


def _label(label: str) -> str:
    pieces = re.findall(r"\d+|[^\W\d_]+", label.lower())
    return " ".join(_LABELS.get(p) or (numerals.spelled(p) if p.isdigit() else p) for p in pieces)


def _document(found: Found) -> str:
    """Return a document's number: "118/2025/NĐ-CP" as "số 118 năm 2025 của Chính phủ", its kind unless said before."""
    kind, issuers = _issued(re.split(r"\s*[-–/]\s*", found["suffix"]))
    said = numerals.number(int(found["paper"]))
    if found["year"]:
        said += f" năm {numerals.number(int(found['year']))}"
    is_numbered, is_named = _before(found, r"số\s*:?\s*"), _before(found, rf"{kind}(?:\s+số)?\s*:?\s*")
    if not is_numbered:
        said = f"số {said}" if is_named else f"{kind} số {said}"
    elif not is_named:
        said += f", {kind}"
    is_issued = not issuers or _after(found, r"\s*,?\s*(?:ngày\s+[\d/.-]+)?\s*,?\s*của\b")
    return said if is_issued else f"{said} của {issuers}"


def _issued(parts: list[str]) -> tuple[str, str]:
    """Return the kind of a document, "" when its sign has none, and who issued it."""
    kind = KINDS.get(parts[0], "")
    return kind, ", ".join(_issuer(part) for part in (parts[1:] if kind else parts))


def _issuer(part: str) -> str:
    body, term = re.fullmatch(r"(.*?)(\d*)", part).groups()  # type: ignore[union-attr]
    if body in BODIES:
        return f"{BODIES[body]} khóa {numerals.number(int(term))}" if term else BODIES[body]
    return ISSUERS.get(part) or EXPANSIONS.get(part) or spelled(part)


def _code(found: Found) -> str:
    """Return a procedure's national code, digit by digit."""
    return " chấm ".join(numerals.spelled(digits) for digits in found["code"].split("."))


# ---- telephones


def _phone(found: Found) -> str:
    """Return a telephone number digit by digit, with a rest where it is grouped."""
    groups = re.findall(r"\d+", found[0])
    if len(groups) == 1 and len(groups[0]) > 6:
        groups = [groups[0][:4], groups[0][4:7], groups[0][7:]]
    plus = "cộng " if found[0].startswith("+") else ""
    return plus + ", ".join(map(numerals.spelled, groups))


def _called(found: Found) -> str:
    """Return the numbers to be called, short ones too, one after the other."""
    said = re.sub(_CALLED, lambda number: f" {_phone(number)} ", found[0])
    return re.sub(r"[;/·-]", ",", re.sub(r"(?i)SĐT|ĐTDĐ|ĐT", lambda short: EXPANSIONS[short[0].upper()], said))


# ---- days and times


def _day(found: Found) -> str:
    day, month, year = int(found["day"]), int(found["month"]), found["year4"]
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return " trên ".join(numerals.plain(part) for part in re.findall(r"\d+", found[0]))
    full = f"20{year}" if len(year) == 2 else year
    return f"{_day_word(found)}{_of_month(day, month)} năm {numerals.number(int(full))}"


def _day_word(found: Found) -> str:
    return "" if _before(found, r"\b(?:ngày|mùng|mồng)\s+") else "ngày "


def _of_month(day: int, month: int) -> str:
    return f"{numerals.number(day)} tháng {numerals.month(month)}"


def _days(found: Found) -> str:
    """Return a span of days of one month: 20-25/11."""
    said = f"{numerals.number(int(found['from']))} đến ngày {_of_month(int(found['until']), int(found['in']))}"
    year = f" năm {numerals.number(int(found['year4']))}" if found["year4"] else ""
    return f"{_day_word(found)}{said}{year}"


_PARTS_OF = r"\s+(?:số|tổng|diện tích|dân số|hộ|thời gian|ngày|giờ|suất|cân|kg|quãng|chiều|giá|mức|lương)\b"
_DATES_BEFORE = r"(?:ngày|hết|trước|sau|từ|đến|sáng|trưa|chiều|tối|hôm|thứ \w+|chủ nhật|lễ|và|,|[-–])\s*\(?"


def _pair(found: Found) -> str:
    """Return two numbers with a stroke between: a day and month, else a fraction."""
    one, other = int(found["one"]), int(found["two"])
    is_day = 1 <= one <= 31 and 1 <= other <= 12 and (one, other) != (24, 7)
    is_day = is_day and not _before(found, r"\b(?:số|nhà|ngõ|ngách|hẻm|thửa|tờ)\s+")
    if is_day and (_before(found, _DATES_BEFORE) or not (one < other and _after(found, _PARTS_OF))):
        return _day_word(found) + _of_month(one, other)
    if one < other <= 10:
        return f"{numerals.number(one)} phần {numerals.month(other)}"
    return f"{numerals.plain(found['one'])} trên {numerals.plain(found['two'])}"


def _month(found: Found) -> str:
    value, year = int(found["mm"]), numerals.number(int(found["yyyy"]))
    if not 1 <= value <= 12 or _before(found, r"\b(?:đợt|lần|kỳ|số|khóa)\s+"):
        return f"{numerals.number(value)} năm {year}"
    word = "" if _before(found, r"\b(?:tháng|quý)\s+") else "tháng "
    return f"{word}{numerals.month(value)} năm {year}"


def _time(found: Found) -> str:
    hour, minute = int(found["hour"] or found["hour2"]), int(found["minute"] or found["minute2"] or 0)
    if hour > 24 or minute > 59:
        return f"{numerals.number(hour)} giờ {numerals.number(minute)}"
    if not minute:
        return f"{numerals.number(hour)} giờ"
    word = " phút" if minute < 10 and not _after(found, r"\s*(?:phút|ph|p|')") else ""
    return f"{numerals.number(hour)} giờ {numerals.number(minute)}{word}"


def _weekday(found: Found) -> str:
    return f"thứ {numerals.ordinal(int(found['weekday']))}"


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
    if value < 100 and _before(found, r"\bthứ\s+"):
        return numerals.ordinal(value)
    if value == 4 and _before(found, r"\b(?:tháng|quý)\s+"):
        return numerals.month(value)
    return numerals.plain(digits)


def _roman(found: Found) -> str:
    value = numerals.roman(found["roman"])
    if value is None:
        return _capitals(found["roman"])
    if _before(found, r"\bthứ\s+"):
        return numerals.ordinal(value)
    return numerals.month(value) if _before(found, r"\bquý\s+") else numerals.number(value)


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
    if _before(found, r"\d\s*(?:(?:nghìn|triệu|tỷ)\s+)?(?:đồng|lít|người|giờ|ngày|tháng|lần|hộ|tấn|tạ|sào|bản|bộ)"):
        return "mỗi"
    if _after(found, r"(?:19|20)\d\d(?!\d)"):
        return "năm"
    return "trên" if _before(found, r"\d[hg]?") else "hoặc"


def _dash(found: Found) -> str:
    """Return a dash before a number: between two of them, a sign of its own, or a rest."""
    if _before(found, r"\d\s?(?:[hg%]|giờ|phút|đồng|nghìn|triệu|tỷ|tuổi|ngày|kg|km|m)?|\bT\d|giờ|phút|sáng|chiều"):
        return "đến"
    is_minus = found[0].endswith("-") and not _before(found, r"\w" if found[0] == "-" else r"$^")
    return "âm" if is_minus else ","


_SIGNS = {
    **{"&": "và", "+": "cộng", "=": "bằng", "<": "dưới", ">": "trên", "≥": "từ", "≤": "không quá", "~": "khoảng"},
    **{"×": "nhân", "±": "cộng trừ", "@": "a còng", "%": "phần trăm", "°": "độ", "$": "đô la", "€": "ơ-rô"},
    **dict.fromkeys("()[]{}|;·•…→⇒", ","),
    **dict.fromkeys("*_#^`\\~¦", ""),
}

_N = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)|\d{1,3}(?:,\d{3}){2,}(?!\d)|\d+,\d+|\d+(?:\.\d+)*)"
_CLOSE_ONLY = ("k", "p", "s", "V", "W", "'", "h", "tr")  # units only where no blank parts them from their number
_ALONE = r"(?<![^\W_])"
_END = r"(?![^\W_])"
_D2 = r"(?<!\d)(?<!\d[.,/])"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _rule(pattern: str, read: Callable[[Found], str]) -> tuple[re.Pattern[str], Callable[[Found], str]]:
    return re.compile(pattern), read


_SPACED = _any_of(unit for unit in UNITS if unit not in _CLOSE_ONLY)
_UNIT = rf"(?:(?P<unit>{_SPACED}|(?<=\d)(?:{_any_of(_CLOSE_ONLY)}))(?![^\W_]))"
_CALL = r"(?:gọi|điện thoại|đường dây nóng|tổng đài|hotline|số máy|liên hệ|SĐT|ĐT)(?:\s+(?:số|ngay|là|qua|đến|theo))*"
_PHONE = (
    r"(?<![\d.,])(?:\+84[\s.-]?[1-9](?:[\s.-]?\d){8,9}|0[35789](?:[\s.-]?\d){8}|02(?:[\s.-]?\d){8,9}"
    r"|1[89]00[\s.-]?\d{2,4}(?:[\s.-]?\d{2,4})?)(?!\d)"
)
_CALLED = rf"(?:{_PHONE}|(?:\d{{3,4}}[\s.]\d{{3,4}}|\d{{3,8}})(?![\s.,-]?\d|\s*(?:lần|cuộc|người|hộ)))"
_HOST = r"(?:[a-z0-9-]+\.)+(?:vn|com|net|org|info)\b(?:[/:?#]\S*[\w/])?"

RULES = (
    _rule(rf"(?P<link>(?:https?://|www\.)[^\s)>\]]*[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w@]){_HOST})", _host),
    _rule(rf"{_ALONE}(?P<short>{_any_of(EXPANSIONS)}){_END}", _short),
    _rule(
        rf"{_D2}(?P<paper>\d{{1,5}})(?:/(?P<year>(?:19|20)\d\d))?\s?[/-]\s?"
        r"(?P<suffix>(?:[A-ZĐ]{2,}\d*|TTr|CTr)(?:\s?[-–/]\s?[A-ZĐ]{2,}[a-z]?\d*)*)(?![^\W_])",
        _document,
    ),
    _rule(r"(?<![\d.,])(?P<code>\d\.\d{6})(?![\d.,]\d|\d)", _code),
    _rule(rf"(?i:{_CALL})\s*:?\s+{_CALLED}(?:\s*(?:,|;|-|/|·|và|hoặc)\s*{_CALLED})*", _called),
    _rule(_PHONE, _phone),
    _rule(r"(?<![\d.,])11[1-5](?=\s+(?:Công an|Cứu|Cấp cứu|Bảo vệ|\())", _phone),
    _rule(rf"{_D2}(?P<day>\d{{1,2}})(?P<by>[/.-])(?P<month>\d{{1,2}})(?P=by)(?P<year4>\d{{4}}|\d\d)(?![\d/])", _day),
    _rule(
        rf"{_D2}(?P<from>[12]?\d|3[01]|0[1-9])\s?[-–]\s?(?P<until>[12]\d|3[01]|0?[1-9])(?=/)"
        r"/(?P<in>1[0-2]|0?[1-9])(?:/(?P<year4>\d{4}))?(?![\d/])",
        _days,
    ),
    _rule(rf"{_D2}(?P<mm>\d{{1,2}})/(?P<yyyy>(?:19|20)\d\d)(?![\d/])", _month),
    _rule(
        rf"{_D2}(?:(?P<hour>\d{{1,2}})\s?(?:[hgH]\s?|giờ\s+)(?P<minute>\d\d)(?!\d|[.,/]\d)"
        r"|(?P<hour2>[01]?\d|2[0-4]):(?P<minute2>[0-5]\d)(?![\d:]))(?:h\b|')?",
        _time,
    ),
    _rule(rf"{_ALONE}T(?P<weekday>[2-7]){_END}(?!/)", _weekday),
    _rule(rf"{_ALONE}T(?P<mm>\d{{1,2}})/(?P<yyyy>\d{{4}}){_END}", _month),
    _rule(rf"{_D2}(?P<one>\d{{1,3}})/(?P<two>\d{{1,3}})(?![\d/]|[.,]\d)", _pair),
    _rule(rf"(?P<n>{_N})\s?{_UNIT}(?P<each>/(?=[^\W\d_]))?", _amount),
    _rule(r"\s*[-–—]\s*(?=\d|T\d|CN)", _dash),
    _rule(rf"{_ALONE}(?P<mixed>[A-Za-zĐđ]{{1,6}}\d+[A-Za-zĐđ\d]*|\d+[A-Za-zĐđ]{{1,3}}\d*){_END}", _mixed),
    _rule(rf"(?P<n>{_N})", _number),
    _rule(
        r"(?:(?<=[Qq]uý )|(?<=[Tt]hứ )|(?<=[Kk]ỳ )|(?<=[Kk]ỷ )|(?<=[Kk]hóa )|(?<=[Kk]hoá )|(?<=[Ll]ần )|(?<=[Pp]hần )"
        r"|(?<=[Cc]hương )|(?<=[Mm]ục )|(?<=[Đđ]ợt )|(?<=lục )|(?<=[Cc]ấp )|(?<=[Hh]ạng )|(?<=[Ll]oại ))"
        rf"(?P<roman>[IVXLCDM]+){_END}",
        _roman,
    ),
    _rule(rf"{_ALONE}(?P<roman>[IVX]{{2,}}){_END}", _roman),
    _rule(r"(?<=[A-ZĐ])-(?=[A-ZĐ])|(?<=\s)-(?=\s)|[–—]", lambda _: ","),
    _rule(r"(?P<word>[^\W\d_]+)", _word),
    _rule(r"(?P<sign>/)", _stroke),
    _rule(rf"(?P<sign>[{re.escape(''.join(_SIGNS))}])", _sign),
)
