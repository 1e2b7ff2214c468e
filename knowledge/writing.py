"""An entry back as its TOML file, in the form of the shipped ones."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from knowledge.entry import Entry, Facet

ONE_LINE = 120  # a list of lines that fits is written on one line
INLINE = ("names", "related")  # always on one line
STACKED = ("summary", "questions")  # always one below the other


def table(entry: Entry) -> dict[str, Any]:
    """Return an entry as the table that `knowledge.entry.read` reads, keys in the order of the files."""
    codes = [{"code": code.code, "from": code.begins, "until": code.ends} for code in entry.codes]
    papers = [{"paper": p.paper, "who": p.who, "when": p.when, "note": p.note} for p in entry.documents]
    sources = [{"title": source.title, "url": source.url, "as_of": source.as_of} for source in entry.sources]
    raw = {
        "id": entry.id,
        "title": entry.title,
        "names": list(entry.names),
        "kind": entry.kind.value,
        "field": entry.field,
        "handled_by": entry.handled_by.value,
        "authority": entry.authority,
        "summary": list(entry.facets.get(Facet.OVERVIEW, ())),
        "questions": list(entry.questions),
        "related": list(entry.related),
        "reviewed_on": entry.reviewed_on,
        "valid_from": entry.valid_from,
        "valid_until": entry.valid_until,
        "confidence": entry.confidence.value,
        "codes": [_without_nothing(row) for row in codes],
        "documents": [_without_nothing(row) for row in papers],
        "facets": {f.value: list(lines) for f, lines in entry.facets.items() if f is not Facet.OVERVIEW},
        "to_verify": [{"facet": doubt.facet.value, "what": doubt.what} for doubt in entry.doubts],
        "sources": [_without_nothing(row) for row in sources],
    }
    return {key: value for key, value in raw.items() if value or key == "related"}


def _without_nothing(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value}


def toml(entry: Entry) -> str:
    """Return the text of an entry's file."""
    return "\n".join(_lines(table(entry))) + "\n"


def _lines(raw: dict[str, Any]) -> Iterator[str]:
    for key, value in raw.items():
        if isinstance(value, dict):
            yield from ("", f"[{key}]", *(_pair(name, lines) for name, lines in value.items()))
        elif value and isinstance(value, list) and isinstance(value[0], dict):
            yield ""
            for row in value:
                yield from (f"[[{key}]]", *(_pair(name, cell) for name, cell in row.items()))
        else:
            yield _pair(key, value)


def _pair(key: str, value: Any) -> str:
    if not isinstance(value, list):
        return f"{key} = {_value(value)}"
    line = f"{key} = [{', '.join(map(_value, value))}]"
    is_short = len(value) <= 1 and len(line) <= ONE_LINE and key not in STACKED
    if is_short or key in INLINE:
        return line
    return "\n".join((f"{key} = [", *(f"  {_value(text)}," for text in value), "]"))


def _value(value: str | date) -> str:
    """Return a date, or a text as a basic string; JSON's escapes are TOML's, but for DEL."""
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
