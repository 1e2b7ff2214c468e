"""Stories of one's own data: bà Lan sees it, puts it right, takes an agreement back, deletes; a stranger gets none."""

from datetime import timedelta

import pytest

from bot.cases import handling
from bot.cases.handling import Order
from bot.cases.model import Result, State
from bot.cases.moves import Name
from bot.cases.workflow import Given
from bot.messages import AttachmentKind
from bot.storage import cases, people, subscribers
from bot.storage.case_tables import (
    attachments,
    case_events,
    consents,
    data_requests,
    deletions,
    drafts,
    notices,
)
from bot.storage.case_tables import cases as case_table
from bot.storage.tables import conversations, questions
from handlers.services import Services
from tests.conftest import NOW
from tests.handlers.citizens import Citizen, rows
from tests.handlers.feedback.telling import PHOTO, official

MATTER = "Tôi là Nguyễn Thị Lan, đèn đường trước cửa hỏng, gọi 0912345678 cho bà Lan"
HERS = ("Nguyễn Thị Lan", "nguyen thi lan", "0912345678", "bà Lan")


@pytest.fixture
async def lan(services: Services) -> Citizen:
    return Citizen("bà Lan", services)


@pytest.fixture
async def minh(services: Services) -> Citizen:
    return Citizen("ông Minh", services)


async def files_a_case(citizen: Citizen) -> str:
    """File a matter with name, number and a photo; return its code."""
    await citizen.say("/phananh")
    if "Đồng ý, viết tiếp" in citizen.labels():
        await citizen.press("Đồng ý, viết tiếp")
    await citizen.does(attachments=(PHOTO,))
    await citizen.say(MATTER)
    await citizen.press("Đúng" if "Đúng" in citizen.labels() else "Phản ánh")
    await citizen.press("Bỏ qua nơi xảy ra")
    await citizen.say("Nguyễn Thị Lan, 0912 345 678, ngõ 5 thôn Đông")
    if "Vẫn gửi riêng" in citizen.labels():
        await citizen.press("Vẫn gửi riêng")
    filed = await citizen.press("Gửi")
    return filed.text.partition("**")[2].partition("**")[0]


async def answered(services: Services, code: str) -> None:
    """Ông Bình does the case and answers it."""
    binh = await official(services)
    given = Given(text="Đã thay bóng cho bà Nguyễn Thị Lan", result=Result.DONE, evidence="05/BB-UBND")
    async with services.database.transaction() as transaction:
        for name, what in ((Name.ACCEPT, Given()), (Name.START, Given()), (Name.ANSWER, given)):
            case = await cases.get(transaction, code)
            assert case
            await handling.carry_out(transaction, case, Order(name, binh, what), services.desk, now=NOW)


async def test_lan_is_told_what_is_kept_and_sees_all_of_it(services: Services, lan: Citizen) -> None:
    await lan.say("đăng ký kết hôn cần giấy tờ gì")
    code = await files_a_case(lan)
    menu = await lan.say("dữ liệu của tôi")
    assert all(
        part in menu.text for part in ("1 câu hỏi", f"1 việc đang giải quyết: {code}", "nhận và giải quyết phản ánh")
    )
    await lan.press("Xem toàn bộ")
    told = "\n".join(reply.text for reply in lan.last)
    for part in ("đăng ký kết hôn", code, "Nguyễn Thị Lan", "0912345678", "ngõ 5 thôn Đông", "anh.jpg", "23/11/2026"):
        assert part in told, part
    (request,) = await rows(services, data_requests)
    assert (request["kind"], request["done_by"]) == ("xem", "trợ lý")
    assert request["due_at"] - NOW > timedelta(days=9)


@pytest.mark.parametrize("words", ["XEM DỮ LIỆU", "xem du lieu", "/xemdulieu", "Xem toàn bộ"])
async def test_a_stranger_gets_nothing_of_hers(services: Services, lan: Citizen, minh: Citizen, words: str) -> None:
    await files_a_case(lan)
    await minh.say("dữ liệu của tôi")
    await minh.say(words)
    told = "\n".join(reply.text for reply in minh.last)
    assert "Đó là tất cả" in told
    assert not any(part in told for part in (*HERS, "PA-2026"))


@pytest.mark.parametrize("words", ["SỬA", "sua", "SỬA DỮ LIỆU", "/suadulieu"])
async def test_lan_puts_her_number_right_on_open_cases(services: Services, lan: Citizen, words: str) -> None:
    code = await files_a_case(lan)
    await lan.say(words)
    await lan.press("Sửa tên, điện thoại")
    wrong = await lan.say("số 12345678")
    assert "chưa đúng" in wrong.text
    right = await lan.say("Nguyễn Thị Lan, 0987 654 321")
    assert code in right.text
    (case,) = await rows(services, case_table)
    assert (case["reporter_phone"], case["reporter_address"]) == ("0987654321", "ngõ 5 thôn Đông")
    assert "0987654321" in case["folded"]
    assert "sua_lien_he" in [event["kind"] for event in await rows(services, case_events)]


async def test_what_else_is_wrong_goes_to_the_officials_with_its_deadline(services: Services, lan: Citizen) -> None:
    await lan.say("SỬA")
    passed = await lan.say("Câu trả lời hôm trước ghi sai tên thôn của tôi")
    assert "chậm nhất **thứ Năm 03/12/2026**" in passed.text
    (request,) = await rows(services, data_requests)
    assert (request["kind"], request["done_at"]) == ("sua", None)
    assert "sai tên thôn" in request["text"]


