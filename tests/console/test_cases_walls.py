"""Who may not: other units, strangers, confidential cases; forms of other sites; what citizens and officials write."""

import json
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot.cases.model import CaseType
from bot.cases.moves import Name
from bot.console.case_words import Action
from bot.officials.rights import Role
from tests.console.case_world import LAND, ROADS, World, picture, world

__all__ = ["world"]

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


async def test_a_handler_of_another_unit_cannot_reach_a_case(world: World) -> None:
    lamp = await world.change(await world.sends(), unit=LAND)
    photo = await world.attach(lamp, picture())
    tu = await world.at_work("tu", Role.HANDLER, unit=ROADS)
    nam = await world.at_work("nam", Role.HANDLER, unit=LAND)
    assert lamp.code not in (await tu.open("/phan-anh?nhom=all")).text
    places = (f"/phan-anh/{lamp.code}", f"/phan-anh/{lamp.code}/in", f"/phan-anh/{lamp.code}/tep/{photo}")
    for place in places:
        assert (await tu.open(place)).status_code == 404
        assert (await nam.open(place)).status_code == 200
    await tu.open("/phan-anh")
    for verb, fields in (("ghi-chu", {"note": "x"}), ("buoc/bat_dau", {"version": "1"})):
        assert (await tu.send(f"/phan-anh/{lamp.code}/{verb}", fields)).status_code == 404
    assert (await tu.send(f"/phan-anh/{lamp.code}/sua", {"type": "gop_y"})).status_code == 403
    assert (await tu.open("/phan-anh/so.xlsx")).status_code == 403
    assert (await tu.open("/tiep-nhan")).status_code == 403


async def test_an_editor_and_an_administrator_see_no_case(world: World) -> None:
    lamp = await world.sends()
    for name, role in (("bien", Role.EDITOR), ("quan", Role.ADMIN)):
        other = await world.at_work(name, role)
        for path in ("/phan-anh", f"/phan-anh/{lamp.code}", "/tiep-nhan", "/phan-anh/so.xlsx"):
            assert (await other.open(path)).status_code == 403
        assert (await other.open("/mau-tra-loi")).status_code == 200


