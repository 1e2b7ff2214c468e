"""Addresses on the net, numbers of documents and of telephones."""

import re

from bot.broadcasting.reading_aloud import numerals
from bot.broadcasting.reading_aloud.abbreviations import BODIES, EXPANSIONS, ISSUERS, KINDS
from bot.broadcasting.reading_aloud.context import FREE, Found, after, before, rule, spelled

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
    parts = re.split(r"\s*[-–/]\s*", found["suffix"])
    kind, issuers = _issued(parts)
    said = numerals.number(int(found["paper"]))
    if found["year"]:
        said += f" năm {numerals.number(int(found['year']))}"
    is_numbered = before(found, r"số\s*:?\s*")
    is_named = before(found, rf"(?:{kind}|{re.escape(parts[0])})(?:\s+số)?\s*:?\s*")
    if not is_numbered:
        said = f"số {said}" if is_named else f"{kind} số {said}"
    elif not is_named:
        said += f", {kind}"
    is_issued = not issuers or after(found, r"\s*,?\s*(?:ngày\s+[\d/.-]+)?\s*,?\s*của\b")
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


_CALL = r"(?:gọi|điện thoại|đường dây nóng|tổng đài|hotline|số máy|liên hệ|SĐT|ĐT)(?:\s+(?:số|ngay|là|qua|đến|theo))*"
_PHONE = (
    r"(?<![\d.,])(?:\+84[\s.-]?[1-9](?:[\s.-]?\d){8,9}|0[35789](?:[\s.-]?\d){8}|02(?:[\s.-]?\d){8,9}"
    r"|1[89]00[\s.-]?\d{2,4}(?:[\s.-]?\d{2,4})?)(?!\d)"
)
_CALLED = rf"(?:{_PHONE}|(?:\d{{3,4}}[\s.]\d{{3,4}}|\d{{3,8}})(?![\s.,-]?\d|\s*(?:lần|cuộc|người|hộ)))"
_HOST = r"(?:[a-z0-9-]+\.)+(?:vn|com|net|org|info)\b(?:[/:?#]\S*[\w/])?"

RULES = (
    rule(rf"(?P<link>(?:https?://|www\.)[^\s)>\]]*[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w@]){_HOST})", _host),
    rule(
        rf"{FREE}(?P<paper>\d{{1,5}})(?:/(?P<year>(?:19|20)\d\d))?\s?[/-]\s?"
        r"(?P<suffix>(?:[A-ZĐ]{2,}\d*|TTr|CTr)(?:\s?[-–/]\s?[A-ZĐ]{2,}[a-z]?\d*)*)(?![^\W_])",
        _document,
    ),
    rule(r"(?<![\d.,])(?P<code>\d\.\d{6})(?![\d.,]\d|\d)", _code),
    rule(rf"(?i:{_CALL})\s*:?\s+{_CALLED}(?:\s*(?:,|;|-|/|·|và|hoặc)\s*{_CALLED})*", _called),
    rule(_PHONE, _phone),
    rule(r"(?<![\d.,])11[1-5](?=\s+(?:Công an|Cứu|Cấp cứu|Bảo vệ|\())", _phone),
)
