"""The pages about events and quizzes: planning, the lists, who may, hostile words, workbooks read back."""

import io

import openpyxl
import pytest

from bot.console.office import Office
from bot.events import planning, quiz, taking_part
from bot.officials.rights import Role
from bot.storage import announcements, audit, events, quizzes
from bot.storage.announcements import Draft, State
from bot.storage.audit import Filter
from tests.conftest import NOW
from tests.console.conftest import SignedIn
from tests.events.shared import QUESTIONS, opened, planned, someone, the_event, told

ATTACK = "=cmd()<script>alert(1)</script>"
FORM = {
    "name": "Tập huấn VNeID",
    "place": "Nhà văn hóa",
    "starts_at": "2026-11-28T08:00",
    "ends_at": "2026-11-28T11:00",
    "sign_up_until": "",
    "seats": "",
    "details": "",
    "announcement": "",
}
QUIZ_FORM = {
    "name": "Thi tìm hiểu CCHC",
    "intro": "",
    "opens_at": "2026-11-24T07:00",
    "closes_at": "2026-11-30T17:00",
    "questions": QUESTIONS,
    "announcement": "",
}


async def test_an_editor_plans_moves_and_cancels_an_event(office: Office, signed_in: SignedIn) -> None:
    thu = await signed_in("thu", Role.EDITOR)
    await thu.open("/su-kien/moi")
    assert (await thu.send("/su-kien/moi", FORM | {"name": ATTACK})).headers["location"].endswith("/su-kien/1")
    await thu.open("/su-kien/1")
    assert ATTACK not in thu.seen
    assert ATTACK in thu.words.replace("&lt;", "<")
    async with office.database.transaction() as transaction:
        lan = await someone(transaction, "lan")
        await taking_part.sign_up(transaction, await the_event(transaction, 1), lan, now=NOW)
        await events.name(transaction, 1, lan, "=Lan")
    await thu.open("/su-kien/1")
    assert "=Lan" in thu.words
    sheet = openpyxl.load_workbook(io.BytesIO((await thu.open("/su-kien/1/danh-sach.xlsx")).content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:4] == [1, "'=Lan", "trang web", "tham dự"]
    await thu.open("/su-kien/1/sua")
    assert (await thu.send("/su-kien/1/sua", FORM | {"place": "Hội trường"})).status_code == 303
    await thu.open("/su-kien/1")
    assert (await thu.send("/su-kien/1/huy")).status_code == 303
    assert (await thu.send("/su-kien/1/huy")).status_code == 422
    assert ["thay đổi" in words or "không tổ chức" in words for _, words in await told(office.database, NOW)] == [
        True
    ] * 2
    await thu.open("/su-kien")
    assert "đã hủy" in thu.words
    async with office.database.transaction() as transaction:
        done = [
            entry.action for entry in await audit.entries(transaction, Filter(), limit=9) if entry.subject == "SK-1"
        ]
    actions = planning.Action
    assert done == [actions.CANCELLED, actions.SAVED, actions.LIST_TAKEN, actions.SAVED]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("starts_at", "hôm qua"),
        ("starts_at", "2026-11-28T08:00+07:00"),
        ("starts_at", "0001-01-01T00:00"),
        ("ends_at", "9999-12-31T23:59"),
        ("seats", "²"),
        ("seats", "-1"),
        ("seats", "9" * 30),
        ("announcement", "7"),
    ],
)
async def test_a_wrong_field_is_told_and_nothing_typed_is_lost(
    office: Office, signed_in: SignedIn, field: str, value: str
) -> None:
    thu = await signed_in("thu", Role.EDITOR)
    await thu.open("/su-kien/moi")
    assert (await thu.send("/su-kien/moi", FORM | {"details": "còn nguyên"} | {field: value})).status_code == 422
    assert f'id="{field}-sai"' in thu.seen
    assert "còn nguyên" in thu.seen
    async with office.database.transaction() as transaction:
        assert await events.page(transaction, offset=0, limit=9) == []


