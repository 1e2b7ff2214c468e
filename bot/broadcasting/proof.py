"""The proof sheet: for each person, whether an announcement reached them, and why not."""

import csv
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TextIO

import xlsxwriter

from bot.storage import recipients
from bot.storage.database import Database
from bot.storage.recipients import Line

HEAD = ("STT", "Kênh", "Địa chỉ (đã che)", "Họ tên", "Thôn", "Kết quả", "Lý do", "Số lần gửi", "Lúc")
OUTCOMES = {
    "waiting": "chưa gửi",
    "in_flight": "đang gửi",
    "pending": "chưa gửi xong",
    "delivered": "đã nhận",
    "gone": "không còn liên lạc được",
    "refused": "bị từ chối",
    "failed": "không gửi được",
    "uncertain": "chưa chắc đã nhận",
    "skipped": "không gửi",
}
PAGE = 500  # rows read at a time: no transaction lasts while a file is written
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = tuple[int | str, ...]


async def write(database: Database, announcement: int, to: Path | None) -> None:
    """Write the sheet as .xlsx or .csv by the file's name, or as CSV on standard output; OSError when it cannot be."""
    if to and to.suffix == ".xlsx":
        await _write_xlsx(database, announcement, to)
    elif to:
        with to.open("w", encoding="utf-8-sig", newline="") as file:  # with the mark by which Excel knows UTF-8
            await _write_csv(database, announcement, file)
    else:
        await _write_csv(database, announcement, sys.stdout)


async def _write_csv(database: Database, announcement: int, file: TextIO) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEAD)
    async for row in _rows(database, announcement):
        writer.writerow([harmless(str(cell)) for cell in row])


async def _write_xlsx(database: Database, announcement: int, to: Path) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False}
    with to.open("wb") as file, xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Phiếu gửi")
        sheet.write_row(0, 0, HEAD, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        sheet.set_column(1, len(HEAD) - 1, 22)
        async for row in _rows(database, announcement):
            sheet.write_row(int(row[0]), 0, row)


async def _rows(database: Database, announcement: int) -> AsyncIterator[Row]:
    after, number = 0, 0
    while True:
        async with database.transaction() as transaction:
            page = await recipients.lines(transaction, announcement, after=after, limit=PAGE)
        if not page:
            return
        for _, line in page:
            number += 1
            yield _row(number, line)
        after = page[-1][0]


def _row(number: int, line: Line) -> Row:
    when = f"{line.settled_at:%H:%M:%S %d/%m/%Y}" if line.settled_at else ""
    outcome = OUTCOMES[line.standing]
    place = (line.channel, masked(line.address), line.name, line.village)
    return (number, *place, outcome, line.reason, line.attempts, when)


def masked(address: str) -> str:
    """Return an address of which only the ends are seen."""
    return address if len(address) < 4 else f"{address[:2]}…{address[-2:]}"


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet does not take for a formula."""
    is_number = cell.lstrip("+-").isdigit()
    return f"'{cell}" if cell.startswith(_FORMULA) and not is_number else cell


def as_meant(cell: str) -> str:
    """Return a cell without what `harmless` put before it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
