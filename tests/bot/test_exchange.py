"""The knowledge base out to a clerk's file and back in."""

import io
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.curation import exchange, reading, sheets
from bot.curation.exchange import ExchangeError
from bot.curation.layout import layout
from knowledge import loading
from knowledge.entry import Facet
from knowledge.loading import HOME, KnowledgeError
from tests.bot.conftest import Motcua
from tests.conftest import TODAY

BOTH = pytest.mark.parametrize("kind", [".xlsx", ".json"])
FEW = ("ket-hon", "khai-tu", "sipas", "xac-nhan-cu-tru")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A knowledge base of our own to edit."""
    return Path(shutil.copytree(HOME, tmp_path / "knowledge", ignore=shutil.ignore_patterns("__pycache__", "*.py")))


@pytest.fixture
def book(tmp_path: Path, library: loading.Library) -> Path:
    """A few entries as a workbook."""
    path = tmp_path / "kho.xlsx"
    exchange.export([library.entries[name] for name in FEW], path)
    return path


def files(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


def edited(path: Path, edit: Callable[[Any], object]) -> list[dict[str, Any]]:
    """Change a workbook as a clerk does, and read it."""
    workbook = openpyxl.load_workbook(path)
    edit(workbook)
    workbook.save(path)
    return exchange.read(path)


def row_of(sheet: Any, *start: str) -> int:
    """Return the number of the first row that begins so."""
    return next(int(row[0].row) for row in sheet.iter_rows() if tuple(c.value for c in row[: len(start)]) == start)


# ---- there and back


@BOTH
def test_what_goes_out_comes_back_and_changes_no_file(
    home: Path, tmp_path: Path, library: loading.Library, kind: str
) -> None:
    path = tmp_path / f"kho{kind}"
    assert exchange.export(library.entries.values(), path) == len(library.entries)
    before = files(home)
    taken = exchange.take_in(exchange.read(path), home=home, today=TODAY)
    assert (taken.added, taken.changed, len(taken.same)) == ((), (), len(library.entries))
    assert files(home) == before


@BOTH
def test_an_empty_knowledge_base_is_filled_with_the_same(
    home: Path, tmp_path: Path, library: loading.Library, kind: str
) -> None:
    path = tmp_path / f"kho{kind}"
    exchange.export(library.entries.values(), path)
    shutil.rmtree(home / "entries")
    (home / "entries").mkdir()
    taken = exchange.take_in(exchange.read(path), home=home, today=TODAY)
    assert len(taken.added) == len(library.entries)
    assert loading.load(home).entries == loading.load().entries


def test_an_edit_of_a_clerk_arrives(home: Path, book: Path) -> None:
    def edit(workbook: Any) -> None:
        lines = workbook["Nội dung"]
        row = row_of(lines, "khai-tu", "Bao lâu có")
        lines.cell(row, 3, "  Trong ngày.  ")
        lines.append(["khai-tu", "fee", "Theo nghị quyết của tỉnh."])
        workbook["Mục"].cell(row_of(workbook["Mục"], "khai-tu"), 8, "01/12/2026")
        asking = workbook["Cách hỏi"]
        asking.delete_rows(row_of(asking, "khai-tu", "cách hỏi"))

    before = files(home)
    taken = exchange.take_in(edited(book, edit), home=home, today=TODAY)
    assert (taken.added, taken.changed) == ((), ("khai-tu",))
    old, new = loading.load().entries["khai-tu"], loading.load(home).entries["khai-tu"]
    assert new.facets[Facet.TIME] == ("Trong ngày.",)
    assert new.facets[Facet.FEE] == (*old.facets[Facet.FEE], "Theo nghị quyết của tỉnh.")
    assert new.reviewed_on == date(2026, 12, 1)
    assert new.questions == old.questions[1:]
    changed = {name for name, content in files(home).items() if before[name] != content}
    assert changed == {"entries/ho-tich/khai-tu.toml"}


def test_a_new_entry_and_a_moved_one_are_put_in_their_folders(home: Path, tmp_path: Path) -> None:
    tables = as_json(tmp_path, "sipas", "ket-hon")
    tables[0]["field"] = "xa"
    tables[1] |= {"id": "cho-phien", "names": [], "questions": [f"họp chợ phiên ngày nào {n}" for n in "abcdefghijkl"]}
    taken = exchange.take_in(tables, home=home, today=TODAY)
    assert (taken.added, taken.changed) == (("cho-phien",), ("sipas",))
    assert (home / "entries" / "xa" / "sipas.toml").exists()
    assert [path.parent.name for path in (home / "entries").rglob("sipas.toml")] == ["xa"]
    assert loading.load(home).entries["cho-phien"].field == "ho-tich"
    assert [path.name for path in (home / "entries").rglob("*.moi")] == []


def as_json(tmp_path: Path, *ids: str) -> list[dict[str, Any]]:
    """Return entries as a JSON file holds them."""
    path = tmp_path / "ra.json"
    exchange.export([loading.load().entries[name] for name in ids], path)
    return exchange.read(path)


# ---- what is refused


def refused(home: Path, tables: list[dict[str, Any]]) -> str:
    """Return the faults of an import that must change nothing."""
    before = files(home)
    with pytest.raises(KnowledgeError) as error:
        exchange.take_in(tables, home=home, today=TODAY)
    assert files(home) == before
    assert error.value.faults[-1].endswith("chưa ghi gì")
    return str(error.value)


def test_all_faults_are_told_together_and_nothing_is_written(home: Path, tmp_path: Path) -> None:
    first, second = as_json(tmp_path, "ket-hon", "khai-tu")
    first |= {"confidence": "chắc", "questions": first["questions"][:3], "related": ["khong-co"]}
    second |= {"reviewed_on": "hôm qua", "mau": 1, "sources": []}
    told = refused(home, [first, second])
    for fault in (
        "“confidence” không nhận 'chắc'",
        "mới có 3 cách hỏi",
        "trỏ tới 'khong-co'",
        "“reviewed_on” phải là ngày",
        "không có khóa “mau”",
        "thiếu nguồn",
    ):
        assert fault in told
    assert "ho-tich/ket-hon.toml" in told


SPOILED: dict[str, tuple[dict[str, Any], str]] = {
    "a way out of the folder": ({"id": "../../lẻn"}, "chỉ dùng chữ thường"),
    "a field that is none": ({"field": "bep-nuc"}, "không có trong fields.toml"),
    "a field that is a way out": ({"field": "../.."}, "không có trong fields.toml"),
    "no field": ({"field": None}, "thiếu khóa bắt buộc “field”"),
    "rows that are words": ({"documents": ["giấy"], "codes": "1.000656"}, "phải là danh sách các bảng"),
    "facets that are a list": ({"facets": ["x"]}, "phải là bảng"),
    "a number for a text": ({"title": 5}, "phải là chuỗi chữ"),
    "another's question": ({"questions": ["đăng ký kết hôn cần những giấy tờ gì"] * 12}, "đã có ở ket-hon"),
    "an entry that has run out": ({"valid_until": date(2026, 1, 1)}, "hết hiệu lực"),
    "a place-holder that is none": ({"summary": ["Gọi {may_ban}."]}, "không có chỗ điền {may_ban}"),
}


@pytest.mark.parametrize(("change", "told"), SPOILED.values(), ids=SPOILED)
def test_what_the_check_refuses_is_not_taken_in(home: Path, tmp_path: Path, change: dict[str, Any], told: str) -> None:
    (table,) = as_json(tmp_path, "khai-tu")
    assert told in refused(home, [table | change])


def unreadable(path: Path) -> str:
    with pytest.raises((KnowledgeError, ExchangeError)) as error:
        exchange.read(path)
    return str(error.value)


CLERKS_SLIPS: dict[str, tuple[Callable[[Any], object], str]] = {
    "a sheet gone": (lambda book: book.remove(book["Nguồn"]), "thiếu trang “Nguồn”"),
    "a heading gone": (lambda book: book["Giấy tờ"].cell(1, 3, "Ai"), "trang “Giấy tờ”: thiếu cột Của ai"),
    "an unknown entry": (lambda book: book["Nguồn"].append(["la-lung", "x"]), "không có ở trang “Mục”"),
    "an unknown part": (lambda book: book["Nội dung"].append(["khai-tu", "Tiền", "x"]), "không có phần “Tiền”"),
    "no part": (lambda book: book["Cách hỏi"].append(["khai-tu", None, "x"]), "cần chọn “cách hỏi” hoặc “tên gọi”"),
    "a formula": (lambda book: book["Mục"].cell(2, 2, "=A1"), "cột “Tên”: cần chữ"),
    "a number with a fraction": (lambda book: book["Mã thủ tục"].cell(2, 2, 1.0006), "cột “Mã quốc gia”: cần chữ"),
    "a day that is none": (lambda book: book["Mục"].cell(2, 8, "30/2/2026"), "cột “Ngày xem lại”: cần ngày"),
    "a year for a day": (lambda book: book["Mục"].cell(2, 8, "2026"), "cột “Ngày xem lại”: cần ngày"),
    "an entry twice": (lambda book: book["Mục"].append(["khai-tu"]), "khai-tu: có 2 lần"),
    "an entry without its id": (lambda book: book["Mục"].append([None, "Tên"]), "thiếu mã (id)"),
}


@pytest.mark.parametrize(("slip", "told"), CLERKS_SLIPS.values(), ids=CLERKS_SLIPS)
def test_a_clerks_slip_is_told_with_its_place(book: Path, slip: Callable[[Any], object], told: str) -> None:
    with pytest.raises(KnowledgeError) as error:
        edited(book, slip)
    assert told in str(error.value)
    assert "chưa ghi gì" in error.value.faults[-1]


def test_several_slips_are_told_together(book: Path) -> None:
    with pytest.raises(KnowledgeError) as error:
        edited(book, lambda workbook: [slip(workbook) for slip, _ in list(CLERKS_SLIPS.values())[2:8]])
    assert len(error.value.faults) >= 6


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"khong phai excel"),
        ("a.xlsx", b"PK\x05\x06" + bytes(18)),
        ("a.json", b"{"),
        ("a.json", b"[1]"),
        ("a.json", b'{"entries": ["x"]}'),
        ("a.json", b'{"entries": [{"title": "x"}]}'),
        ("a.json", b'{"entries": [{"id": "x", "title": "\\ud83d"}]}'),
        ("a.json", b"[" * 100_000),
        ("a.json", b"\xff\xfe"),
        ("a.csv", b"id,title"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert unreadable(tmp_path / name)
    assert "không đọc được" in unreadable(tmp_path / "khong-co.xlsx")


def test_an_export_overwrites_nothing(book: Path, library: loading.Library) -> None:
    before = book.read_bytes()
    with pytest.raises(ExchangeError, match="không bị ghi đè"):
        exchange.export(library.entries.values(), book)
    assert book.read_bytes() == before


def test_words_that_look_like_formulas_stay_words(tmp_path: Path) -> None:
    (table,) = as_json(tmp_path, "khai-tu")
    table["summary"] = ["=1+1", "+84 là mã nước", "@xa", "http://xa.vn"]
    content = sheets.workbook([table])
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Nội dung"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    tables, faults = reading.read(content)
    assert (tables[0]["summary"], faults) == (table["summary"], [])


def test_the_workbook_offers_what_may_be_chosen(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    offered = {
        (sheet.name, rule.formula1)
        for sheet in layout()
        for rule in workbook[sheet.name].data_validations.dataValidation
    }
    assert ("Mục", '"high,medium,low"') in offered
    assert len(offered) == sum(bool(column.choices) for sheet in layout() for column in sheet.columns)
    assert "motcua knowledge import" in str([cell.value for (cell,) in workbook["Hướng dẫn"].iter_rows(max_col=1)])


# ---- the commands


def test_the_commands_go_there_and_back(motcua: Motcua, tmp_path: Path) -> None:
    path = str(tmp_path / "kho.json")
    code, out, err = motcua("knowledge", "export", path)
    assert (code, err) == (0, "")
    assert "Đã xuất 625 mục" in out
    code, out, err = motcua("knowledge", "import", path)
    assert (code, err) == (0, "")
    assert out == "0 mục mới, 0 mục sửa, 625 mục không đổi.\n"


def test_a_faulty_import_is_told_line_by_line(motcua: Motcua, tmp_path: Path) -> None:
    path = tmp_path / "sai.json"
    path.write_text(json.dumps({"entries": [{"id": "mot-muc-sai", "title": 1}]}), encoding="utf-8")
    code, out, err = motcua("knowledge", "import", str(path))
    assert (code, out) == (2, "")
    assert all(line.startswith("motcua: ") for line in err.splitlines())
    assert "“title” phải là chuỗi chữ" in err
    assert err.splitlines()[-1].endswith("chưa ghi gì")
    assert motcua("knowledge", "import", str(tmp_path / "x.docx"))[0] == 2