@pytest.mark.parametrize("words", ["XÓA", "xoa", "Xoá dữ liệu", "/xoadulieu"])
async def test_lan_is_asked_before_anything_is_deleted(services: Services, lan: Citizen, words: str) -> None:
    code = await files_a_case(lan)
    sure = await lan.say(words)
    assert f"Việc đang giải quyết ({code}): **còn giữ**" in sure.text
    await lan.press("Không xóa")
    old = next(iter(sure.choices)).id
    assert "chưa bấm xóa" in (await lan.press_id(old)).text or "chưa bấm xóa" in lan.last[0].text
    assert (await rows(services, case_table))[0]["reporter_name"] == "Nguyễn Thị Lan"


async def test_what_may_go_goes_at_once_and_open_cases_stay(services: Services, lan: Citizen, minh: Citizen) -> None:
    done = await files_a_case(lan)
    await answered(services, done)
    still_open = await files_a_case(lan)
    await lan.say("đăng ký kết hôn cần giấy tờ gì")
    await minh.say("khai sinh cần gì")
    await lan.say("/phananh")
    await lan.say("XÓA")
    told = await lan.press("Xóa dữ liệu của tôi")
    assert f"không còn tên, số của ông/bà: {done}" in told.text
    assert f"Còn giữ đến khi giải quyết xong: {still_open}" in told.text

    first, second = await rows(services, case_table)
    assert not any(words in str(first).lower() for words in (h.lower() for h in HERS)), first
    assert (first["person_id"], first["reporter_address"], first["forgotten_at"]) == (None, "", NOW)
    assert "den duong" in first["folded"], "the matter itself is still found"
    assert second["reporter_name"] == "Nguyễn Thị Lan"
    events = [event for event in await rows(services, case_events) if event["case_id"] == first["id"]]
    assert not any(words in str(events) for words in HERS)
    assert [a["case_id"] for a in await rows(services, attachments)] == [second["id"]]
    assert await rows(services, drafts) == []
    assert [n["case_id"] for n in await rows(services, notices)] == []
    assert [q["text"] for q in await rows(services, questions)] == ["khai sinh cần gì"]
    assert all("ket hon" not in c["state"] and "kết hôn" not in c["state"] for c in await rows(services, conversations))
    assert all(c["withdrawn_at"] == NOW for c in await rows(services, consents))
    assert {row["what"] for row in await rows(services, deletions)} >= {"cases", "attachments", "questions"}
    (request,) = await rows(services, data_requests)
    assert (request["kind"], request["done_at"]) == ("xoa", NOW)


async def test_the_forgotten_may_begin_anew(services: Services, lan: Citizen) -> None:
    await files_a_case(lan)
    await lan.say("XÓA")
    await lan.press("Xóa dữ liệu của tôi")
    asked = await lan.say("/phananh")
    assert "đồng ý không" in asked.text


@pytest.mark.parametrize("words", ["RÚT ĐỒNG Ý", "rut dong y", "/rutdongy"])
async def test_lan_takes_her_agreement_back(services: Services, lan: Citizen, words: str) -> None:
    code = await files_a_case(lan)
    await lan.say("/phananh")
    await lan.say("còn cái cống nữa")
    await lan.say(words)
    told = await lan.press("Nhận và giải quyết phản ánh")
    assert "Đã rút đồng ý" in told.text
    assert code in told.text
    assert await rows(services, drafts) == []
    assert (await rows(services, consents))[0]["withdrawn_at"] == NOW
    done, for_officials = await rows(services, data_requests)
    assert (done["done_at"], for_officials["done_at"]) == (NOW, None)
    assert code in for_officials["text"]
    assert "không có đồng ý nào" in (await lan.say(words)).text


async def test_taking_back_the_agreement_to_announcements_stops_them(services: Services, lan: Citizen) -> None:
    await lan.say("xin chào")
    async with services.database.transaction() as transaction:
        person = await people.find(transaction, "web", "bà Lan")
        assert person
        await subscribers.choose(transaction, person, {"chung"}, source="web", now=NOW)
    assert "đăng ký nhận thông báo từ ngày 23/11/2026" in (await lan.say("/dulieu")).text
    await lan.press("Rút đồng ý")
    assert "Đã dừng gửi thông báo" in (await lan.press("Nhận thông báo của xã")).text
    async with services.database.transaction() as transaction:
        assert not (await subscribers.find(transaction, person)).topics


async def test_a_denouncer_is_not_named_to_the_officials(services: Services, lan: Citizen) -> None:
    async with services.database.transaction() as transaction:
        person = await people.recognise(transaction, "web", "bà Lan", now=NOW)
        row = {"code": "PA-2026-000009-X", "type": "to_cao", "state": State.NEW, "confidential": True, "channel": "web"}
        await cases.add(transaction, {**row, "person_id": person, "text": "x", "folded": "x", "created_at": NOW})
    await lan.say("/phananh")
    await lan.press("Đồng ý, viết tiếp")
    await lan.say("RÚT ĐỒNG Ý")
    await lan.press("Nhận và giải quyết phản ánh")
    assert [request["done_at"] for request in await rows(services, data_requests)] == [NOW]


@pytest.mark.parametrize(
    "choice", ["d", "d:", "d:really", "d:really:co", "d:withdraw:x' OR 1=1", "d:contact", "d:x:y:z"]
)
async def test_forged_buttons_do_nothing(services: Services, lan: Citizen, choice: str) -> None:
    await files_a_case(lan)
    before = await rows(services, case_table)
    await lan.press_id(choice)
    assert lan.last
    assert await rows(services, case_table) == before
    assert await rows(services, deletions) == []


async def test_other_things_sent_while_a_correction_is_awaited_are_answered(services: Services, lan: Citizen) -> None:
    await lan.say("SỬA")
    assert (await lan.send(AttachmentKind.STICKER)).text
    assert "bỏ việc đang dở" in (await lan.say("hủy")).text
    assert "chuyển cho cán bộ" not in (await lan.say("xin chào")).text
