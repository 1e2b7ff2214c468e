"""The knowledge base out to one Excel or JSON file, and back in when all of it is sound."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.curation import reading, sheets
from knowledge import loading, writing
from knowledge.entry import Entry
from knowledge.loading import HOME, KnowledgeError

DAYS = ("reviewed_on", "valid_from", "valid_until", "from", "until", "as_of")
KINDS = (".xlsx", ".json")


class ExchangeError(Exception):
    """A file that cannot be read or written; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The ids of the entries that an import added, changed, and found as they were."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]


def export(entries: Iterable[Entry], path: Path) -> int:
    """Write entries to a new .xlsx or .json file; return how many. ExchangeError when it is there already."""
    _check_kind(path)
    tables = [writing.table(entry) for entry in entries]
    if path.suffix.lower() == ".xlsx":
        content = sheets.workbook(tables)
    else:
        content = json.dumps({"entries": tables}, ensure_ascii=False, indent=1, default=str).encode()
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise ExchangeError(f"{path} đã có; đặt tên khác, tệp cũ không bị ghi đè") from error
    except OSError as error:
        raise ExchangeError(f"{path}: không ghi được ({error.strerror})") from error
    return len(tables)


def read(path: Path) -> list[dict[str, Any]]:
    """Return the tables of entries in a file; KnowledgeError lists what is wrong with its form, all together."""
    _check_kind(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ExchangeError(f"{path}: không đọc được ({error.strerror})") from error
    tables, faults = reading.read(content) if path.suffix.lower() == ".xlsx" else _from_json(content)
    faults += _unnamed(tables)
    if faults:
        raise KnowledgeError([*faults, f"{len(faults)} lỗi trong {path.name}; chưa ghi gì"])
    return tables


def _check_kind(path: Path) -> None:
    if path.suffix.lower() not in KINDS:
        raise ExchangeError(f"{path}: cần tệp {' hoặc '.join(KINDS)}")


def _from_json(content: bytes) -> tuple[list[dict[str, Any]], list[str]]:
    try:
        raw = json.loads(content.decode("utf-8-sig"))
        json.dumps(raw, ensure_ascii=False).encode()  # halves of letters, which JSON can hold and a file cannot
    except (ValueError, RecursionError) as error:
        return [], [f"không phải JSON mã UTF-8 ({error})"]
    tables = raw.get("entries") if isinstance(raw, dict) else None
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return [], ['cần {"entries": [{"id": …}, …]}, như tệp mà motcua knowledge export ghi ra']
    return [_with_days(table) for table in tables], []


def _with_days(value: Any, key: str = "") -> Any:
    """Return a table with its days, which JSON has only as text, as dates; what is none stays and is a fault later."""
    if isinstance(value, dict):
        return {name: _with_days(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_days(inner) for inner in value]
    if key in DAYS and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _unnamed(tables: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the faults of entries that cannot be told apart."""
    ids = [table.get("id") for table in tables]
    faults = [f"mục thứ {number}: thiếu mã (id)" for number, i in enumerate(ids, 1) if not isinstance(i, str) or not i]
    counts = Counter(i for i in ids if isinstance(i, str) and i)
    return faults + [f"{i}: có {count} lần" for i, count in counts.items() if count > 1]


def take_in(tables: Sequence[Mapping[str, Any]], *, today: date, home: Path = HOME) -> Taken:
    """Add the entries to the knowledge base, or put them in place of those with their ids; others stay.

    The whole base is checked as it would be then, as `motcua knowledge check` does; KnowledgeError lists all faults
    together, and nothing is written. A file whose meaning does not change is left as it is.
    """
    before, _ = loading.load_with_faults(home)
    after, faults = loading.load_with_faults(home, edited=tables)
    faults += [f"{entry.id}: hết hiệu lực hoặc chưa có hiệu lực" for entry in loading.expired(after, today)]
    if faults:
        raise KnowledgeError([*faults, f"{len(faults)} lỗi; chưa ghi gì"])
    entries = [after.entries[str(table["id"])] for table in tables]
    added = [entry for entry in entries if entry.id not in before.entries]
    changed = [entry for entry in entries if before.entries.get(entry.id, entry) != entry]
    _write([*added, *changed], before.entries, home / "entries")
    same = {entry.id for entry in entries} - {entry.id for entry in (*added, *changed)}
    return Taken(tuple(e.id for e in added), tuple(e.id for e in changed), tuple(sorted(same)))


def _write(entries: Sequence[Entry], before: Mapping[str, Entry], folder: Path) -> None:
    """Write the files of entries, each whole or not at all; all are written out before the first is put in place."""
    try:
        places = {entry.id: folder / entry.field / f"{entry.id}.toml" for entry in entries}
        for entry in entries:
            places[entry.id].parent.mkdir(exist_ok=True)
            places[entry.id].with_suffix(".moi").write_text(writing.toml(entry), encoding="utf-8")
        for entry in entries:
            places[entry.id].with_suffix(".moi").rename(places[entry.id])
            old = before.get(entry.id)
            if old and old.field != entry.field:
                (folder / old.field / f"{entry.id}.toml").unlink()
    except OSError as error:
        raise ExchangeError(
            f"{error.filename}: không ghi được ({error.strerror}); kiểm tra quyền và chỗ trống"
        ) from error
