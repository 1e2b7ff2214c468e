"""Days off and worked that differ from the computed calendar: calendar.toml and the commune's own file."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

HOME = Path(__file__).parent / "calendar.toml"

_LISTS = {"nghi_them": False, "lam_bu": True}
_YEAR = "nam_da_cong_bo"
_TEXTS = {"ten": "tên gọi của ngày này", "nguon": "văn bản hoặc thông báo"}
_DATES = {"ngay": "ngày cần đổi", "ngay_nguon": "ngày lấy nguồn"}
_KEYS = {*_TEXTS, *_DATES, "da_xac_nhan"}


class CalendarError(Exception):
    """A file of changes that cannot be used; every fault is one line naming file, place and remedy."""


@dataclass(frozen=True, slots=True)
class Change:
    """One day that is worked, or not, against the computed calendar; `source` and `as_of` say who says so and when."""

    day: date
    is_worked: bool
    name: str
    source: str
    as_of: date
    is_confirmed: bool = True


@dataclass(frozen=True)
class Changes:
    """All changes by day, and the last year whose holidays were officially announced."""

    by_day: Mapping[date, Change] = field(default_factory=dict)
    last_confirmed_year: int = 0


def load(own: Path | None = None) -> Changes:
    """Return the shipped changes, those of the commune's `own` file over them; raise CalendarError with all faults."""
    faults: list[str] = []
    by_day: dict[date, Change] = {}
    year = 0
    for path in (HOME, own) if own else (HOME,):
        raw = _table(path, faults)
        year = max(year, _year(raw, path, faults))
        by_day |= _one_file(raw, path, faults)
    if faults:
        raise CalendarError("\n".join(faults))
    return Changes(by_day, year)


def _table(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{path}: không đọc được ({error}); sửa tệp rồi chạy lại")
        return {}


def _year(raw: dict[str, Any], path: Path, faults: list[str]) -> int:
    year = raw.get(_YEAR, 0)
    if isinstance(year, int) and not isinstance(year, bool):
        return year
    faults.append(f"{path.name}: {_YEAR} = {year!r}: cần một số năm, ví dụ 2027")
    return 0


def _one_file(raw: dict[str, Any], path: Path, faults: list[str]) -> dict[date, Change]:
    faults += [
        f"{path.name}: không có phần “{name}”; chỉ có {_YEAR}, nghi_them, lam_bu"
        for name in raw
        if name not in (_YEAR, *_LISTS)
    ]
    by_day: dict[date, Change] = {}
    for name, is_worked in _LISTS.items():
        for place, row in enumerate(_rows(raw, name, path, faults), start=1):
            found = list(_faults_of(row))
            faults += [f"{path.name}: {name} thứ {place}: {fault}" for fault in found]
            if not found and row["ngay"] in by_day:
                faults.append(f"{path.name}: ngày {row['ngay']:%d/%m/%Y} ghi hai lần; giữ một")
            elif not found:
                by_day[row["ngay"]] = _change(row, is_worked=is_worked)
    return by_day


def _rows(raw: dict[str, Any], name: str, path: Path, faults: list[str]) -> list[dict[str, Any]]:
    rows = raw.get(name, [])
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    faults.append(f"{path.name}: {name}: cần viết mỗi ngày thành một phần [[{name}]]")
    return []


def _faults_of(row: dict[str, Any]) -> Iterator[str]:
    for key, meaning in _DATES.items():
        value = row.get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            yield f"“{key}” ({meaning}) cần một ngày dạng 2027-02-04, không có ngoặc kép"
    for key, meaning in _TEXTS.items():
        if not isinstance(row.get(key), str) or not row[key].strip():
            yield f"thiếu “{key}” ({meaning})"
    if not isinstance(row.get("da_xac_nhan", True), bool):
        yield "“da_xac_nhan” là true hoặc false"
    yield from (f"không có khóa “{key}”; xóa đi hoặc sửa tên" for key in row if key not in _KEYS)


def _change(row: dict[str, Any], *, is_worked: bool) -> Change:
    confirmed = row.get("da_xac_nhan", True)
    return Change(row["ngay"], is_worked, row["ten"], row["nguon"], row["ngay_nguon"], confirmed)
