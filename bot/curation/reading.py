"""A workbook that a clerk edited, read back as entries' tables with everything that is wrong with its form."""

import contextlib
import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl

from bot.curation.layout import ASKED, ASKING, ENTRIES, LINES, NAMED, ROWS, Column, Form, Sheet, facet_names, layout
from knowledge.entry import Facet

Row = dict[str, Any]
NOT_WRITTEN = ("f", "e", "b")  # openpyxl's marks of formulas, errors and truth values


def read(content: bytes) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the entries' tables in a workbook and everything that is wrong with its form."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on what Excel adds and openpyxl leaves out
            workbook = openpyxl.load_workbook(io.BytesIO(content))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, ParseError) as error:
        return [], [f"không phải tệp Excel .xlsx, hoặc tệp hỏng ({type(error).__name__})"]
    faults: list[str] = []
    rows = {sheet.name: list(_rows(workbook, sheet, faults)) for sheet in layout()}
    return _nest(rows, faults), faults


def _rows(workbook: Any, sheet: Sheet, faults: list[str]) -> Iterator[tuple[str, Row]]:
    """Yield the rows of a sheet that hold anything, each with its place in words."""
    if sheet.name not in workbook.sheetnames:
        faults.append(f"thiếu trang “{sheet.name}”")
        return
    lines = workbook[sheet.name].iter_rows()
    headings = [str(cell.value or "").strip() for cell in next(lines, ())]
    missing = [column.heading for column in sheet.columns if column.heading not in headings]
    if missing:
        faults.append(f"trang “{sheet.name}”: thiếu cột {', '.join(missing)}")
        return
    for number, cells in enumerate(lines, 2):
        place = f"trang “{sheet.name}” dòng {number}"
        found = {c.key: _cell(cells[headings.index(c.heading)], c, place, faults) for c in sheet.columns}
        kept = {key: value for key, value in found.items() if value is not None}
        if kept:
            yield place, kept


def _cell(cell: Any, column: Column, place: str, faults: list[str]) -> str | date | None:
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    found = None if cell.data_type in NOT_WRITTEN else _day(value) if column.form is Form.DAY else _text(value)
    if found is None:
        remedy = "ngày dạng 22/11/2026" if column.form is Form.DAY else "chữ (định dạng ô là Text)"
        faults.append(f"{place}, cột “{column.heading}”: cần {remedy}, đang là {value!r}")
    return found


def _text(value: Any) -> str | None:
    """Return a text, or a whole number as it was typed; a broken number may have lost its last zeros (1.000100)."""
    if isinstance(value, str):
        return value.strip()
    return str(int(value)) if isinstance(value, int | float) and float(value).is_integer() else None


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        with contextlib.suppress(ValueError, TypeError):
            return datetime.strptime(value, form).date()  # noqa: DTZ007 (a day has no zone)
    return None


def _nest(rows: Mapping[str, Sequence[tuple[str, Row]]], faults: list[str]) -> list[dict[str, Any]]:
    """Return one table for each row of the sheet of entries, with what the other sheets say of it."""
    tables = [_entry(row) for _, row in rows[ENTRIES]]
    by_id: dict[Any, dict[str, Any]] = {table.get("id"): table for table in tables}
    keys = {sheet: key for key, sheet in ROWS.items()}
    for sheet in (ASKING, LINES, *keys):
        for place, row in rows[sheet]:
            table = by_id.get(row.pop("id", None))
            if table is None:
                faults.append(f"{place}: mã mục trống hoặc không có ở trang “{ENTRIES}”")
            elif sheet in keys:
                table.setdefault(keys[sheet], []).append(row | _facet(row, place, faults))
            else:
                _add_line(table, row, place, faults)
    return tables


def _entry(row: Row) -> dict[str, Any]:
    related = [part.strip() for part in row.get("related", "").split(",") if part.strip()]
    return {**row, "related": related, "summary": [], "questions": [], "names": [], "facets": {}}


def _facet(row: Row, place: str, faults: list[str]) -> dict[str, str]:
    """Return the facet that a row names, by its name in Vietnamese or its key; nothing for rows that name none."""
    if "facet" not in row:
        return {}
    keys = {name.casefold(): key for key, name in facet_names().items()} | {facet.value: facet.value for facet in Facet}
    key = keys.get(row["facet"].casefold())
    if key is None:
        faults.append(f"{place}: không có phần “{row['facet']}”; chọn một trong: {', '.join(facet_names().values())}")
    return {"facet": key or row["facet"]}


def _add_line(table: dict[str, Any], row: Row, place: str, faults: list[str]) -> None:
    text, facet = row.get("text", ""), _facet(row, place, faults).get("facet")
    if facet == Facet.OVERVIEW:
        table["summary"].append(text)
    elif facet:
        table["facets"].setdefault(facet, []).append(text)
    elif row.get("as") in (ASKED, NAMED):
        table["questions" if row["as"] == ASKED else "names"].append(text)
    else:
        faults.append(f"{place}: cần chọn “{ASKED}” hoặc “{NAMED}”, hay một phần")