async def test_a_file_belongs_to_its_case(world: World) -> None:
    lamp, other = await world.sends(), await world.sends("Việc khác", by="hoa")
    photo = await world.attach(lamp, picture())
    hanh = await world.at_work("hanh", Role.INTAKE)
    shown = await hanh.open(f"/phan-anh/{lamp.code}/tep/{photo}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert (await hanh.open(f"/phan-anh/{lamp.code}/tep/{photo}?nho=1")).status_code == 200
    assert (await hanh.open(f"/phan-anh/{other.code}/tep/{photo}")).status_code == 404


async def test_a_denunciation_is_seen_by_one_role_and_every_look_is_kept(world: World) -> None:
    secret = await world.sends("Tố cáo ông X nhận hối lộ", type=CaseType.DENUNCIATION)
    await world.sends("Rác ở chợ Đầu")
    hanh = await world.at_work("hanh", Role.INTAKE)
    binh = await world.at_work("binh", Role.LEADER)
    for path in ("/", "/phan-anh?nhom=all", "/phan-anh?tim=hoi+lo&nhom=all"):
        assert secret.code not in (await hanh.open(path)).text
    await hanh.open("/phan-anh")
    assert "Mới 1" in hanh.words
    place = f"/phan-anh/{secret.code}"
    assert (await hanh.open(place)).status_code == 404
    assert (await hanh.open(f"/phan-anh?tim={secret.code}")).status_code == 200
    assert await world.audited("mo_viec_kin") == []
    await binh.open(place)
    assert "Nguyễn Thị Lan" not in binh.words
    assert "0912345678" not in binh.seen
    assert "Rác ở chợ Đầu" not in binh.words
    assert [(e.name, e.subject) for e in await world.audited("mo_viec_kin")] == [("binh", secret.code)]
    assert (await binh.send(f"{place}/nguoi-gui", {"why": " "})).status_code == 422
    await binh.send(f"{place}/nguoi-gui", {"why": "mời làm việc"})
    assert "Nguyễn Thị Lan" in binh.words
    assert [e.details for e in await world.audited("xem_nguoi_gui")] == [{"ly_do": "mời làm việc"}]
    await binh.open(f"{place}/in")
    assert "Nguyễn Thị Lan" not in binh.words


async def test_the_register_has_what_was_filtered_and_the_confidential_only_as_a_number(world: World) -> None:
    await world.sends('=HYPERLINK("http://evil.example","x")', name="+cmd|' /C calc'!A0")
    await world.sends("Tố cáo ông X", type=CaseType.DENUNCIATION, by="an danh")
    for name, role in (("binh", Role.LEADER), ("hanh", Role.INTAKE)):
        browser = await world.at_work(name, role)
        book = await browser.open("/phan-anh/so.xlsx?nhom=all")
        sheet = load_workbook(BytesIO(book.content)).active
        assert sheet is not None
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        values = [str(cell.value) for cell in cells]
        assert any(value.startswith("'=HYPERLINK") for value in values)
        assert any(value.startswith("'+cmd") for value in values)
        assert not any("Tố cáo ông X" in value for value in values)
        assert any("không ghi chi tiết: 1" in value for value in values) == (role is Role.LEADER)
    assert [e.details for e in await world.audited(Action.EXPORTED)] == [{"loc": "nhom=all"}] * 2


@pytest.mark.parametrize("role", [Role.LEADER])
async def test_nothing_anybody_wrote_becomes_a_part_of_the_page(world: World, role: Role) -> None:
    lamp = await world.sends(EVIL, name=EVIL[:60], address=EVIL, thon=EVIL[:60], landmark=EVIL, may_publish=True)
    await world.attach(lamp, picture(), EVIL)
    binh = await world.at_work("binh", role, Role.INTAKE, Role.EDITOR, unit=EVIL[:60])
    place = f"/phan-anh/{lamp.code}"
    await binh.open(place)
    await binh.send(f"{place}/ghi-chu", {"note": EVIL})
    await binh.send("/mau-tra-loi/moi", {"name": EVIL[:60], "text": EVIL})
    await binh.send("/phan-anh/bo-loc", {"name": EVIL[:50], "query": f"tim={EVIL}"})
    lamp = await world.moves(lamp, Name.ACCEPT, "binh")
    given = {"result": "khong_lam_duoc", "text": EVIL, "reason": EVIL}
    await world.moves(lamp, Name.ANSWER, "binh", **given)
    places = [
        place,
        f"{place}?buoc=mo_lai",
        f"{place}/in",
        f"{place}/dang",
        f"/phan-anh?tim={EVIL}",
        "/phan-anh?nhom=all",
    ]
    places += ["/", "/mau-tra-loi", "/mau-tra-loi/1", f"/tiep-nhan/{lamp.code}", "/tiep-nhan", "/nhat-ky"]
    for path in places:
        page = (await binh.open(path)).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert "onerror=alert(1)>" not in page.replace("&gt;", ""), path
    assert "&lt;script&gt;alert(1)" in (await binh.open(place)).text


async def test_what_was_typed_wrongly_comes_back_harmless(world: World) -> None:
    lamp = await world.sends()
    hanh = await world.at_work("hanh", Role.INTAKE)
    await hanh.open("/phan-anh")
    wrong = {"version": "1", "body": EVIL, "document": EVIL, "reason": EVIL, "main_case": EVIL, "assignee": EVIL}
    for move in ("chuyen", "tu_choi", "gop"):
        page = await hanh.send(f"/phan-anh/{lamp.code}/buoc/{move}", wrong)
        assert page.status_code == 422
        assert "<script>alert" not in page.text
    assert (await hanh.send(f"/phan-anh/{lamp.code}/buoc/{EVIL.replace('/', '')}", wrong)).status_code in (404, 422)
    assert json.dumps((await world.again(lamp)).state) == '"moi"'
