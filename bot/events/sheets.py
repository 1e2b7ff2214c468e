"""Lists for officials as workbooks. Every cell is text or a number: nothing that anybody wrote is ever a formula."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
NARROW, WIDE = 16, 44


def book(title: str, head: Sequence[str], rows: Iterable[Sequence[str | int | float]], *, wide: Sequence[int]) -> bytes:
    """Return a workbook of one sheet; `wide` names the columns that hold long text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as file:
        sheet = file.add_worksheet(title)
        bold, wrapped = file.add_format({"bold": True, "text_wrap": True}), file.add_format({"text_wrap": True})
        for column, name in enumerate(head):
            sheet.set_column(column, column, WIDE if column in wide else NARROW)
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, _safe(cell), wrapped)
                else:
                    sheet.write_number(number, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
    return out.getvalue()


def _safe(text: str) -> str:
    """Return a text that stays one when the workbook is saved as CSV and opened again (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text
