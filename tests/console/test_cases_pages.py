"""The queue and the page of a case as officials use them."""

from bot.cases.moves import Name
from bot.messages import unpack
from bot.officials.rights import Role
from bot.storage import case_events, notices
from tests.console.case_world import LAMP, LAND, ROADS, World, picture, upload, world

__all__ = ["world"]


async def test_from_the_queue_to_the_answer(world: World) -> None:
    lamp = await world.sends()
    hanh = await world.at_work("hanh", Role.INTAKE)
    tu = await world.at_work("tu", Role.HANDLER, unit=LAND)
    await hanh.open("/phan-anh")
    assert LAMP in hanh.words
    assert "còn 10 ngày làm việc" in hanh.words
    place = f"/phan-anh/{lamp.code}"
    await hanh.open(place)
    assert (await hanh.send(f"{place}/buoc/tiep_nhan", {"version": "1"})).status_code == 303
    await hanh.open(f"{place}?buoc=giao")
    assert "Tu (địa chính)" in hanh.words
    given = {"assignee": "tu", "version": "2"}
    assert (await hanh.send(f"{place}/buoc/giao", given)).status_code == 303
    await tu.open("/")
    assert "Đang chờ tôi" in tu.words
    await tu.open(f"{place}?buoc=tra_loi")
    done = {"result": "da_xong", "text": "Đã thay bóng.", "version": "3"}
    refused = await tu.send(f"{place}/buoc/tra_loi", done)
    assert refused.status_code == 422
    assert "Còn thiếu ảnh hoặc số văn bản" in tu.words
    assert "Đã thay bóng." in tu.words
    assert (await upload(tu, f"{place}/buoc/tra_loi", done, ("den.jpg", picture()))).status_code == 303
    after = await world.again(lamp)
    assert (after.state, after.result, after.answer) == ("da_tra_loi", "da_xong", "Đã thay bóng.")
    async with world.office.database.transaction() as transaction:
        *before, told = [unpack(one.body) for one in await notices.of_case(transaction, lamp.id)]
        kept = await case_events.attachments_of(transaction, case=lamp.id)
    assert not any(notice.files for notice in before)
    assert [one.file.digest for one in told.pictures] == [a.digest for a in kept if a.name == "den.jpg"]
    await tu.open(place)
    assert "Đã báo người dân: đang gửi" in tu.words
    assert "den.jpg" in tu.seen


async def test_what_was_uploaded_and_typed_survives_a_refusal_and_a_faster_colleague(world: World) -> None:
    lamp = await world.sends()
    tu = await world.at_work("tu", Role.HANDLER, unit=LAND)
    await world.at_work("hanh", Role.INTAKE)
    lamp = await world.moves(await world.change(lamp, unit=LAND), Name.ACCEPT, "hanh")
    place = f"/phan-anh/{lamp.code}"
    await tu.open(f"{place}?buoc=tra_loi")
    typed = {"result": "da_xong", "text": "Đã thay bóng ở ngõ 3.", "version": str(lamp.version), "seen": "1"}
    await world.moves(lamp, Name.ASSIGN, "hanh", assignee="tu")
    refused = await upload(tu, f"{place}/buoc/tra_loi", typed, ("den.jpg", picture()))
    assert refused.status_code == 422
    assert "Trong lúc ông/bà viết, việc này đã thay đổi" in tu.words
    assert "Giao xử lý · Hanh" in tu.words
    assert "Đã thay bóng ở ngõ 3." in tu.words
    assert "Bỏ tệp den.jpg" in tu.words
    now = await world.again(lamp)
    assert now.state == "dang_xu_ly"
    again = await tu.send(f"{place}/buoc/tra_loi", typed | {"version": str(now.version)})
    assert again.status_code == 303
    assert (await world.again(lamp)).state == "da_tra_loi"


async def test_a_wrong_file_is_taken_back(world: World) -> None:
    lamp = await world.sends()
    await world.at_work("hanh", Role.INTAKE)
    lamp = await world.moves(lamp, Name.ACCEPT, "hanh")
    tu = await world.at_work("tu", Role.HANDLER)
    place = f"/phan-anh/{lamp.code}"
    await tu.open(f"{place}?buoc=tra_loi")
    await upload(tu, f"{place}/buoc/tra_loi", {"version": str(lamp.version)}, ("nham.jpg", picture()))
    assert (await tu.send(f"{place}/tep/1/bo")).status_code == 303
    await tu.open(f"{place}?buoc=tra_loi")
    assert "nham.jpg" not in tu.seen
    assert (await tu.send(f"{place}/tep/1/bo")).status_code == 404


async def test_a_template_is_inserted_without_script(world: World) -> None:
    binh = await world.at_work("bien", Role.EDITOR)
    await binh.open("/mau-tra-loi/moi")
    wrong = await binh.send("/mau-tra-loi/moi", {"name": "Hẹn", "text": "Chào {ten_toi}"})
    assert wrong.status_code == 422
    assert "Không có chỗ điền {ten_toi}" in binh.words
    good = {"name": "Hẹn", "text": "Chào {ten}, việc {ma} xong trước {han}.", "move": "hoi_them"}
    assert (await binh.send("/mau-tra-loi/moi", good)).status_code == 303
    lamp = await world.sends()
    hanh = await world.at_work("hanh", Role.INTAKE)
    place = f"/phan-anh/{lamp.code}"
    await hanh.open(f"{place}?buoc=hoi_them")
    assert "Hẹn" in hanh.words
    asked = await hanh.send(f"{place}/buoc/hoi_them", {"text": "Dạ.", "template": "1", "insert": "1"})
    assert asked.status_code == 200
    assert f"Dạ. Chào Nguyễn Thị Lan, việc {lamp.code} xong trước thứ" in hanh.words
    assert (await world.again(lamp)).state == "moi"