async def test_a_draft_carries_one_invitation_and_what_is_approved_none_more(
    office: Office, signed_in: SignedIn
) -> None:
    async with office.database.transaction() as transaction:
        draft = Draft(title="Tập huấn", body="Mời bà con", author="an")
        number = await announcements.create(transaction, draft, now=NOW)
        approved = await announcements.create(transaction, draft, now=NOW)
        seen = await announcements.find(transaction, approved)
        assert seen
        await announcements.move(transaction, seen, State.APPROVED, who="bình", now=NOW)
    thu = await signed_in("thu", Role.EDITOR)
    await thu.open("/su-kien/moi")
    assert (await thu.send("/su-kien/moi", FORM | {"announcement": str(number)})).status_code == 303
    for taken, why in ((number, "đã gắn một sự kiện"), (approved, "đã duyệt")):
        await thu.open("/thi-tim-hieu/moi")
        await thu.send("/thi-tim-hieu/moi", QUIZ_FORM | {"announcement": str(taken)})
        assert why in thu.words


async def test_an_editor_sets_a_quiz_and_sees_the_standings(office: Office, signed_in: SignedIn) -> None:
    thu = await signed_in("thu", Role.EDITOR)
    await thu.open("/thi-tim-hieu/moi")
    assert (await thu.send("/thi-tim-hieu/moi", QUIZ_FORM | {"questions": "Câu 1: gì?"})).status_code == 422
    assert "từ 2 đến 6" in thu.words
    assert (await thu.send("/thi-tim-hieu/moi", QUIZ_FORM | {"name": ATTACK})).status_code == 303
    number = await opened(office.database)
    async with office.database.transaction() as transaction:
        lan, asked = await someone(transaction, "lan"), await quizzes.questions(transaction, number)
        await quizzes.begin(transaction, number, lan, "web", now=NOW)
        for n in range(2):
            tried = await quizzes.try_of(transaction, number, lan)
            assert tried
            await quiz.answer(transaction, tried, asked, n, asked[n].correct, now=NOW)
        await quizzes.name(transaction, number, lan, ATTACK, "0912345678")
    await thu.open("/thi-tim-hieu")
    assert ATTACK not in thu.seen
    assert "1 người, 1 làm xong" in thu.words
    await thu.open(f"/thi-tim-hieu/{number}")
    assert ATTACK not in thu.seen
    assert "2/2" in thu.words
    response = await thu.open(f"/thi-tim-hieu/{number}/xep-hang.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:5] == [1, f"'{ATTACK}", "0912345678", "trang web", 2]
    await thu.open(f"/thi-tim-hieu/{number}/sua")
    assert "Đáp án: B" in thu.seen
    changed = QUIZ_FORM | {"questions": QUESTIONS.replace("Một", "Mấy")}
    await thu.send(f"/thi-tim-hieu/{number}/sua", changed)
    assert "Đã có 1 người" in thu.words


@pytest.mark.parametrize("role", [Role.INTAKE, Role.HANDLER, Role.ADMIN])
async def test_others_have_no_part_in_it(office: Office, signed_in: SignedIn, role: Role) -> None:
    await planned(office.database)
    await opened(office.database)
    nobody = await signed_in("binh", role)
    for path in ("/su-kien", "/su-kien/moi", "/su-kien/1", "/su-kien/1/danh-sach.xlsx", "/thi-tim-hieu/1"):
        assert (await nobody.open(path)).status_code == 403
    await nobody.open("/")
    assert (await nobody.send("/su-kien/1/huy")).status_code == 403
    async with office.database.transaction() as transaction:
        assert (await the_event(transaction, 1)).cancelled_at is None


@pytest.mark.parametrize(
    "path", ["/su-kien/0", "/su-kien/99/sua", "/su-kien/x", "/thi-tim-hieu/99", "/thi-tim-hieu/x/sua"]
)
async def test_what_is_not_there_is_told(signed_in: SignedIn, path: str) -> None:
    thu = await signed_in("thu", Role.LEADER)
    assert (await thu.open(path)).status_code == 404
