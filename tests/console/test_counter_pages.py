"""Counter mode, publishing, and questions that become knowledge."""

import tomllib

from bot.cases.model import CaseType
from bot.cases.moves import Name
from bot.officials.rights import Role
from bot.storage import case_events, notices, people, questions
from bot.storage.questions import Asked
from knowledge import entry
from tests.console.case_world import World, picture, upload, world

__all__ = ["world"]

VISITOR = {
    "key": "a1b2c3d4",
    "channel": "truc_tiep",
    "type": "phan_anh",
    "text": "Cống trước nhà văn hóa tắc",
    "name": "Trần Văn Minh",
    "phone": "0987 654 321",
    "address": "thôn Đoài",
    "thon": "thôn Đoài",
    "landmark": "nhà văn hóa",
}


async def test_a_visitor_goes_home_with_a_receipt(world: World) -> None:
    hanh = await world.at_work("hanh", Role.INTAKE)
    await hanh.open("/tiep-nhan")
    taken = await upload(hanh, "/tiep-nhan", VISITOR | {"publish": "1"}, ("cong.jpg", picture()))
    assert taken.status_code == 303
    case = await world.newest()
    assert (case.channel, case.reporter_phone, case.may_publish) == ("truc_tiep", "0987654321", True)
    await hanh.open(f"/tiep-nhan/{case.code}")
    assert case.code in hanh.words
    assert f"http://quan-tri.xa/tra-cuu/{case.code}" in hanh.words
    assert "<svg" in hanh.seen.partition('class="qr"')[2]
    first = (await world.story(case))[0]
    assert (first.by, first.official_name) == ("official", "Hanh")
    async with world.office.database.transaction() as transaction:
        kept = await case_events.attachments_of(transaction, case=case.id)
    assert [(a.name, a.event_id, a.from_official) for a in kept] == [("cong.jpg", first.id, False)]
    await hanh.open("/tiep-nhan")
    again = await upload(hanh, "/tiep-nhan", VISITOR, ("cong.jpg", picture()))
    assert again.headers["location"].endswith(case.code)
    assert (await world.newest()).id == case.id


async def test_the_counter_says_what_is_missing_and_keeps_what_is_typed(world: World) -> None:
    hanh = await world.at_work("hanh", Role.INTAKE)
    wrongs = (
        {"name": ""},
        {"phone": "12"},
        {"text": ""},
        {"type": "khieu_nai"},
        {"type": "to_cao"},
        {"channel": "web"},
    )
    for wrong in wrongs:
        await hanh.open("/tiep-nhan")
        assert (await hanh.send("/tiep-nhan", VISITOR | wrong)).status_code == 422, wrong
        assert "nhà văn hóa" in hanh.seen
    await hanh.open("/tiep-nhan")
    assert (await hanh.send("/tiep-nhan", VISITOR | {"name": "", "anonymous": "1"})).status_code == 303
    assert (await world.newest()).reporter_phone == ""


async def test_an_accusation_told_at_the_counter_is_led_to_its_own_way(world: World) -> None:
    hanh = await world.at_work("hanh", Role.INTAKE)
    await hanh.open("/tiep-nhan")
    told = VISITOR | {"text": "Tôi tố cáo ông X nhận hối lộ"}
    assert (await hanh.send("/tiep-nhan", told)).status_code == 200
    assert "Luật yêu cầu giữ bí mật người tố cáo" in hanh.words
    assert "Trần Văn Minh" in hanh.seen
    assert (await hanh.send("/tiep-nhan", told | {"warned": "1"})).status_code == 303
    binh = await world.at_work("binh", Role.LEADER)
    await binh.open("/tiep-nhan")
    assert 'value="to_cao"' in binh.seen


