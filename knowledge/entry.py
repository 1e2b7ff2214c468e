"""One curated entry: its shape, and the reading of it from TOML with every fault told together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of entry this is; a brief one knows only the name and whose job the matter is."""

    PROCEDURE = "procedure"
    GUIDE = "guide"
    CONCEPT = "concept"
    OFFICE = "office"
    PLAN = "plan"
    BOT = "bot"
    BRIEF = "brief"


class Facet(StrEnum):
    """The part of an entry that a question asks for, in the order a citizen is offered them."""

    OVERVIEW = "overview"
    DOCUMENTS = "documents"
    STEPS = "steps"
    WHERE = "where"
    TIME = "time"
    FEE = "fee"
    ONLINE = "online"
    WHO = "who"
    RESULT = "result"
    FORM = "form"
    NOTES = "notes"
    LEGAL = "legal"


class HandledBy(StrEnum):
    """Whose job a matter is."""

    XA = "xa"
    CONG_AN = "cong-an"
    QUAN_SU = "quan-su"
    TINH = "tinh"
    BHXH = "bhxh"
    THUE = "thue"
    TOA_AN = "toa-an"
    DAT_DAI = "dat-dai"
    TRUNG_UONG = "trung-uong"
    KHAC = "khac"


class Confidence(StrEnum):
    """How far the weakest fact of an entry can be relied on."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Code:
    """A national procedure code and the days it was in use."""

    code: str
    begins: date | None = None
    ends: date | None = None

    def is_valid(self, day: date) -> bool:
        return (self.begins is None or self.begins <= day) and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper a citizen brings."""

    paper: str
    who: str = ""
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the facts come from, and the day they were copied."""

    title: str
    as_of: date
    url: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A fact that must still be confirmed; shown to the citizen under its facet."""

    facet: Facet
    what: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One curated entry. `facets` holds every facet but documents, each as short lines."""

    id: str
    title: str
    kind: Kind
    field: str
    handled_by: HandledBy
    authority: str
    questions: tuple[str, ...]
    reviewed_on: date
    confidence: Confidence
    sources: tuple[Source, ...]
    facets: Mapping[Facet, tuple[str, ...]]
    names: tuple[str, ...] = ()
    documents: tuple[Paper, ...] = ()
    codes: tuple[Code, ...] = ()
    related: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None

    def is_valid(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def known_facets(self) -> tuple[Facet, ...]:
        return tuple(f for f in Facet if f in self.facets or (f is Facet.DOCUMENTS and self.documents))

    def doubts_about(self, facet: Facet) -> tuple[Doubt, ...]:
        return tuple(doubt for doubt in self.doubts if doubt.facet is facet)


_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LEAST_QUESTIONS = {Kind.BRIEF: 5}
LEAST_QUESTIONS_OTHERWISE = 12
MOST_RELATED = 6
PLACE_HOLDERS = frozenset(
    {"don_vi", "xa", "xa_moi", "tinh", "trung_tam", "dia_chi", "gio_lam_viec", "dien_thoai"}
    | {"dien_thoai_cong_an", "lich_tiep_dan", "thu_dien_tu", "trang_web"}
)


class _Faults(list[str]):
    """Collects what is wrong with one file while it is read."""

    def take(self, table: dict[str, Any], key: str, kind: type, default: Any = None) -> Any:
        value = table.pop(key, default)
        if value is None:
            self.append(f"thiếu khóa bắt buộc “{key}”")
            return kind()
        if not isinstance(value, kind):
            self.append(f"“{key}” phải là {_NAMES[kind]}, đang là {value!r}")
            return kind()
        return value

    def day(self, table: dict[str, Any], key: str, *, required: bool = False) -> date | None:
        value = table.pop(key, None)
        if type(value) is date:
            return value
        if value is not None:
            self.append(f"“{key}” phải là ngày dạng 2026-11-22, đang là {value!r}")
        elif required:
            self.append(f"thiếu ngày “{key}”")
        return None

    def texts(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        values = self.take(table, key, list, [])
        good = tuple(v.strip() for v in values if isinstance(v, str) and v.strip())
        if len(good) != len(values):
            self.append(f"“{key}” có dòng trống hoặc không phải chữ")
        return good

    def rows(self, table: dict[str, Any], key: str) -> list[dict[str, Any]]:
        values = self.take(table, key, list, [])
        good = [dict(v) for v in values if isinstance(v, dict)]
        if len(good) != len(values):
            self.append(f"“{key}” phải là danh sách các bảng [[{key}]]")
        return good

    def choice(self, kind: type[StrEnum], value: str, key: str) -> Any:
        try:
            return kind(value)
        except ValueError:
            self.append(f"“{key}” không nhận {value!r}; chọn một trong: {', '.join(kind)}")
            return next(iter(kind))

    def nothing_left(self, table: Mapping[str, Any], where: str) -> None:
        self.extend(f"không có khóa “{key}” trong {where}" for key in table)


_NAMES: dict[type, str] = {str: "chuỗi chữ", list: "danh sách", dict: "bảng"}


@dataclass(frozen=True, slots=True)
class Reading:
    """An entry as far as it could be read, and what is wrong with its file."""

    entry: Entry
    faults: tuple[str, ...] = field(default=())


def read(raw: Mapping[str, Any]) -> Reading:
    """Return the entry in a parsed TOML table together with all its faults, each a Vietnamese sentence."""
    table, faults = dict(raw), _Faults()
    kind = faults.choice(Kind, faults.take(table, "kind", str), "kind")
    entry = Entry(
        id=faults.take(table, "id", str),
        title=faults.take(table, "title", str),
        names=faults.texts(table, "names"),
        kind=kind,
        field=faults.take(table, "field", str),
        handled_by=faults.choice(HandledBy, faults.take(table, "handled_by", str), "handled_by"),
        authority=faults.take(table, "authority", str),
        questions=faults.texts(table, "questions"),
        reviewed_on=faults.day(table, "reviewed_on", required=True) or date.min,
        confidence=faults.choice(Confidence, faults.take(table, "confidence", str), "confidence"),
        facets=_facets(table, faults),
        documents=tuple(_paper(row, faults) for row in faults.rows(table, "documents")),
        codes=tuple(_code(row, faults) for row in faults.rows(table, "codes")),
        sources=tuple(_source(row, faults) for row in faults.rows(table, "sources")),
        doubts=tuple(_doubt(row, faults) for row in faults.rows(table, "to_verify")),
        related=faults.texts(table, "related"),
        valid_from=faults.day(table, "valid_from"),
        valid_until=faults.day(table, "valid_until"),
    )
    faults.nothing_left(table, "tệp này")
    _check_whole(entry, faults)
    return Reading(entry, tuple(faults))


def _facets(table: dict[str, Any], faults: _Faults) -> dict[Facet, tuple[str, ...]]:
    raw = dict(faults.take(table, "facets", dict, {}))
    raw["overview"] = faults.take(table, "summary", list)
    named = [name for name in raw if name in set(Facet) - {Facet.DOCUMENTS}]
    facets = {Facet(name): faults.texts(raw, name) for name in named}
    faults.nothing_left(raw, "[facets]")
    faults.extend(
        f"mục “{facet}” không có nội dung; bỏ hẳn mục này nếu chưa biết" for facet in facets if not facets[facet]
    )
    return {facet: facets[facet] for facet in Facet if facets.get(facet)}


def _paper(table: dict[str, Any], faults: _Faults) -> Paper:
    paper = Paper(*(faults.take(table, key, str, default) for key, default in _PAPER_KEYS.items()))
    faults.nothing_left(table, "[[documents]]")
    return paper


_PAPER_KEYS: dict[str, str | None] = {"paper": None, "who": "", "when": "", "note": ""}


def _code(table: dict[str, Any], faults: _Faults) -> Code:
    code = Code(faults.take(table, "code", str), faults.day(table, "from"), faults.day(table, "until"))
    faults.nothing_left(table, "[[codes]]")
    return code


def _source(table: dict[str, Any], faults: _Faults) -> Source:
    as_of = faults.day(table, "as_of", required=True) or date.min
    source = Source(faults.take(table, "title", str), as_of, faults.take(table, "url", str, ""))
    faults.nothing_left(table, "[[sources]]")
    return source


def _doubt(table: dict[str, Any], faults: _Faults) -> Doubt:
    facet = faults.choice(Facet, faults.take(table, "facet", str), "to_verify.facet")
    doubt = Doubt(facet, faults.take(table, "what", str))
    faults.nothing_left(table, "[[to_verify]]")
    return doubt


def _check_whole(entry: Entry, faults: _Faults) -> None:
    if not _ID.fullmatch(entry.id):
        faults.append(f"“id” là {entry.id!r}; chỉ dùng chữ thường không dấu, số và gạch nối, ví dụ “khai-sinh”")
    if not entry.sources:
        faults.append("thiếu nguồn: cần ít nhất một [[sources]]")
    least = LEAST_QUESTIONS.get(entry.kind, LEAST_QUESTIONS_OTHERWISE)
    if len(entry.questions) < least:
        faults.append(f"mới có {len(entry.questions)} cách hỏi, cần ít nhất {least}")
    if entry.kind is Kind.BRIEF and Facet.WHERE not in entry.facets:
        faults.append("mục ngắn phải nói làm ở đâu (facets.where)")
    if len(entry.related) > MOST_RELATED:
        faults.append(f"“related” nhiều nhất {MOST_RELATED} mục")
    known = set(entry.known_facets())
    faults.extend(
        f"cần xác minh “{d.facet}” nhưng mục ấy không có nội dung" for d in entry.doubts if d.facet not in known
    )
    for line in (line for lines in entry.facets.values() for line in lines):
        unknown = set(place_holders(line)) - PLACE_HOLDERS
        faults.extend(f"không có chỗ điền {{{name}}}" for name in sorted(unknown))


def place_holders(line: str) -> list[str]:
    """Return the names in braces that settings of the commune will fill."""
    return [part.split("}")[0] for part in line.split("{")[1:]]
