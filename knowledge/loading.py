"""From the folder of TOML files to one checked Library."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from knowledge.entry import Entry, Kind, Reading, read
from knowledge.lexicon import Lexicon
from knowledge.vietnamese import fold

HOME = Path(__file__).parent


class KnowledgeError(Exception):
    """The knowledge base has faults; each is told as "file: fault"."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class Vague:
    """Ways of asking that several procedures could claim, and the choices to offer."""

    questions: tuple[str, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Library:
    """All entries by id, the fields in browsing order, vague questions, and the lexicon to read questions with."""

    entries: Mapping[str, Entry]
    fields: Mapping[str, str]
    vague: tuple[Vague, ...]
    smalltalk: Mapping[str, tuple[str, ...]]
    lexicon: Lexicon

    def in_field(self, field: str) -> tuple[Entry, ...]:
        return tuple(e for e in self.entries.values() if e.field == field and e.kind is not Kind.BRIEF)

    @cached_property
    def by_code(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the entries under each national code; a code can be shared by several."""
        found: dict[str, list[str]] = {}
        for entry in self.entries.values():
            for code in entry.codes:
                found.setdefault(code.code, []).append(entry.id)
        return {code: tuple(ids) for code, ids in found.items()}


def load(home: Path = HOME, *, today: date | None = None) -> Library:
    """Return the library in `home`; raise KnowledgeError with all faults of all files.

    With `today`, entries outside their validity are left out: an expired answer is never served.
    """
    library, faults = load_with_faults(home)
    if faults:
        raise KnowledgeError(faults)
    if today is None:
        return library
    valid = {entry.id: entry for entry in library.entries.values() if entry.is_valid(today)}
    return Library(valid, library.fields, _still_offered(library.vague, valid), library.smalltalk, library.lexicon)


def _still_offered(vague: tuple[Vague, ...], entries: Mapping[str, Entry]) -> tuple[Vague, ...]:
    kept = (Vague(v.questions, tuple(c for c in v.choices if c in entries)) for v in vague)
    return tuple(v for v in kept if len(v.choices) > 1)


def load_with_faults(home: Path = HOME, *, edited: Sequence[Mapping[str, Any]] = ()) -> tuple[Library, list[str]]:
    """Return whatever could be read and everything that is wrong with it.

    Tables in `edited`, each with its id, are read in place of the files of these entries, or beside the others.
    """
    faults: list[str] = []
    fields = _table(home / "fields.toml", faults)
    entries: dict[str, Entry] = {}
    tables = _entry_tables(home / "entries", edited, faults)
    for path in sorted(tables, key=lambda p: (_rank(p.parent.name, fields), p.stem)):
        name, raw = f"{path.parent.name}/{path.name}", tables[path]
        if raw:
            reading = read(raw)
            faults.extend(f"{name}: {fault}" for fault in (*reading.faults, *_misplaced(reading, path, fields)))
            entries[path.stem] = reading.entry
    vague = _vague(_table(home / "vague.toml", faults), entries, faults)
    faults.extend(_cross_faults(entries, vague))
    lexicon = Lexicon.of(_table(home / "synonyms.toml", faults))
    smalltalk = {key: tuple(lines) for key, lines in _table(home / "smalltalk.toml", faults).items()}
    return Library(entries, fields, vague, smalltalk, lexicon), faults


def _entry_tables(
    folder: Path, edited: Sequence[Mapping[str, Any]], faults: list[str]
) -> dict[Path, Mapping[str, Any]]:
    """Return each entry's table by the path of its file."""
    tables: dict[Path, Mapping[str, Any]] = {folder / str(t.get("field")) / f"{t['id']}.toml": t for t in edited}
    names = {path.stem for path in tables}
    for path in (p for p in folder.glob("*/*.toml") if p.stem not in names):
        tables[path] = _table(path, faults, name=f"{path.parent.name}/{path.name}")
    return tables


def _rank(field: str, fields: Mapping[str, str]) -> int:
    return list(fields).index(field) if field in fields else len(fields)


def _table(path: Path, faults: list[str], *, name: str | None = None) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{name or path.name}: không đọc được: {error}")
        return {}


def _misplaced(reading: Reading, path: Path, fields: Mapping[str, str]) -> Iterable[str]:
    entry = reading.entry
    if entry.id != path.stem:
        yield f"“id” là {entry.id!r} nhưng tên tệp là {path.stem!r}"
    if entry.field != path.parent.name:
        yield f"“field” là {entry.field!r} nhưng nằm trong thư mục {path.parent.name!r}"
    if entry.field not in fields:
        yield f"lĩnh vực {entry.field!r} không có trong fields.toml"


def _vague(raw: Mapping[str, Any], entries: Mapping[str, Entry], faults: list[str]) -> tuple[Vague, ...]:
    rows = tuple(Vague(tuple(r.get("questions", ())), tuple(r.get("choices", ()))) for r in raw.get("vague", ()))
    for row in rows:
        if not row.questions or len(row.choices) < 2:
            faults.append(f"vague.toml: cần cách hỏi và ít nhất hai lựa chọn ({row.choices})")
        faults.extend(f"vague.toml: không có mục {c!r}" for c in row.choices if c not in entries)
    return rows


def _cross_faults(entries: Mapping[str, Entry], vague: tuple[Vague, ...]) -> Iterable[str]:
    owners: dict[str, str] = {}
    asked = [(q, entry.id) for entry in entries.values() for q in (*entry.names, *entry.questions)]
    asked += [(q, "vague.toml") for row in vague for q in row.questions]
    for question, owner in asked:
        other = owners.setdefault(fold(question), owner)
        if other != owner:
            yield f"{owner}: cách hỏi “{question}” đã có ở {other}"
    for entry in entries.values():
        yield from (f"{entry.id}: “related” trỏ tới {r!r} không có" for r in entry.related if r not in entries)


def expired(library: Library, today: date) -> tuple[Entry, ...]:
    """Return the entries whose validity does not include `today`."""
    return tuple(entry for entry in library.entries.values() if not entry.is_valid(today))
