"""Events as people live them: signing up, waiting, leaving; seats that are never overbooked."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from bot.events import planning, taking_part
from bot.events.taking_part import Outcome
from bot.officials.refused import Refused
from bot.storage import announcements, consents, events, people
from bot.storage.announcements import Draft
from bot.storage.database import Database
from bot.storage.event_tables import event_sign_ups
from bot.storage.events import Place
from handlers.services import Services
from tests.conftest import NOW
from tests.events.shared import HOUR, STARTS, TEXTS, plan, planned, someone, the_event, told
from tests.handlers.citizens import Citizen, rows


async def test_lan_signs_up_gives_her_name_and_leaves(services: Services, lan: Citizen) -> None:
    number = await planned(services.database)
    assert (await lan.say("sự kiện")).choices[0].label.startswith("Tập huấn dịch vụ công trực tuyến: 8:00")
    card = await lan.say("1")
    assert all(part in card.text for part in ("8:00–11:00 thứ Bảy 28/11/2026", "Nhà văn hóa thôn Đông", "Còn 2 chỗ"))
    assert "Đã ghi nhận" in (await lan.press("Tôi tham dự")).text
    await lan.press("Cho biết họ tên")
    assert "Nguyễn Thị Lan" in (await lan.say("Nguyễn Thị Lan")).text
    (row,) = await rows(services, event_sign_ups)
    assert (row["name"], row["state"]) == ("Nguyễn Thị Lan", Place.COMING)
    async with services.database.transaction() as transaction:
        assert await consents.has(transaction, row["person_id"], taking_part.PURPOSE)
    assert "đã đăng ký" in (await lan.say("tôi tham dự")).text
    assert "Đã bỏ đăng ký" in (await lan.say("không tham dự nữa")).text
    assert await rows(services, event_sign_ups) == []
    async with services.database.transaction() as transaction:
        assert (await the_event(transaction, number)).taken == 0


async def test_a_question_is_never_taken_for_a_name(services: Services, lan: Citizen) -> None:
    await planned(services.database)
    await lan.say("tôi tham dự")
    await lan.press("Cho biết họ tên")
    answer = await lan.say("làm giấy khai sinh cho con thì cần những giấy tờ gì")
    assert answer.answer is not None
    (row,) = await rows(services, event_sign_ups)
    assert row["name"] == ""


async def test_who_waits_gets_the_seat_that_is_given_back_and_is_told(
    services: Services, lan: Citizen, hung: Citizen, binh: Citizen
) -> None:
    await planned(services.database, seats=1)
    await lan.say("tôi tham dự")
    assert "danh sách chờ" in (await hung.say("đăng ký tham dự")).text
    await binh.say("tham dự 1")
    await lan.press("Không tham dự nữa")
    (promoted,) = await told(services.database, NOW)
    assert promoted[0] == "hung"
    assert "được tham dự" in promoted[1]
    assert "đã đăng ký" in (await hung.say("tôi tham dự")).text
    assert "danh sách chờ" in (await binh.say("tôi tham dự")).text


@pytest.mark.parametrize("words", ["tham dự 99", "sk", "su kien 5"])
async def test_what_is_not_there_is_told(services: Services, lan: Citizen, words: str) -> None:
    await lan.say(words)
    assert await rows(services, event_sign_ups) == []


@pytest.mark.parametrize(
    "choice",
    ["sk", "sk:", "sk:0:come", "sk:-1:come", "sk:99:come", "sk:1", "sk:1:x", "sk:²:come", "sk:9:leave"],
)
async def test_forged_buttons_do_nothing(services: Services, lan: Citizen, choice: str) -> None:
    await planned(services.database)
    assert (await lan.press_id(choice)).text
    assert await rows(services, event_sign_ups) == []


@pytest.mark.parametrize(
    "words",
    [
        "thủ tục tham dự đấu giá",
        "đăng ký tham dự lớp học nghề ở đâu",
        "tập huấn ở đâu",
        "thi công nhà",
        "tham gia bhxh",
    ],
)
async def test_questions_go_to_the_assistant_as_before(services: Services, lan: Citizen, words: str) -> None:
    await planned(services.database)
    assert (await lan.say(words)).answer is not None


async def test_too_late_to_sign_up_and_cancelled(services: Services) -> None:
    number = await planned(services.database)
    later = replace(services, now=lambda: STARTS - 11 * HOUR)
    lan = Citizen("lan", later)
    assert "hết hạn" in (await lan.press_id(f"sk:{number}:come")).text
    async with services.database.transaction() as transaction:
        await planning.cancel(transaction, number, TEXTS, now=NOW)
    assert "không tổ chức nữa" in (await lan.press_id(f"sk:{number}:come")).text
    assert "chưa có sự kiện" in (await lan.say("tập huấn")).text


async def test_a_number_after_an_announcement_is_its_button(services: Services) -> None:
    lan = Citizen("lan", services, channel="zalo_bot")
    await lan.say("xin chào")
    async with services.database.transaction() as transaction:
        draft = Draft(title="Tập huấn", body="Mời bà con", author="an")
        carrier = await announcements.create(transaction, draft, now=NOW)
    number = await planned(services.database, announcement_id=carrier)
    await _delivered(services, carrier, "lan", NOW + HOUR)
    later = replace(services, now=lambda: NOW + 2 * HOUR)
    lan = Citizen("lan", later, channel="zalo_bot")
    assert "Đã ghi nhận" in (await lan.say("1")).text
    async with services.database.transaction() as transaction:
        assert (await the_event(transaction, number)).taken == 1


async def _delivered(services: Services, carrier: int, address: str, at: datetime) -> None:
    from sqlalchemy import insert

    from bot.storage.broadcast_tables import recipients

    async with services.database.transaction() as transaction:
        person = await people.find(transaction, "zalo_bot", address)
        row = {"announcement_id": carrier, "person_id": person, "channel": "zalo_bot", "state": "delivered"}
        await transaction.execute(insert(recipients).values(**row, due_at=NOW, settled_at=at))


async def test_seats_are_never_overbooked(database: Database) -> None:
    """Twenty people at once, through two connections' worth of processes, want three seats; some leave meanwhile."""
    number = await planned(database, seats=3)
    async with database.transaction() as transaction:
        crowd = [await someone(transaction, f"nguoi-{n}") for n in range(20)]

    async def wants(person: int) -> Outcome:
        async with database.transaction() as transaction:
            return await taking_part.sign_up(transaction, await the_event(transaction, number), person, now=NOW)

    async def goes(person: int) -> None:
        async with database.transaction() as transaction:
            await taking_part.leave(transaction, await the_event(transaction, number), person, TEXTS, now=NOW)

    outcomes = await asyncio.gather(*map(wants, crowd))
    assert (outcomes.count(Outcome.COMING), outcomes.count(Outcome.WAITING)) == (3, 17)
    await asyncio.gather(*map(goes, crowd[:10]), *map(wants, crowd[10:]))
    async with database.transaction() as transaction:
        event = await the_event(transaction, number)
        listed = await events.signed_up(transaction, number)
    assert event.taken == 3
    assert [one.state for one in listed] == [Place.COMING] * 3 + [Place.WAITING] * 7