async def test_notes_are_for_officials_alone(world: World) -> None:
    lamp = await world.sends()
    hanh = await world.at_work("hanh", Role.INTAKE)
    place = f"/phan-anh/{lamp.code}"
    await hanh.open(place)
    assert (await hanh.send(f"{place}/ghi-chu", {"note": ""})).status_code == 422
    assert (await hanh.send(f"{place}/ghi-chu", {"note": "Đã gọi điện lực"})).status_code == 303
    note = (await world.story(lamp))[-1]
    assert (note.text, note.shown) == ("Đã gọi điện lực", False)


async def test_another_type_has_another_deadline_and_a_denunciation_closes_itself(world: World) -> None:
    lamp = await world.sends()
    hanh = await world.at_work("hanh", Role.INTAKE)
    place = f"/phan-anh/{lamp.code}"
    await hanh.open(place)
    typed = {"type": "khen_ngoi", "thon": "thôn Đoài", "landmark": "", "unit": ROADS, "version": "1"}
    assert (await hanh.send(f"{place}/sua", typed)).status_code == 303
    after = await world.again(lamp)
    assert after.due_at is not None
    assert lamp.due_at is not None
    assert (after.type, after.thon, after.unit, after.due_at < lamp.due_at) == ("khen_ngoi", "thôn Đoài", ROADS, True)
    stale = await hanh.send(f"{place}/sua", typed | {"unit": "khác"})
    assert stale.status_code == 422
    await hanh.open("/phan-anh?tim=doai&nhom=all")
    assert lamp.code in hanh.words
    typed = {"type": "to_cao", "version": str(after.version), "thon": "", "landmark": "", "unit": ""}
    await hanh.open(place)
    hidden = await hanh.send(f"{place}/sua", typed)
    assert hidden.headers["location"].endswith("/phan-anh")
    assert (await hanh.open(place)).status_code == 404
    after = await world.again(lamp)
    assert after.confidential


async def test_the_queue_keeps_its_filters_in_the_address_and_views_under_names(world: World) -> None:
    await world.sends("Rác chất đống ở chợ", thon="thôn Đoài")
    await world.sends("Cảm ơn cán bộ một cửa", type="khen_ngoi")
    hanh = await world.at_work("hanh", Role.INTAKE)
    await hanh.open("/phan-anh?tim=rac&thon=thôn Đoài")
    assert "Rác chất đống" in hanh.words
    assert "Cảm ơn cán bộ" not in hanh.words
    await hanh.send("/phan-anh/bo-loc", {"name": "Rác ở Đoài", "query": "tim=rac&thon=thôn Đoài&x=//evil"})
    await hanh.open("/phan-anh")
    assert 'href="/quan-tri/phan-anh?tim=rac&amp;thon=th%C3%B4n+%C4%90o%C3%A0i"' in hanh.seen
    other = await world.at_work("tu", Role.INTAKE)
    await other.open("/phan-anh")
    assert "Rác ở Đoài" not in other.words
    assert (await other.open("/phan-anh?loai=khen_ngoi&nhom=mine")).status_code == 200
    assert "Không có việc nào khớp" in other.words


async def test_a_typed_code_opens_its_case(world: World) -> None:
    lamp = await world.sends()
    hanh = await world.at_work("hanh", Role.INTAKE)
    found = await hanh.open(f"/phan-anh?tim={lamp.code.lower()}")
    assert found.headers["location"] == f"/quan-tri/phan-anh/{lamp.code}"


async def test_the_first_page_names_what_is_pressing(world: World) -> None:
    old = await world.sends("Cống tắc từ tháng trước", at=world.overdue())
    hanh = await world.at_work("hanh", Role.INTAKE)
    await hanh.open("/")
    assert "Quá hạn 1" in hanh.words
    assert "Cống tắc từ tháng trước" in hanh.words
    assert f"/phan-anh/{old.code}" in hanh.seen
    await hanh.open(f"/phan-anh/{old.code}")
    assert "quá hạn 33 ngày làm việc" in hanh.words or "quá hạn" in hanh.words


async def test_the_sheet_of_paper(world: World) -> None:
    lamp = await world.sends(latitude=20.65, longitude=106.05)
    hanh = await world.at_work("hanh", Role.INTAKE)
    assert (await hanh.open(f"/phan-anh/{lamp.code}/in")).status_code == 200
    assert f"Phiếu theo dõi {lamp.code}" in hanh.words
    assert "20.65000, 106.05000" in hanh.words
    await hanh.open(f"/phan-anh/{lamp.code}")
    assert "https://www.openstreetmap.org/?mlat=20.650000" in hanh.seen


async def test_neighbours_and_the_citizens_other_cases(world: World) -> None:
    lamp = await world.sends()
    twin = await world.sends(LAMP + " lắm", by="hoa")
    other = await world.sends("Cảm ơn xã đã làm đường", type="khen_ngoi")
    hanh = await world.at_work("hanh", Role.INTAKE)
    await hanh.open(f"/phan-anh/{lamp.code}")
    assert "Việc giống thế này" in hanh.words
    assert twin.code in hanh.words
    assert other.code in hanh.words
    await hanh.open(f"/phan-anh/{twin.code}?buoc=gop")
    merged = await hanh.send(f"/phan-anh/{twin.code}/buoc/gop", {"main_case": lamp.code, "version": "1"})
    assert merged.status_code == 303
    await hanh.open(f"/phan-anh/{twin.code}")
    assert f"Việc này đã gộp vào {lamp.code}" in hanh.words
    await hanh.open(f"/phan-anh/{lamp.code}")
    assert "1 người khác cùng theo dõi" in hanh.words
