"""Names, phones and places in a citizen's own words."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from knowledge.vietnamese import clean, fold

_PHONE = re.compile(r"(?:\+?84|0)(?:[ .\-]?\d){8,10}(?!\d)")
_DIGITS = re.compile(r"\d(?:[ .\-]?\d){5,}")
_LEAD = re.compile(r"^(?:tôi|em|cháu|mình|tên|họ tên|là|tên là|tôi tên|tôi là)[\s:]+", re.IGNORECASE)
_LABELS = re.compile(r"(?:số điện thoại|điện thoại|sđt|đt|số|địa chỉ|đ/c)\s*:?\s*$", re.IGNORECASE)
_INNER_STOP = re.compile(r"\.(?! |$)")
_SAME_PLACE = 88  # of 100
LONGEST_NAME, LONGEST_ADDRESS = 80, 200


@dataclass(frozen=True, slots=True)
class Contact:
    """Who a citizen says they are. `has_bad_number` tells that digits were given which are no phone number."""

    name: str
    phone: str
    address: str
    has_bad_number: bool


def contact(text: str) -> Contact:
    """Return the name, phone and address in one message such as "Nguyễn Thị Lan, 0912 345 678, thôn …"."""
    said = clean(text)
    found = _PHONE.search(said)
    phone = phone_number(found[0]) if found else ""
    rest = said.replace(found[0], ",") if found else said
    bad = not phone and bool(_DIGITS.search(rest))
    if bad:
        rest = _DIGITS.sub(",", rest)
    parts = [_LABELS.sub("", part.strip()).strip(" .:-") for part in re.split(r"[,;]", rest)]
    name, *address = [part for part in parts if part] or [""]
    while _LEAD.match(name):
        name = _LEAD.sub("", name)
    return Contact(name[:LONGEST_NAME], phone, ", ".join(address)[:LONGEST_ADDRESS], bad)


def shown_name(text: str) -> str:
    """Return the name that somebody shows on a platform as a name is written, "" when there is none in it.

    Nothing that could be opened is left of an address: a full stop stays at the end of a word only.
    """
    name = " ".join(_INNER_STOP.sub(" ", _letters(clean(text))).split())[:LONGEST_NAME].strip(" .'’-")
    return name if any(sign.isalpha() for sign in name) else ""


def _letters(text: str) -> str:
    """Return a text with blanks in place of what is in no name; a mark stays only upon its letter."""
    kept = ""
    for sign in text:
        kind = unicodedata.category(sign)[0]
        is_on_letter = kind == "M" and unicodedata.category(kept[-1:] or " ")[0] in "LM"
        kept += sign if kind == "L" or is_on_letter or sign in " .'’-" else " "
    return kept


def phone_number(text: str) -> str:
    """Return a Vietnamese phone number as 10 or 11 digits beginning with 0, or "" for what is none."""
    digits = re.sub(r"\D", "", text)
    digits = "0" + digits[2:] if digits.startswith("84") else digits
    return digits if digits.startswith("0") and len(digits) in (10, 11) else ""


def thon(text: str, known: Sequence[str]) -> str:
    """Return the thôn that a message names, or ""."""
    said = fold(text)
    names = [fold(name) for name in known]
    inside = [name for name, folded in zip(known, names, strict=True) if f" {folded} " in f" {said} "]
    if inside:
        return inside[0]
    best = process.extractOne(said, names, scorer=fuzz.ratio, score_cutoff=_SAME_PLACE)
    return known[best[2]] if best else ""