async def test_one_person_signs_up_once_however_often_at_once(database: Database) -> None:
    number = await planned(database)
    async with database.transaction() as transaction:
        lan = await someone(transaction, "lan")

    async def wants() -> Outcome:
        async with database.transaction() as transaction:
            return await taking_part.sign_up(transaction, await the_event(transaction, number), lan, now=NOW)

    outcomes = await asyncio.gather(*(wants() for _ in range(6)))
    assert sorted(outcomes) == [Outcome.ALREADY] * 5 + [Outcome.COMING]
    async with database.transaction() as transaction:
        assert (await the_event(transaction, number)).taken == 1


async def test_more_seats_let_in_those_who_wait_and_fewer_than_taken_are_refused(database: Database) -> None:
    number = await planned(database, seats=1)
    async with database.transaction() as transaction:
        for address in ("lan", "hung", "binh"):
            person = await someone(transaction, address)
            await taking_part.sign_up(transaction, await the_event(transaction, number), person, now=NOW)
        assert not await planning.change(transaction, number, plan(seats=2), TEXTS, now=NOW)
        with pytest.raises(Refused, match="Đã có 2"):
            await planning.change(transaction, number, plan(seats=1), TEXTS, now=NOW)
    assert [address for address, _ in await told(database, NOW)] == ["hung"]
