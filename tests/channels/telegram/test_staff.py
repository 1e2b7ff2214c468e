"""Stories of the officials' group: chị Hạnh receives, anh Tú answers by replying, a stranger presses."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.cases.model import CaseType
from bot.cases.moves import Name, Party
from bot.channels.telegram import posting
from bot.officials import invitations
from bot.storage import audit, case_events, officials
from bot.storage.audit import Filter
from bot.storage.case_tables import cases, notices
from handlers.services import Services
from tests.channels.shared import Desk, FlyingTime, rows
from tests.channels.staff import Office
from tests.doubles import BOT, FakeTelegram, Person
from tests.telegram_groups import Group, Member

DONE, PARTLY, NOTE = "Trả lời: đã xong", "Một phần", "Ghi chú nội bộ"


@pytest.fixture
def group(telegram: FakeTelegram) -> Group:
    return Group(telegram)


@pytest.fixture
def at_office(at_telegram: Services, group: Group, monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.setattr(posting, "POLL_SECONDS", 0.05)
    settings = replace(at_telegram.config.telegram, staff_chat=str(group.id))
    web = replace(at_telegram.config.web, public_url="https://tro-ly.xa")
    return replace(at_telegram, config=replace(at_telegram.config, telegram=settings, web=web))


@pytest.fixture
async def office(at_office: Services, telegram: FakeTelegram, group: Group, time: FlyingTime) -> AsyncIterator[Office]:
    async with Desk(at_office) as desk:
        yield Office(at_office, telegram, group, desk)


@pytest.fixture
async def hanh(office: Office) -> Member:
    member = office.group.member("Chị Hạnh")
    await office.join(member, "tiep_nhan")
    return member


@pytest.fixture
async def tu(office: Office) -> Member:
    member = office.group.member("Anh Tú")
    await office.join(member, "xu_ly")
    return member


async def test_from_the_post_to_the_answer(office: Office, hanh: Member, tu: Member, lan: Person) -> None:
    case = await office.case(lan, thon="thôn Đông", landmark="gần nhà văn hóa")
    post = await office.group.shows()
    assert post.text.startswith(f"{case.code} · phản ánh · mới gửi\nNơi: thôn Đông, gần nhà văn hóa\nHạn: ")
    assert "đèn đường gần nhà văn hóa" in post.text
    assert "0912" not in post.text
    assert "Nguyễn" not in post.text
    assert f"https://tro-ly.xa/quan-tri/phan-anh/{case.code}" in post.text
    assert [label for label, _ in post.choices] == ["Tiếp nhận", "Hỏi thêm người dân", "Chuyển cơ quan khác"]

    await office.does(hanh.press("Tiếp nhận"))
    assert office.whispered == "Đã ghi: Tiếp nhận."
    await office.shows(post, "đã tiếp nhận")
    await office.does(tu.press("Trả lời", post))
    assert "Anh Tú trả lời tin này" in (await office.group.shows(2)).text
    await office.does(tu.reply(office.group.seen[-1], "Đã thay bóng đèn chiều nay.", photo=True))
    question = await office.group.shows(3)
    assert "Gửi cho người dân?" in question.text
    assert [label for label, _ in question.choices][:3] == [DONE, PARTLY, "Chưa làm được"]
    assert (await office.now(case)).state == "da_tiep_nhan", "nothing is sent before it is confirmed"

    await office.does(tu.press(DONE))
    assert "Anh Tú đã gửi người dân" in question.text
    assert question.choices == []
    await office.shows(post, "đã trả lời")
    async with office.services.database.transaction() as transaction:
        kept = await case_events.attachments_of(transaction, case=case.id)
        done = await audit.entries(transaction, Filter(subject=case.code), limit=9)
        event = await case_events.last_of_kind(transaction, case.id, "tra_loi")
    assert event
    assert [(file.kind, file.from_official, file.event_id) for file in kept] == [("photo", True, event.id)]
    assert [entry.action for entry in done] == ["tra_loi", "tiep_nhan"]
    assert await office.notices() == 2
    assert "Đã thay bóng đèn chiều nay." in lan.seen[-1].text
    assert f"k:{case.code}:finished" in [data for _, data in lan.seen[-1].choices]


async def test_a_stranger_in_the_group_is_told_how_to_link(office: Office, lan: Person) -> None:
    case = await office.case(lan)
    post, stranger = await office.group.shows(), office.group.member("Người lạ")
    await office.does(stranger.press("Tiếp nhận"))
    assert "chưa nối với cán bộ nào" in office.whispered
    await office.does(stranger.reply(post, "để tôi làm"))
    assert "chưa nối với cán bộ nào" in (await office.group.shows(2)).text
    assert (await office.now(case)).state == "moi"


async def test_an_official_links_with_the_code_from_the_console(office: Office, minh: Person) -> None:
    member = Member("Minh", 1, office.group)
    official = await office.join(member, "xu_ly")
    async with office.services.database.transaction() as transaction:
        code = await invitations.telegram_code(transaction, official, now=office.services.now())
    await office.does(minh.say(f"/lienket {code.upper()}"))
    assert "Đã nối với Minh" in (await minh.hears()).text
    async with office.services.database.transaction() as transaction:
        account = await officials.with_telegram(transaction, str(minh.id))
    assert account
    assert account.id == official.id
    await office.does(minh.say(code))
    assert "Đã nối" not in (await minh.hears(2)).text, "a code works once; then it is a question like any other"


async def test_only_the_author_confirms(office: Office, hanh: Member, tu: Member, lan: Person) -> None:
    case = await office.case(lan)
    post = await office.group.shows()
    await office.does(hanh.press("Tiếp nhận"))
    await office.does(tu.reply(post, "Đã xong theo biên bản 45/BC-UBND."))
    question = await office.group.shows(2)
    await office.does(hanh.press(DONE, question))
    assert office.whispered == "Chỉ người viết lời ấy mới bấm được."
    await office.does(tu.press(DONE, question))
    assert (await office.now(case)).state == "da_tra_loi", "the number of a document shows that it is done"


async def test_rights_and_units_are_those_of_the_console(office: Office, tu: Member, lan: Person) -> None:
    case = await office.case(lan)
    post = await office.group.shows()
    await office.does(tu.press("Tiếp nhận"))
    assert office.whispered == "Chỉ người được phân quyền mới làm được bước “Tiếp nhận”."
    binh = office.group.member("Ông Bình")
    await office.join(binh, "xu_ly", unit="Công an")
    await office.does(binh.reply(post, "việc này của tôi"))
    assert "bộ phận khác" in (await office.group.shows(2)).text
    assert (await office.now(case)).version == case.version


async def test_what_is_missing_is_said_and_nothing_is_sent(
    office: Office, hanh: Member, tu: Member, lan: Person
) -> None:
    case = await office.case(lan)
    post = await office.group.shows()
    await office.does(hanh.press("Tiếp nhận"))
    await office.does(tu.reply(post, "đã thay bóng"))
    question = await office.group.shows(2)
    await office.does(tu.press(DONE, question))
    assert "còn thiếu ảnh hoặc số văn bản" in office.whispered
    await office.does(tu.press(PARTLY, question))
    assert "còn thiếu lý do" in office.whispered
    assert question.choices, "the buttons stay"
    await office.does(tu.reply(post, photo=True))
    assert "đã giữ ảnh làm minh chứng" in (await office.group.shows(3)).text
    await office.does(tu.press(DONE, question))
    assert (await office.now(case)).state == "da_tra_loi"


async def test_asking_transferring_noting_and_leaving_it(office: Office, hanh: Member, lan: Person) -> None:
    case = await office.case(lan)
    post = await office.group.shows()
    await office.does(hanh.reply(post, "gọi lại anh Ba trước"))
    note = next(data for label, data in office.group.seen[-1].choices if label == NOTE)
    await office.does(hanh.press(NOTE))
    await office.does(hanh.press_id(note, office.group.seen[-1]))
    assert "giữ ghi chú nội bộ" in office.group.seen[-1].text
    await office.does(hanh.reply(post, "thôi vậy"))
    await office.does(hanh.press("Thôi"))
    assert "không gửi gì" in office.group.seen[-1].text
    assert await rows(office.services, notices) == []
    await office.does(hanh.press("Chuyển cơ quan khác", post))
    assert "dòng hai là số văn bản" in office.group.seen[-1].text
    await office.does(hanh.reply(office.group.seen[-1], "Điện lực huyện\n12/UBND-VP\nViệc này do điện lực làm."))
    await office.does(hanh.press("Chuyển cơ quan"))
    moved = await office.now(case)
    assert (moved.state, moved.transferred_to, moved.transfer_document) == ("da_chuyen", "Điện lực huyện", "12/UBND-VP")
    async with office.services.database.transaction() as transaction:
        story = await case_events.of_case(transaction, case.id)
    assert [(event.kind, event.text, event.shown) for event in story if event.kind == "ghi_chu"] == [
        ("ghi_chu", "gọi lại anh Ba trước", False)
    ]


async def test_a_case_changed_on_the_console_is_looked_at_again(
    office: Office, hanh: Member, tu: Member, lan: Person
) -> None:
    case = await office.case(lan)
    post = await office.group.shows()
    old = next(data for label, data in post.choices if label == "Tiếp nhận")
    await office.does(hanh.press("Tiếp nhận"))
    await office.does(hanh.press_id(old, post))
    assert "Việc này vừa thay đổi, nay là: đã tiếp nhận" in office.whispered
    await office.does(tu.reply(post, "Đã làm theo 45/BC-UBND"))
    question = await office.group.shows(2)
    chi = await office.join(office.group.member("Chị Chi"), "tiep_nhan")
    await office.move(case, Name.START, chi)
    await office.does(tu.press(DONE, question))
    assert (await office.now(case)).state == "dang_xu_ly"
    assert "đang xử lý" in question.text, "the question is put again, the words need not be typed again"
    await office.does(tu.press(DONE, question))
    assert (await office.now(case)).state == "da_tra_loi"


async def test_denunciations_and_other_groups_stay_out(office: Office, hanh: Member, lan: Person) -> None:
    secret = await office.case(lan, type=CaseType.DENUNCIATION, key="kin")
    await office.case(lan, key="thuong")
    post = await office.group.shows()
    assert secret.code not in post.text
    await office.does(hanh.press_id(f"s:{secret.code}:tiep_nhan:1", post))
    assert "Nút này đã cũ" in office.whispered
    await office.does(hanh.press_id("s:xyz", post), hanh.press_id("zzz", post))
    elsewhere = Group(office.telegram)
    other = Member("Người khác", hanh.id, elsewhere)
    written = elsewhere.write({"text": f"{secret.code} xem"}, {"id": 1, "is_bot": True, "first_name": "x"}, None, None)
    await office.does(other.reply(written, "trả lời đi"), other.say("xin chào"), hanh.say("ăn cơm chưa"))
    assert elsewhere.seen == []
    assert len(office.group.seen) == 1


async def test_a_case_that_becomes_confidential_is_taken_from_the_group(office: Office, lan: Person) -> None:
    case = await office.case(lan)
    post = await office.group.shows()
    async with office.services.database.transaction() as transaction:
        await transaction.execute(update(cases).values(confidential=True, version=2))
    await office.shows(post, "giữ kín")
    assert "đèn đường" not in post.text
    assert post.choices == []
    assert case.code in post.text


async def test_each_case_has_its_topic(
    at_office: Services, telegram: FakeTelegram, group: Group, time: FlyingTime, lan: Person
) -> None:
    group.is_forum = True
    async with Desk(at_office) as desk:
        office = Office(at_office, telegram, group, desk)
        hanh = group.member("Chị Hạnh")
        chi = await office.join(hanh, "tiep_nhan")
        case = await office.case(lan)
        post = await group.shows()
        assert post.topic
        assert group.topics[post.topic].name == f"{case.code} · phản ánh"
        await office.does(hanh.say("ai làm việc này?", post.topic))
        assert len(group.seen) == 1, "talk in the topic is the officials' own"
        await office.does(hanh.reply(post, "hỏi nhà nào ạ?"))
        assert (await group.shows(2)).topic == post.topic
        await office.does(hanh.press("Hỏi thêm"))
        await office.move(case, Name.WITHDRAW, Party.CITIZEN)
        await telegram.until(lambda: not group.topics[post.topic or 0].is_open)
        await office.shows(post, "đã đóng")
        await office.move(case, Name.REOPEN, chi, reason="dân hỏi lại")
        await telegram.until(lambda: group.topics[post.topic or 0].is_open)


async def test_a_topic_that_may_not_be_opened_leaves_the_post_in_the_group(
    office: Office, group: Group, lan: Person
) -> None:
    group.is_forum, group.may_manage = True, False
    await office.case(lan)
    assert (await group.shows()).topic is None


async def test_while_telegram_is_away_nothing_is_lost(office: Office, hanh: Member, lan: Person) -> None:
    office.telegram.fail("sendMessage", 502, "Bad Gateway", times=3)
    case = await office.case(lan)
    post = await office.group.shows()
    held = office.telegram.hold("editMessageText")
    await office.does(hanh.press("Tiếp nhận"))
    chi = await office.join(office.group.member("Chị Chi"), "tiep_nhan")
    await office.move(case, Name.START, chi)
    held.over.set()
    await office.shows(post, "đang xử lý")
    assert len(office.group.seen) == 1


async def test_a_post_deleted_by_hand_stops_nothing(office: Office, hanh: Member, lan: Person) -> None:
    first = await office.case(lan, key="mot")
    await office.group.shows()
    office.group.seen.clear()
    await office.move(first, Name.ACCEPT, await office.join(office.group.member("Chị Chi"), "tiep_nhan"))
    second = await office.case(lan, key="hai")
    assert second.code in (await office.group.shows()).text


async def test_a_press_too_old_to_be_answered_is_answered_in_the_group(office: Office, lan: Person) -> None:
    await office.case(lan)
    await office.group.shows()
    stranger = office.group.member("Người lạ")
    office.telegram.fail("answerCallbackQuery", 400, "Bad Request: query is too old")
    await office.does(stranger.press("Tiếp nhận"))
    assert "chưa nối" in office.group.seen[-1].text


async def test_pictures_sent_together_are_kept_without_a_word_each(office: Office, hanh: Member, lan: Person) -> None:
    case = await office.case(lan)
    post = await office.group.shows()
    for _ in range(3):
        await office.does(hanh.reply(post, photo=True, media_group_id="7"))
    async with office.services.database.transaction() as transaction:
        kept = await case_events.attachments_of(transaction, case=case.id)
    assert [(file.from_official, file.event_id) for file in kept] == [(True, None)] * 3
    assert len(office.group.seen) == 1


async def test_without_its_picture_nothing_is_sent(office: Office, hanh: Member, lan: Person) -> None:
    case = await office.case(lan)
    post = await office.group.shows()
    await office.does(hanh.press("Tiếp nhận"))
    await office.does(hanh.reply(post, "đã xong, xem ảnh", photo=True))
    question = await office.group.shows(2)
    office.telegram.files.clear()
    await office.does(hanh.press(DONE, question))
    assert "tệp" in office.whispered
    assert (await office.now(case)).state == "da_tiep_nhan"
    assert question.choices


async def test_the_digest_is_about_no_single_case(office: Office, hanh: Member, lan: Person) -> None:
    case = await office.case(lan)
    await office.group.shows()
    digest = office.group.write({"text": f"Việc hôm nay\n{case.code} · phản ánh"}, BOT, None, None)
    await office.does(hanh.reply(digest, "đã xong cả"))
    assert len(office.group.seen) == 1
