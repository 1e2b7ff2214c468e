"""From the first word to the code: consent, albums, changes, limits, accusations."""

import json

from bot.messages import Attachment, AttachmentKind, Place
from bot.storage.case_tables import attachments, cases, consents, drafts
from bot.storage.tables import questions
from handlers.services import Services
from tests.handlers.citizens import Citizen, rows
from tests.handlers.feedback.telling import MATTER, PHOTO, agreed, placed, previewed, typed


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
