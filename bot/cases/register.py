"""The register of cases as a workbook, with the columns of Sổ tiếp công dân (Mẫu 03/TCD, NĐ 154/2026/NĐ-CP Điều 27)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import xlsxwriter

from bot.cases.model import State
from bot.storage import case_lists
from bot.storage.case_lists import Scope, Wanted
from bot.storage.cases import Case
from bot.storage.database import Database

PART = 500  # cases read in one transaction
LONGEST_CELL = 32_767  # Excel specifications and limits
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")

COLUMNS: tuple[tuple[str, int], ...] = (
    ("STT", 6),
    ("Ngày nhận", 12),
    ("Mã việc", 18),
    ("Kênh", 12),
    ("Họ tên – địa chỉ", 30),
    ("Điện thoại", 14),
    ("Tóm tắt nội dung", 60),
    ("Phân loại", 14),
    ("Số người cùng nội dung", 12),
    ("Nơi xảy ra", 24),
    ("Trạng thái", 18),
    ("Bộ phận xử lý", 18),
    ("Thuộc thẩm quyền", 12),
    ("Chuyển đến cơ quan", 24),
    ("Hạn trả lời", 12),
    ("Ngày trả lời", 12),
    ("Theo dõi kết quả", 50),
)


@dataclass(frozen=True, slots=True)
class Words:
    """How types, states, results and channels are called in the register."""

    types: Mapping[str, str]
    states: Mapping[str, str]
    results: Mapping[str, str]
    channels: Mapping[str, str]


def open_only(scope: Scope) -> Scope:
    """Return a scope without what is confidential: whoever asks, the register has it only as a number."""
    return replace(scope, confidential=False)


async def collect(database: Database, wanted: Wanted, scope: Scope) -> list[tuple[Case, int]]:
    """Return the cases of a filter in the order of their filing, each with how many people sent the same."""
    found: list[tuple[Case, int]] = []
    after = 0
    while True:
        async with database.transaction() as transaction:
            part = await case_lists.part(transaction, wanted, scope, after=after, limit=PART)
            same = await case_lists.followed(transaction, [case.id for case in part])
        found += [(case, 1 + same.get(case.id, 0)) for case in part]
        if len(part) < PART:
            return found
        after = part[-1].id


def write(path: Path, found: Iterable[tuple[Case, int]], words: Words, *, confidential: int | None) -> None:
    """Write the workbook. Of confidential cases only their number is told, and only when it is given.

    Every cell is text or a number: nothing a citizen wrote is ever a formula or a link.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Sổ theo dõi")
        bold, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
        for column, (title, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, bold)
        sheet.freeze_panes(1, 0)
        row = 0
        for row, (case, people) in enumerate(found, start=1):
            sheet.write_number(row, 0, row)
            for column, text in enumerate(_cells(case, people, words), start=1):
                sheet.write_string(row, column, _safe(text), wrapped)
        if confidential is not None:
            sheet.write_string(row + 2, 1, f"Việc giữ kín (tố cáo), không ghi chi tiết: {confidential}", bold)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)


def _cells(case: Case, people: int, words: Words) -> Sequence[str]:
    state = State(case.state)
    theirs = state is State.TRANSFERRED or case.result == "khong_thuoc_xa"
    outcome = (words.results.get(case.result or "", ""), case.answer)
    return (
        f"{case.created_at:%d/%m/%Y}",
        case.code,
        words.channels.get(case.channel, case.channel),
        " – ".join(part for part in (case.reporter_name, case.reporter_address) if part) or "không để tên",
        case.reporter_phone,
        case.text,
        words.types[case.type],
        str(people),
        ", ".join(part for part in (case.landmark, case.thon) if part),
        words.states[case.state],
        case.unit,
        "" if theirs else "x",
        " ".join(part for part in (case.transferred_to, case.transfer_document) if part),
        f"{case.due_at:%d/%m/%Y}" if case.due_at else "",
        f"{case.answered_at:%d/%m/%Y}" if case.answered_at else "",
        ": ".join(part for part in outcome if part),
    )


def _safe(text: str) -> str:
    """Return a text that stays one when the workbook is saved as CSV and opened again (OWASP: CSV injection)."""
    kept = text[: LONGEST_CELL - 1]
    return f"'{kept}" if kept.startswith(_STARTS_FORMULA) else kept
