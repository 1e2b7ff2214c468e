"""Stories of feedback: whatever a phone sends, in whatever state, is answered and kept."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.cases import handling
from bot.cases.handling import Order
from bot.cases.model import Result
from bot.cases.moves import Name
from bot.cases.workflow import Given
from bot.files import StoredFile
from bot.messages import Attachment, AttachmentKind, Place, Reply
from bot.officials.rights import Official, Role
from bot.storage import cases as case_storage
from bot.storage import officials
from bot.storage.case_tables import attachments, case_events, case_ratings, cases, consents, drafts, notices
from bot.storage.tables import questions
from handlers.services import Services
from tests.conftest import NOW
from tests.handlers.citizens import Citizen, rows

MATTER = "đèn đường gần nhà văn hóa hỏng cả tuần nay, tối om"
PHOTO = Attachment(AttachmentKind.PHOTO, StoredFile("d" * 64, "anh.jpg", "image/jpeg", 1_000))


@pytest.fixture
async def lan(services: Services) -> Citizen:
    return Citizen("bà Lan", services)


async def begun(lan: Citizen) -> None:
    await lan.say("/phananh")


async def agreed(lan: Citizen) -> None:
    await begun(lan)
    await lan.press("Đồng ý, viết tiếp")


async def told(lan: Citizen) -> None:
    await agreed(lan)
    await lan.say(MATTER)


async def typed(lan: Citizen) -> None:
    await told(lan)
    await lan.press("Đúng" if "Đúng" in lan.labels() else "Phản ánh")


async def placed(lan: Citizen) -> None:
    await typed(lan)
    await lan.press("Bỏ qua nơi xảy ra")


async def previewed(lan: Citizen) -> None:
    await placed(lan)
    await lan.press("Không để tên")


async def filed(lan: Citizen) -> None:
    await previewed(lan)
    await lan.press("Gửi")


async def adding(lan: Citizen) -> None:
    await filed(lan)
    await lan.press("Bổ sung")


async def idle(lan: Citizen) -> None:
    await lan.say("xin chào")


async def answered(lan: Citizen) -> None:
    await lan.say("đăng ký kết hôn cần giấy tờ gì")


async def asked_why(lan: Citizen) -> None:
    await answered(lan)
    await lan.press("Chưa đúng")


async def describing(lan: Citizen) -> None:
    await lan.say("/canbo")


STATES: tuple[Callable[[Citizen], Awaitable[None]], ...] = (
    idle, answered, asked_why, describing, begun, agreed, told, typed, placed, previewed, filed, adding,
)  # fmt: skip
MESSAGES: dict[str, dict[str, Any]] = {
    "words": {"text": "ở ngay đầu cầu, cạnh trạm điện"},
    "photo": {"attachments": (PHOTO,)},
    "photo with words": {"attachments": (PHOTO,), "text": "chỗ này đây"},
    "video": {"attachments": (Attachment(AttachmentKind.VIDEO),)},
    "voice": {"attachments": (Attachment(AttachmentKind.VOICE),)},
    "file": {"attachments": (Attachment(AttachmentKind.FILE),)},
    "place": {"attachments": (Attachment(AttachmentKind.LOCATION, place=Place(20.7, 106.1, "chợ")),)},
    "contact": {"attachments": (Attachment(AttachmentKind.CONTACT, phone="0912345678"),)},
    "refused file": {"attachments": (Attachment(AttachmentKind.FILE, refused="unknown.attachment"),)},
    "sticker": {"attachments": (Attachment(AttachmentKind.STICKER),)},
    "unknown kind": {"attachments": (Attachment(AttachmentKind.OTHER),)},
    "an old button": {"choice": "g:abcdefabcdef:send"},
    "nothing": {"text": ""},
    "blanks": {"text": "  \u200b "},
}


async def kept(services: Services) -> str:
    """Return all that is stored of what citizens said and sent."""
    tables = (questions, drafts, cases, case_events, attachments)
    return str([await rows(services, table) for table in tables])


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_every_message_in_every_state_is_answered_and_kept(
    lan: Citizen, services: Services, state: Callable[[Citizen], Awaitable[None]], message: str
) -> None:
    await state(lan)
    before = await kept(services)
    reply = await lan.does(**MESSAGES[message])
    assert reply.text.strip()
    assert "{" not in reply.text
    if message not in ("an old button", "nothing", "blanks"):
        assert await kept(services) != before


async def test_lan_reports_and_gets_a_code_with_its_day(lan: Citizen, services: Services) -> None:
    await typed(lan)
    await lan.does(attachments=(Attachment(AttachmentKind.LOCATION, place=Place(20.7, 106.1)),))
    preview = await lan.say("Nguyễn Thị Lan, 0912 345 678, thôn Đông")
    for part in (MATTER, "20.70000, 106.10000", "Nguyễn Thị Lan, 0912345678, thôn Đông", "1 vị trí", "không"):
        assert part in preview.text
    done = await lan.press("Gửi")
    (case,) = await rows(services, cases)
    assert case["code"] in done.text
    assert "thứ Ba 08/12/2026" in done.text
    assert "ngày nghỉ 24/11" in done.text
    assert (case["reporter_name"], case["reporter_phone"]) == ("Nguyễn Thị Lan", "0912345678")
    assert (case["type"], case["state"], case["confidential"]) == ("phan_anh", "moi", False)
    assert await rows(services, drafts) == []
    (consent,) = await rows(services, consents)
    assert (consent["purpose"], consent["withdrawn_at"]) == ("phan_anh", None)


async def test_a_draft_is_sent_once_however_often_the_button_is_pressed(lan: Citizen, services: Services) -> None:
    await previewed(lan)
    button = next(c.id for reply in lan.last for c in reply.choices if c.label == "Gửi")
    await lan.press_id(button)
    again = await lan.press_id(button)
    (case,) = await rows(services, cases)
    assert "đã gửi rồi" in again.text
    assert case["code"] in again.text


async def test_somebody_elses_button_does_nothing(lan: Citizen, services: Services) -> None:
    await previewed(lan)
    button = next(c.id for reply in lan.last for c in reply.choices if c.label == "Gửi")
    stranger = Citizen("kẻ lạ", services)
    assert "Không còn phản ánh nào" in (await stranger.press_id(button)).text
    assert await rows(services, cases) == []


async def test_without_consent_nothing_is_kept(lan: Citizen, services: Services) -> None:
    await lan.does(attachments=(PHOTO,))
    await lan.press("Không đồng ý")
    assert await rows(services, drafts) == []
    assert await rows(services, attachments) == []


async def test_an_album_is_one_answer_and_all_its_pictures(lan: Citizen, services: Services) -> None:
    await agreed(lan)
    answers = [await lan.does(attachments=(PHOTO,), album="a1") for _ in range(4)]
    assert [bool(answer.text) for answer in answers] == [True, False, False, False]
    assert len(await rows(services, attachments)) == 4


async def test_pictures_beyond_the_limit_are_told(lan: Citizen, services: Services) -> None:
    await agreed(lan)
    reply = await lan.does(attachments=(PHOTO,) * 22)
    assert "2 tệp chưa nhận được" in reply.text
    assert len(await rows(services, attachments)) == 20


async def test_the_draft_goes_on_after_another_question(lan: Citizen) -> None:
    await previewed(lan)
    await lan.say("đăng ký kết hôn cần giấy tờ gì")
    assert "đang viết vẫn được giữ" in lan.last[-1].text
    assert "xem lại trước khi gửi" in (await lan.press("Viết tiếp")).text


async def test_everything_can_be_changed_before_sending(lan: Citizen, services: Services) -> None:
    await previewed(lan)
    await lan.press("Sửa người gửi")
    assert "Trần Văn Minh, 0987654321" in (await lan.say("Trần Văn Minh 0987 654 321")).text
    await lan.press("Đổi loại")
    assert "Loại: kiến nghị" in (await lan.press("Kiến nghị")).text
    await lan.press("Sửa nơi xảy ra")
    assert "đầu cầu mới" in (await lan.say("đầu cầu mới")).text
    assert "(đã bỏ tên, số): đồng ý" in (await lan.press("Cho đăng công khai")).text
    await lan.press("Thêm, sửa nội dung")
    await lan.press("Viết lại từ đầu")
    assert MATTER not in (await lan.say("mong xã làm thêm cống thoát nước ở ngõ 3")).text
    await lan.press("Đúng" if "Đúng" in lan.labels() else "Kiến nghị")
    await lan.press("Gửi")
    (case,) = await rows(services, cases)
    assert case["may_publish"]
    assert case["text"] == "mong xã làm thêm cống thoát nước ở ngõ 3"


async def test_a_wrong_phone_number_is_told_and_the_name_kept(lan: Citizen) -> None:
    await placed(lan)
    reply = await lan.say("Nguyễn Thị Lan, 12345678")
    assert "chưa đúng" in reply.text
    assert "Nguyễn Thị Lan" in reply.text
    assert "xem lại trước khi gửi" in (await lan.say("0912 345 678")).text


async def test_the_eleventh_case_of_a_day_waits(lan: Citizen, services: Services) -> None:
    for _ in range(10):
        await lan.say("/phananh")
        if "Đồng ý, viết tiếp" in lan.labels():
            await lan.press("Đồng ý, viết tiếp")
        await lan.say("tôi xin góp ý xã mở thêm bàn trả kết quả")
        await lan.press("Đúng" if "Đúng" in lan.labels() else "Góp ý")
        if "Không để tên" in lan.labels():
            await lan.press("Không để tên")
        await lan.press("Gửi")
    assert len(await rows(services, cases)) == 10
    await lan.say("/phananh")
    await lan.say("tôi xin góp ý xã mở thêm bàn trả kết quả")
    await lan.press("Đúng" if "Đúng" in lan.labels() else "Góp ý")
    await lan.press("Không để tên")
    assert "vẫn được giữ" in (await lan.press("Gửi")).text
    assert len(await rows(services, cases)) == 10
    assert len(await rows(services, drafts)) == 1


async def test_an_accusation_is_kept_from_everybody_but_its_sender(lan: Citizen, services: Services) -> None:
    await agreed(lan)
    warned = await lan.say("tôi tố cáo ông A cán bộ địa chính nhận hối lộ 20 triệu của dân")
    assert "đừng ghi tiếp tên tuổi" in warned.text
    await lan.press("Gửi kín tại đây")
    await lan.press("Gửi")
    (case,) = await rows(services, cases)
    assert (case["confidential"], case["reporter_name"], case["may_publish"]) == (True, "", False)
    assert await rows(services, questions) == []
    stranger = Citizen("kẻ lạ", services)
    assert "Không tìm thấy" in (await stranger.say(case["code"])).text
    assert "cũ" in (await stranger.press_id(f"k:{case['code']}:see")).text
    assert "tố cáo" in (await lan.say(case["code"])).text


async def test_a_photo_with_an_emergency_gets_the_numbers_first(lan: Citizen) -> None:
    reply = await lan.does(attachments=(PHOTO,), text="cháy nhà rồi cứu với")
    assert reply.text.index("114") < reply.text.index("đồng ý")


# After filing


async def the_case(services: Services) -> case_storage.Case:
    (row,) = await rows(services, cases)
    async with services.database.transaction() as transaction:
        found = await case_storage.get(transaction, row["code"])
    assert found is not None
    return found


async def official(services: Services) -> Official:
    async with services.database.transaction() as transaction:
        known = await officials.find(transaction, "binh")
        number = known.id if known else None
        if number is None:
            number = await officials.create(transaction, "binh", officials.Profile("Ông Bình", (), ""), now=NOW)
    assert number is not None
    return Official(number, "binh", "Ông Bình", frozenset({Role.INTAKE, Role.HANDLER, Role.LEADER}))


async def does(services: Services, name: Name, **given: Any) -> None:
    """Let Ông Bình make a move."""
    case, binh = await the_case(services), await official(services)
    async with services.database.transaction() as transaction:
        order = Order(name, binh, Given(**given), case.version)
        await handling.carry_out(transaction, case, order, services.desk, now=services.now())


async def heard(services: Services) -> list[str]:
    return [row["body"] for row in await rows(services, notices)]


async def test_lan_hears_of_every_move_and_may_answer(lan: Citizen, services: Services) -> None:
    await filed(lan)
    code = (await the_case(services)).code
    await does(services, Name.ACCEPT)
    await does(services, Name.ASK, text="Cột đèn số mấy ạ?")
    assert "tạm dừng" in (await lan.say(code)).text
    assert "Cột đèn số mấy" in (await heard(services))[-1]
    await lan.press("Trả lời cán bộ")
    assert "Đã bổ sung" in (await lan.say("cột số 12")).text
    assert (await the_case(services)).state == "da_tiep_nhan"
    await does(services, Name.START)
    await does(services, Name.ANSWER, text="Đã thay bóng.", result=Result.DONE, evidence="ảnh")
    assert "Đã thay bóng." in (await lan.say(code)).text
    await lan.press("Đã xong")
    assert (await the_case(services)).state == "dong"
    for _ in range(5):
        await lan.press("Hài lòng")
    assert {row["score"] for row in await rows(services, case_ratings)} == {4}
    assert len(await rows(services, case_ratings)) == 5


async def test_not_done_opens_a_second_review_twice_at_most(lan: Citizen, services: Services) -> None:
    await filed(lan)
    code = (await the_case(services)).code
    await does(services, Name.ACCEPT)
    await does(services, Name.START)
    for _ in range(2):
        await does(services, Name.ANSWER, text="Đã thay bóng.", result=Result.DONE, evidence="ảnh")
        await lan.say(code)
        await lan.press("Chưa xong")
        assert "xem xét lại" in (await lan.say("vẫn tối")).text
    case = await the_case(services)
    assert (case.reopened, case.state) == (2, "chua_xong")
    await does(services, Name.ANSWER, text="Đã thay cả cột.", result=Result.DONE, evidence="ảnh")
    await lan.say(code)
    assert "không mở lại được" in (await lan.press("Chưa xong")).text


async def test_a_case_is_followed_elsewhere_by_code_and_phone(lan: Citizen, services: Services) -> None:
    await placed(lan)
    await lan.say("Nguyễn Thị Lan, 0912 345 678")
    await lan.press("Gửi")
    code = (await the_case(services)).code
    elsewhere = Citizen("777", services, channel="telegram")
    shown = await elsewhere.say(f"mã {code.lower()}")
    assert MATTER not in shown.text
    assert "Lan" not in shown.text
    await elsewhere.press("Nhận tin tại đây")
    assert "không khớp" in (await elsewhere.say("0999 999 999")).text
    assert "Đã nối" in (await elsewhere.say("0912.345.678")).text
    await does(services, Name.ACCEPT)
    assert len(await heard(services)) == 2


async def test_guessing_the_phone_number_ends_after_five_tries(lan: Citizen, services: Services) -> None:
    await placed(lan)
    await lan.say("Nguyễn Thị Lan, 0912 345 678")
    await lan.press("Gửi")
    code = (await the_case(services)).code
    replies = []
    for guess in range(6):
        stranger = Citizen(f"kẻ lạ {guess}", services)
        await stranger.press_id(f"k:{code}:follow")
        replies.append((await stranger.say(f"09000000{guess:02}")).text)
    assert "không khớp" in replies[4]
    assert "quá nhiều lần" in replies[5]
    late = replace(services, now=lambda: NOW + timedelta(days=2))
    owner = Citizen("máy mới", late)
    await owner.press_id(f"k:{code}:follow")
    assert "Đã nối" in (await owner.say("0912345678")).text


async def test_trying_codes_ends_after_eight(services: Services) -> None:
    from bot.cases import codes

    stranger = Citizen("kẻ lạ", services)
    replies = [(await stranger.say(codes.make(2026, number))).text for number in range(500, 510)]
    assert all("Không tìm thấy" in text for text in replies[:8])
    assert all("thử nhiều mã" in text for text in replies[8:])


async def test_a_neighbour_follows_instead_of_sending_again(lan: Citizen, services: Services) -> None:
    await filed(lan)
    minh = Citizen("ông Minh", services)
    await placed(minh)
    offer: Reply = await minh.press("Không để tên")
    assert "đã có 1 người báo" in offer.text
    assert "đang theo dõi" in (await minh.press("Theo dõi việc ấy")).text
    assert len(await rows(services, cases)) == 1
    await does(services, Name.ACCEPT)
    assert len(await heard(services)) == 2


async def test_strangers_cannot_act_on_a_case(lan: Citizen, services: Services) -> None:
    await filed(lan)
    case = await the_case(services)
    stranger = Citizen("kẻ lạ", services)
    for verb in ("add", "enough", "finished", "unfinished", "rate:ket_qua-1"):
        assert "số điện thoại đã ghi" in (await stranger.press_id(f"k:{case.code}:{verb}")).text
    assert await the_case(services) == case
    assert await rows(services, case_ratings) == []


NOISE = "nhà hàng xóm mở loa kẹo kéo suốt đêm không ngủ được"


async def test_who_reports_what_an_entry_is_about_may_send_it_at_once(lan: Citizen, services: Services) -> None:
    await lan.say(NOISE)
    assert lan.last[0].answer
    assert lan.last[0].answer.entry == "tieng-on"
    await lan.press("Gửi phản ánh việc này")
    await lan.press("Đồng ý, viết tiếp")
    assert lan.labels()[0] == "Đúng"
    (draft,) = await rows(services, drafts)
    assert json.loads(draft["body"])["text"] == NOISE


async def test_a_question_button_of_somebody_else_begins_an_empty_draft(lan: Citizen, services: Services) -> None:
    await lan.say(NOISE)
    minh = Citizen("Minh", services)
    await minh.press_id(lan.last[-1].choices[0].id)
    (draft,) = await rows(services, drafts)
    assert json.loads(draft["body"])["text"] == ""
