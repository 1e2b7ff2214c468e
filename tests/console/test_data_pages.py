"""The pages about people's data: requests by deadline, answers that reach the person, the log of deletions."""

from datetime import timedelta

import pytest

from bot.console.office import Office
from bot.officials.rights import Role
from bot.privacy.requests import Action, Kind
from bot.storage import audit, data_requests, deletions, notices, people
from bot.storage.audit import Filter
from tests.bot.test_case_storage import filed
from tests.conftest import NOW
from tests.console.conftest import SignedIn

DAY = timedelta(days=1)
ATTACK = "<script>alert(1)</script>"


@pytest.fixture
async def asked(office: Office) -> int:
    """Bà Lan, who has an open case and a confidential one, wants something put right."""
    async with office.database.transaction() as transaction:
        lan = await people.recognise(transaction, "web", "lan", now=NOW)
        await filed(transaction, "PA-2026-000001-E", person_id=lan)
        await filed(transaction, "PA-2026-000002-A", person_id=lan, type="to_cao", confidential=True)
        request = await data_requests.add(transaction, lan, Kind.CORRECT, text=ATTACK, now=NOW, due=NOW - DAY)
    return request.id


@pytest.mark.parametrize("role", [Role.INTAKE, Role.LEADER])
async def test_an_official_answers_and_the_person_hears_it(
    office: Office, signed_in: SignedIn, asked: int, role: Role
) -> None:
    hoa = await signed_in("hoa", role)
    await hoa.open("/")
    assert "Yêu cầu về dữ liệu cá nhân" in hoa.words
    await hoa.open("/du-lieu")
    assert "sửa dữ liệu" in hoa.words
    assert "quá hạn" in hoa.words
    await hoa.open(f"/du-lieu/{asked}")
    assert ATTACK not in hoa.seen
    assert "PA-2026-000001-E" in hoa.words
    assert "PA-2026-000002-A" not in hoa.seen, "who denounced is nobody's to see"
    assert (await hoa.send(f"/du-lieu/{asked}", {"answer": " "})).status_code == 422
    assert (await hoa.send(f"/du-lieu/{asked}", {"answer": "Đã sửa tên thôn."})).status_code == 303
    assert (await hoa.send(f"/du-lieu/{asked}", {"answer": "Lần hai"})).status_code == 303
    async with office.database.transaction() as transaction:
        (told,) = await notices.take(transaction, now=NOW + DAY, until=NOW + 2 * DAY)
        assert "Đã sửa tên thôn." in told.body
        entries = await audit.entries(transaction, Filter(action=Action.DONE), limit=9)
        assert [entry.subject for entry in entries] == [f"YC-{asked}"]
        kept = await data_requests.get(transaction, asked)
    assert kept
    assert kept.outcome == "Đã sửa tên thôn."
    await hoa.open("/du-lieu?xong=1")
    assert "Đã sửa tên thôn." in hoa.words


@pytest.mark.parametrize("role", [Role.HANDLER, Role.EDITOR, Role.ADMIN])
async def test_others_have_no_part_in_it(signed_in: SignedIn, asked: int, role: Role) -> None:
    nobody = await signed_in("binh", role)
    assert (await nobody.open("/")).status_code == 200
    assert "Yêu cầu dữ liệu" not in nobody.words
    assert (await nobody.open("/du-lieu")).status_code == 403
    assert (await nobody.open(f"/du-lieu/{asked}")).status_code == 403


@pytest.mark.parametrize("number", ["0", "999", "x", "9" * 30])
async def test_an_unknown_request_is_told(signed_in: SignedIn, number: str) -> None:
    hoa = await signed_in("hoa", Role.INTAKE)
    assert (await hoa.open(f"/du-lieu/{number}")).status_code == 404


async def test_the_log_of_deletions_is_for_those_who_read_the_audit(office: Office, signed_in: SignedIn) -> None:
    async with office.database.transaction() as transaction:
        await deletions.record(transaction, "questions", 3, "hết thời hạn lưu", now=NOW)
    admin = await signed_in("quan", Role.ADMIN)
    await admin.open("/nhat-ky/da-xoa")
    assert "Câu hỏi 3 hết thời hạn lưu" in admin.words
    hoa = await signed_in("hoa", Role.INTAKE)
    assert (await hoa.open("/nhat-ky/da-xoa")).status_code == 403