async def test_a_finished_case_goes_public_without_names_and_the_citizen_hears_of_it(world: World) -> None:
    binh = await world.at_work("binh", Role.LEADER)
    words = "Đèn hỏng trước nhà bà Nguyễn Thị Lan, gọi 0912 345 678. Xã xem giúp."
    lamp = await world.sends(words, may_publish=True)
    place = f"/phan-anh/{lamp.code}"
    photo = await world.attach(lamp, picture())
    await world.moves(lamp, Name.ACCEPT, "binh")
    await world.moves(lamp, Name.ANSWER, "binh", result="da_xong", text="Đã thay bóng.", evidence="ảnh")
    lamp = await world.again(lamp)
    await binh.open(f"{place}/dang")
    assert "trước nhà bà người dân, gọi [số đã che]" in binh.words
    public = {"title": "Đèn hỏng", "text": "Đèn hỏng", "answer": "Đã thay bóng.", "version": str(lamp.version)}
    named = await binh.send(f"{place}/dang", public | {"text": "Nhà bà NGUYỄN THỊ LAN"})
    assert named.status_code == 422
    shown = await binh.send(f"{place}/dang", public | {"photos": str(photo), "preview": "1"})
    assert "Người dân sẽ thấy" in binh.words
    assert shown.status_code == 200
    assert (await world.again(lamp)).published_at is None
    assert (await binh.send(f"{place}/dang", public | {"photos": str(photo)})).status_code == 303
    after = await world.again(lamp)
    assert (after.public_title, after.published_at is not None) == ("Đèn hỏng", True)
    async with world.office.database.transaction() as transaction:
        told = [notice.body for notice in await notices.of_case(transaction, lamp.id)]
        kept = await case_events.attachments_of(transaction, case=lamp.id)
    assert [a.public for a in kept] == [True]
    assert sum("trang công khai" in body for body in told) == 1
    await binh.open(f"{place}/dang")
    assert (await binh.send(f"{place}/go-dang")).status_code == 303
    assert (await world.again(lamp)).published_at is None
    assert [e.action for e in await world.audited("go_cong_khai")] == ["go_cong_khai"]


async def test_no_consent_no_publishing(world: World) -> None:
    binh = await world.at_work("binh", Role.LEADER)
    hanh = await world.at_work("hanh", Role.INTAKE)
    lamp = await world.sends()
    await world.moves(lamp, Name.ACCEPT, "binh")
    lamp = await world.moves(lamp, Name.ANSWER, "binh", result="da_xong", text="Xong.", evidence="ảnh")
    await binh.open(f"/phan-anh/{lamp.code}/dang")
    public = {"title": "a", "text": "b", "answer": "c", "version": str(lamp.version)}
    assert (await binh.send(f"/phan-anh/{lamp.code}/dang", public)).status_code == 422
    assert "không đồng ý" in binh.words
    assert (await hanh.open(f"/phan-anh/{lamp.code}/dang")).status_code == 403


async def test_a_question_shows_its_context_and_becomes_a_draft_entry(world: World) -> None:
    now = world.office.now()
    async with world.office.database.transaction() as transaction:
        lan = await people.recognise(transaction, "web", "lan", now=now)
        asked = Asked(lan, "web", 'thuế "đất" {0} nộp đâu', "unknown", 0.25)
        number = await questions.record(transaction, asked, now=now)
    case = await world.sends(asked.text, type=CaseType.QUESTION, question=number)
    tu = await world.at_work("tu", Role.HANDLER, Role.INTAKE)
    await world.moves(case, Name.ACCEPT, "tu")
    await tu.open(f"/phan-anh/{case.code}")
    assert "không biết (điểm 0.25)" in tu.words
    assert (await tu.open(f"/phan-anh/{case.code}/muc-kien-thuc.toml")).status_code == 404
    await world.moves(case, Name.ANSWER, "tu", result="da_xong", text='Nộp tại "Thuế cơ sở 5".\nGọi 0912345678.')
    draft = await tu.open(f"/phan-anh/{case.code}/muc-kien-thuc.toml")
    raw = tomllib.loads(draft.text)
    assert raw["id"] == "thue-dat-0-nop-dau"
    assert raw["questions"] == ['thuế "đất" (0) nộp đâu']
    assert "0912345678" not in draft.text
    assert entry.read(raw).faults == ("mới có 1 cách hỏi, cần ít nhất 12",)
