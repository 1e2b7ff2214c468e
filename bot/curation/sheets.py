"""Entries as sheets of an Excel workbook, one row a line, as a clerk edits them."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from bot.curation.layout import ASKED, ASKING, ENTRIES, GUIDE, LINES, NAMED, ROWS, Form, Sheet, facet_names, layout

Row = dict[str, Any]
MOST_ROWS = 1_048_575  # of an Excel sheet, without its headings


def workbook(tables: Iterable[Mapping[str, Any]]) -> bytes:
    """Return entries' tables as a workbook."""
    rows: dict[str, list[Row]] = {sheet.name: [] for sheet in layout()}
    for table in tables:
        for name, flat in _flatten(table):
            rows[name].append({"id": table["id"], **flat})
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for sheet in layout():
            _write_sheet(book, sheet, rows[sheet.name])
        guide = book.add_worksheet("Hướng dẫn")
        guide.set_column(0, 0, 130, book.add_format({"text_wrap": True}))
        guide.write_column(0, 0, GUIDE)
    return content.getvalue()


def _flatten(table: Mapping[str, Any]) -> Iterator[tuple[str, Row]]:
    """Yield the rows of one entry, each with the name of its sheet."""
    names = facet_names()
    yield ENTRIES, {**table, "related": ", ".join(table["related"])}
    yield from ((ASKING, {"as": NAMED, "text": text}) for text in table.get("names", ()))
    yield from ((ASKING, {"as": ASKED, "text": text}) for text in table["questions"])
    parts = {"overview": table["summary"], **table.get("facets", {})}
    yield from ((LINES, {"facet": names[part], "text": text}) for part, lines in parts.items() for text in lines)
    for key, sheet in ROWS.items():
        for row in table.get(key, ()):
            yield sheet, row | ({"facet": names[row["facet"]]} if "facet" in row else {})


def _write_sheet(book: Any, sheet: Sheet, rows: Sequence[Row]) -> None:
    page = book.add_worksheet(sheet.name)
    heading = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
    formats = {
        Form.TEXT: book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        Form.DAY: book.add_format({"valign": "top", "num_format": "dd/mm/yyyy"}),
    }
    for position, column in enumerate(sheet.columns):
        page.set_column(position, position, column.width, formats[column.form])
        page.write_string(0, position, column.heading, heading)
        if column.choices:
            page.data_validation(1, position, MOST_ROWS, position, {"validate": "list", "source": list(column.choices)})
        for number, row in enumerate(rows, 1):
            value = row.get(column.key)
            if isinstance(value, date):
                page.write_datetime(number, position, datetime(value.year, value.month, value.day), formats[Form.DAY])  # noqa: DTZ001
            elif value:
                page.write_string(number, position, value, formats[Form.TEXT])
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(len(rows), 1), len(sheet.columns) - 1)
