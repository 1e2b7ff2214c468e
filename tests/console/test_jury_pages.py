"""The pages of the contest of initiatives: who may, what stays hidden until closing, whose entries they are."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from bot.cases.model import CaseType
from bot.events.jury import Action
from bot.officials.rights import Role
from bot.storage import juries
from bot.storage.cases import Case
from tests.console.case_world import World, world
from tests.console.conftest import Browser
from tests.officials.conftest import Clock

__all__ = ["world"]

ATTACK = "=cmd()<script>alert(1)</script>"
FORM: dict[str, Any] = {
    "name": "Sáng kiến CCHC 2026",
    "first_day": "2026-11-20",
    "last_day": "2026-11-22",
    "marks_until": "2026-11-30",
    "criteria": "Tính mới\n\nHiệu quả",
}
TEXT = "Tôi là Nguyễn Thị Lan, gọi 0987 654 321. Nha ba Lan o so 7 ngo Cay Da. Sáng kiến: dán mã QR ở nhà văn hóa."
PERSONAL = ("Nguyễn", "Lan", "nguyen thi", "0912345678", "0912 345 678", "0987", "ngõ Cây Đa", "ngo Cay Da")


async def entry(world: World, text: str = TEXT, **values: Any) -> Case:
    yesterday = world.office.now() - timedelta(days=1)
    return await world.sends(text, at=yesterday, type=CaseType.INITIATIVE, address="số 7 ngõ Cây Đa", **values)


async def begun(world: World, thu: Browser, *judges: str, **values: Any) -> None:
    await thu.open("/sang-kien/moi")
    chosen = [str(world.officials[name].id) for name in judges]
    assert (await thu.send("/sang-kien/moi", FORM | {"judges": chosen} | values)).status_code == 303


def marks(*values: int, remark: str = "") -> dict[str, str]:
    return {f"mark{n}": str(value) for n, value in enumerate(values)} | {"remark": remark}


async def test_a_contest_from_its_opening_to_the_workbook(world: World) -> None:
    thu = await world.at_work("thu", Role.LEADER)
    an, binh = await world.at_work("an", Role.HANDLER), await world.at_work("binh", Role.ADMIN)
    first, second = await entry(world), await entry(world, f"Lập nhóm nhắc hẹn {ATTACK}", by="hung", name="", phone="")
    await begun(world, thu, "an", "binh", name=ATTACK)
    await an.open("/")
    assert "Sáng kiến chờ tôi chấm 2" in an.words
    await an.open(f"/sang-kien/1/bai/{first.code}")
    sent = await an.send(f"/sang-kien/1/bai/{first.code}", marks(9, 8, remark=ATTACK))
    assert sent.headers["location"].endswith(f"/sang-kien/1/bai/{second.code}")
    await binh.open(f"/sang-kien/1/bai/{first.code}")
    await binh.send(f"/sang-kien/1/bai/{first.code}", marks(6, 8, remark="Nên thử"))
    for browser, foreign in ((binh, "9 + 8"), (an, "6 + 8"), (thu, "9 + 8")):
        for path in ("/sang-kien", "/sang-kien/1", f"/sang-kien/1/bai/{first.code}", f"/sang-kien/1/bai/{second.code}"):
            await browser.open(path)
            assert ATTACK not in browser.seen
            assert foreign not in browser.words
            assert [word for word in PERSONAL if word.lower() in browser.words.lower()] == [], path
    await an.open(f"/sang-kien/1/bai/{first.code}")
    assert "Nên thử" not in an.seen
    assert 'value="9"' in an.seen
    assert 'value="6"' not in an.seen
    await binh.open(f"/sang-kien/1/bai/{first.code}")
    assert "cmd()" not in binh.words.replace(ATTACK, "", 1)
    assert (await thu.open("/sang-kien/1/ket-qua.xlsx")).status_code == 404
    await thu.open("/sang-kien/1/dong")
    assert "Còn thiếu 2 phiếu" in thu.words
    assert (await thu.send("/sang-kien/1/dong", {"missing": "0"})).status_code == 422
    assert (await thu.send("/sang-kien/1/dong", {"missing": "2"})).status_code == 303
    await an.open("/sang-kien/1")
    assert "7,5" in an.words
    assert "15,5" in an.words
    await an.open(f"/sang-kien/1/bai/{first.code}")
    assert "Nên thử" in an.words
    assert ATTACK not in an.seen
    content = (await thu.open("/sang-kien/1/ket-qua.xlsx")).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[:2] + row[3:8] for row in rows] == [
        [1, first.code, 7.5, 8, 15.5, 2, ""],
        ["", second.code, "", "", "", 0, "An, Binh"],
    ]
    assert rows[0][8] == f"An: {ATTACK}\nBinh: Nên thử"
    everything = "\n".join(str(cell) for row in rows for cell in row).lower()
    assert [word for word in PERSONAL if word.lower() in everything] == []
    for action, count in ((Action.SAVED, 1), (Action.MARKED, 2), (Action.CLOSED, 1), (Action.RESULTS_TAKEN, 1)):
        assert [e.subject for e in await world.audited(action)] == ["SANG-KIEN-1"] * count


@pytest.mark.parametrize("role", [Role.INTAKE, Role.HANDLER, Role.ADMIN, Role.EDITOR, Role.LEADER])
@pytest.mark.parametrize("judges", [True, False])
async def test_who_may_what(world: World, role: Role, judges: bool) -> None:
    thu = await world.at_work("thu", Role.EDITOR)
    someone = await world.at_work("ai", role)
    case = await entry(world)
    await begun(world, thu, "ai" if judges else "thu")
    organises = role in (Role.EDITOR, Role.LEADER)
    sees = organises or judges
    await someone.open("/sang-kien")
    assert (FORM["name"] in someone.words) == sees
    for path in ("/sang-kien/1", f"/sang-kien/1/bai/{case.code}"):
        assert (await someone.open(path)).status_code == (200 if sees else 404)
    for path in ("/sang-kien/moi", "/sang-kien/1/sua", "/sang-kien/1/dong"):
        assert (await someone.open(path)).status_code == (200 if organises else 403)
    await someone.open("/")
    marked = await someone.send(f"/sang-kien/1/bai/{case.code}", marks(5, 5))
    assert marked.status_code == (303 if judges else 404)
    closed = await someone.send("/sang-kien/1/dong", {"missing": "0" if judges else "1"})
    assert closed.status_code == (303 if organises else 403)
    async with world.office.database.transaction() as transaction:
        assert len(await juries.marks(transaction, 1)) == judges
        contest = await juries.get(transaction, 1)
        assert contest
        assert (contest.closed_at is not None) == organises
    assert (await someone.open("/sang-kien/1/ket-qua.xlsx")).status_code == (200 if organises else 403)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 151),
        ("first_day", "hôm qua"),
        ("last_day", "0001-01-01"),
        ("last_day", "2026-11-19"),
        ("marks_until", "2026-11-21"),
        ("marks_until", "9999-12-31"),
        ("criteria", "\n"),
        ("judges", ["²"]),
        ("judges", ["99"]),
        ("judges", []),
    ],
)
async def test_a_wrong_field_is_told_and_nothing_typed_is_lost(world: World, field: str, value: object) -> None:
    thu = await world.at_work("thu", Role.EDITOR)
    await thu.open("/sang-kien/moi")
    sent = FORM | {"judges": [str(world.officials["thu"].id)], "name": "còn nguyên"} | {field: value}
    assert (await thu.send("/sang-kien/moi", sent)).status_code == 422
    assert f'id="{field}-sai"' in thu.seen
    assert field == "name" or "còn nguyên" in thu.seen
    async with world.office.database.transaction() as transaction:
        assert await juries.page(transaction, judge=None, offset=0, limit=9) == []


@pytest.mark.parametrize("value", ["", "0", "11", "7.5", "-1", "²", "9" * 30])
async def test_a_wrong_mark_is_told_beside_its_field(world: World, value: str) -> None:
    thu = await world.at_work("thu", Role.EDITOR)
    case = await entry(world)
    await begun(world, thu, "thu")
    await thu.open(f"/sang-kien/1/bai/{case.code}")
    sent = marks(5, 5, remark="còn nguyên") | {"mark1": value}
    assert (await thu.send(f"/sang-kien/1/bai/{case.code}", sent)).status_code == 422
    assert 'id="mark1-sai"' in thu.seen
    assert "còn nguyên" in thu.seen


async def test_after_the_last_day_marks_stand_as_they_are(world: World, clock: Clock) -> None:
    thu = await world.at_work("thu", Role.EDITOR)
    case = await entry(world)
    await begun(world, thu, "thu")
    await thu.open(f"/sang-kien/1/bai/{case.code}")
    await thu.send(f"/sang-kien/1/bai/{case.code}", marks(5, 6))
    clock.forward(days=8)
    await thu.sign_in("thu")
    await thu.open(f"/sang-kien/1/bai/{case.code}")
    assert "5 + 6 = 11. Đã hết hạn chấm" in thu.words
    assert (await thu.send(f"/sang-kien/1/bai/{case.code}", marks(10, 10))).status_code == 422
    assert "5 + 6 = 11" in thu.words


@pytest.mark.parametrize("path", ["/sang-kien/0", "/sang-kien/99/sua", "/sang-kien/x/dong", "/sang-kien/1/bai/%00"])
async def test_what_is_not_there_is_told(world: World, path: str) -> None:
    thu = await world.at_work("thu", Role.LEADER)
    assert (await thu.open(path)).status_code == 404
