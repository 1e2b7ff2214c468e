"""After the code: every move is told, answered, followed from elsewhere; guessing ends."""

from dataclasses import replace
from datetime import timedelta

from bot.cases.model import Result
from bot.cases.moves import Name
from bot.messages import Reply
from bot.storage.case_tables import case_ratings, cases
from handlers.services import Services
from tests.conftest import NOW
from tests.handlers.citizens import Citizen, rows
from tests.handlers.feedback.telling import MATTER, does, filed, heard, placed, the_case


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
