"""Subscribers in and out as files: every fault by its line, nothing taken in by half."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.broadcasting import lists, proof
from bot.broadcasting.drafting import CHANNELS, Rules
from bot.messages import DeliveryOutcome
from bot.settings import Unit
from bot.storage import people, subscribers
from bot.texts import Texts
from tests.broadcasting.shared import CALENDAR, DAY, HOUR, Commune, Post, refusal
from tests.conftest import NOW

SETTINGS = Rules(
    {"su-kien": "Sự kiện", "khan-cap": "Khẩn cấp"}, ["An Xá", "Đại Nại"], CHANNELS, Texts.load(Unit()), CALENDAR
)
HEAD = "channel,address,name,thon,topics,consented_at\n"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("telegram,1,Lan,An Xá,su-kien;khan-cap,2026-11-01T08:00", ""),
        ("telegram,-100123,,,su-kien | khan-cap,2026-11-01", ""),
        ("fax,1,,,su-kien,2026-11-01", "không có kênh “fax”"),
        ("telegram,,,,su-kien,2026-11-01", "địa chỉ"),
        (f"telegram,{'1' * 65},,,su-kien,2026-11-01", "địa chỉ"),
        (f"telegram,1,{'a' * 101},,su-kien,2026-11-01", "tên dài"),
        ("telegram,1,,An Xa,su-kien,2026-11-01", "không có thôn “An Xa”"),
        ("telegram,1,,,,2026-11-01", "chưa có loại tin"),
        ("telegram,1,,,vang,2026-11-01", "loại tin “vang”"),
        ("telegram,1,,,su-kien,hôm qua", "không phải ngày giờ"),
        ("telegram,1,,,su-kien,", "không phải ngày giờ"),
        ("telegram,1,,,su-kien,2027-01-01", "ở tương lai"),
        ("telegram,1", "chưa có loại tin"),
    ],
)
def test_a_fault_is_named_by_its_line(line: str, told: str) -> None:
    rows, faults = lists.read(io.StringIO(f"{HEAD}web,0,,,su-kien,2026-11-01\n{line}\n"), SETTINGS, now=NOW)
    assert len(rows) == 2
    assert bool(faults) is bool(told)
    assert all(fault.startswith("dòng 3: ") for fault in faults)
    assert told in "".join(faults)


def test_missing_columns_and_somebody_twice_are_told() -> None:
    assert (
        "thiếu cột consented_at"
        in lists.read(io.StringIO("channel,address,name,thon,topics\n"), SETTINGS, now=NOW)[1][0]
    )
    assert "thiếu cột" in lists.read(io.StringIO(""), SETTINGS, now=NOW)[1][0]
    twice = HEAD + "web,1,,,su-kien,2026-11-01\n" * 2
    assert lists.read(io.StringIO(twice), SETTINGS, now=NOW)[1] == ["dòng 3: web 1 đã có ở dòng trên"]
    assert (
        "không phải CSV"
        in lists.read(io.StringIO(HEAD + "web,\0,,,x,y\n" + '"' + "a" * 200_000), SETTINGS, now=NOW)[1][-1]
    )


async def test_what_is_written_can_be_read_again(commune: Commune) -> None:
    names = ["Bà Lan", "=HYPERLINK(1)", "-Minh", "'Hoa", 'chị "Mai", thôn']
    text = HEAD + "".join(
        f'telegram,{number},"{name.replace(chr(34), chr(34) * 2)}",An Xá,su-kien;khan-cap,2026-11-01T08:00\n'
        for number, name in enumerate(names)
    )
    rows, faults = lists.read(io.StringIO(text), SETTINGS, now=NOW)
    assert faults == []
    assert await lists.take_in(commune.database, rows, now=NOW) == len(names)
    assert await lists.take_in(commune.database, rows, now=NOW) == 0, "again, it harms nothing"
    written = io.StringIO()
    await lists.write(commune.database, written)
    cells = [cell for row in csv.reader(io.StringIO(written.getvalue())) for cell in row]
    assert not any(cell.startswith(("=", "-M")) for cell in cells), "a spreadsheet computes nothing of it"
    again, faults = lists.read(io.StringIO(written.getvalue()), SETTINGS, now=NOW)
    assert (faults, [row.name for row in again]) == ([], names)


async def test_who_stopped_since_is_not_brought_back(commune: Commune) -> None:
    await commune.subscribe(["lan", "minh"])
    async with commune.database.transaction() as transaction:
        lan = await people.find(transaction, "telegram", "lan")
        assert lan
        await subscribers.choose(transaction, lan, (), source="telegram", now=NOW)
    line = "telegram,lan,Lan,,khan-cap,{}\n"
    old, _ = lists.read(io.StringIO(HEAD + line.format("2026-11-20T08:00")), SETTINGS, now=NOW)
    new, _ = lists.read(io.StringIO(HEAD + line.format("2026-11-23T09:00")), SETTINGS, now=NOW + HOUR)
    (told,) = await lists.stopped(commune.database, old)
    assert "đã dừng nhận" in told
    assert await lists.stopped(commune.database, new) == []
    await lists.take_in(commune.database, new, now=NOW + HOUR)
    async with commune.database.transaction() as transaction:
        assert (await subscribers.find(transaction, lan)).topics == {"khan-cap"}
        assert (await subscribers.find(transaction, lan)).stopped_at is None
        total, by_topic, by_village = await subscribers.counts(transaction)
    assert (total, by_topic, by_village) == (2, {"khan-cap": 2}, {"": 2})


async def test_readers_who_never_write_are_not_forgotten(commune: Commune) -> None:
    await commune.subscribe(["lan", "minh"])
    async with commune.database.transaction() as transaction:
        lan = await people.find(transaction, "telegram", "lan")
        assert lan
        await subscribers.choose(transaction, lan, (), source="telegram", now=NOW)
        assert await people.purge(transaction, before=NOW + 400 * DAY) == 1
        assert await people.find(transaction, "telegram", "minh")


async def sent(commune: Commune) -> int:
    await commune.subscribe(["100200300", "7", "-5"], village="An Xá")
    post = Post(wrong={"7": [refusal(DeliveryOutcome.REFUSED)]})
    number = await commune.announce()
    await commune.send_all({"telegram": post}, number)
    return number


async def test_the_proof_sheet_as_csv_and_as_a_workbook(commune: Commune, tmp_path: Path) -> None:
    number = await sent(commune)
    await proof.write(commune.database, number, tmp_path / "phieu.csv")
    await proof.write(commune.database, number, tmp_path / "phieu.xlsx")
    with (tmp_path / "phieu.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert tuple(head) == proof.HEAD
    assert [(row[0], row[2], row[4], row[5], row[7]) for row in rows] == [
        ("1", "10…00", "An Xá", "đã nhận", "1"),
        ("2", "7", "An Xá", "bị từ chối", "1"),
        ("3", "-5", "An Xá", "đã nhận", "1"),
    ]
    sheet = openpyxl.load_workbook(tmp_path / "phieu.xlsx").active
    assert sheet
    assert [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)] == [head, *rows]


async def test_a_sheet_that_cannot_be_written_is_told(commune: Commune) -> None:
    number = await sent(commune)
    for name in ("phieu.csv", "phieu.xlsx"):
        with pytest.raises(FileNotFoundError):
            await proof.write(commune.database, number, Path("/proc/khong-co") / name)


@given(st.text(max_size=20))
def test_no_cell_begins_a_formula_and_each_can_be_had_back(cell: str) -> None:
    shown = proof.harmless(cell)
    assert not shown.startswith(("=", "@", "\t", "\r"))
    assert not shown.startswith(("+", "-")) or shown.lstrip("+-").isdigit()
    if not cell.startswith("'"):
        assert proof.as_meant(shown) == cell


def test_only_the_ends_of_an_address_are_seen() -> None:
    assert [proof.masked(text) for text in ("123", "1234", "100200300")] == ["123", "12…34", "10…00"]
