"""What the group is told of deadlines, by a clock that the tests set: in working hours, each warning once."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import assembly
from bot.cases import closing, warning
from bot.cases.desk import Desk
from bot.cases.moves import OBJECTION_TIME
from bot.cases.warning import MOST_IN_WARNING, Group
from bot.clock import ZONE
from bot.settings import Config
from bot.storage import cases, notices, people
from bot.storage.cases import Case
from bot.storage.database import Database
from bot.texts import Texts
from knowledge.answering import Assistant

GROUP = Group("telegram", "-100123")
MONDAY = datetime(2026, 11, 23, tzinfo=ZONE)
DUE = MONDAY + timedelta(days=3, hours=17)  # thứ Năm 26/11, when the office closes


@pytest.fixture
def desk(settings: Config, assistant: Assistant) -> Desk:
    return assembly.desk(settings, Texts.load(settings.unit, settings.files), assistant)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of November 2026: the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


async def filed(database: Database, number: int = 1, **values: Any) -> None:
    row = {
        "code": f"PA-2026-{number:06}-K",
        "type": "phan_anh",
        "state": "da_tiep_nhan",
        "channel": "web",
        "text": "Đèn đường hỏng, hỏi bà Lan 0912345678",
        "folded": "",
        "reporter_name": "bà Lan",
        "created_at": MONDAY - timedelta(days=30),
        "due_at": DUE,
    }
    async with database.transaction() as transaction:
        await cases.add(transaction, row | values)


async def told(database: Database, desk: Desk, now: datetime) -> str:
    """Warn at a moment; return what the group gets, "" for nothing."""
    await warning.warn(database, desk, GROUP, now=now)
    async with database.transaction() as transaction:
        waiting = await notices.take(transaction, now=now, until=now + timedelta(days=400))
        for notice in waiting:
            await notices.finish(transaction, notice.id, "delivered")
    assert len(waiting) <= 1, "one message at a time"
    assert {(notice.channel, notice.address) for notice in waiting} <= {("telegram", "-100123")}
    return "\n".join(json.loads(notice.body)["text"] for notice in waiting)


async def warned(database: Database, code: str = "PA-2026-000001-K") -> int:
    async with database.transaction() as transaction:
        found = await cases.get(transaction, code)
    assert found
    return found.warned


async def test_each_warning_comes_once_in_its_time(database: Database, desk: Desk) -> None:
    await filed(database)
    assert "PA-2026" not in await told(database, desk, at(24, 9)), "two working days before: only counted"
    assert await told(database, desk, at(25, 7, 29)) == "", "before the office opens"
    first = await told(database, desk, at(25, 7, 30))
    assert "Ngày làm việc tới hết hạn" in first
    assert "PA-2026-000001-K · phản ánh · hạn thứ Năm 26/11/2026" in first
    assert await told(database, desk, at(25, 7, 32)) == "", "once"
    assert "PA-2026-000001-K" in await told(database, desk, at(26, 8))
    assert await told(database, desk, at(26, 16)) == ""
    assert await told(database, desk, at(26, 17, 1)) == "", "closed"
    assert "Quá hạn: 1" in await told(database, desk, at(27, 7, 30))
    assert await warned(database) == 3
    assert "Quá hạn: 1" in await told(database, desk, at(30, 7, 30)), "each morning, until it is done"
    assert await told(database, desk, at(30, 13, 30)) == ""


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (at(28, 9), "thứ Bảy"),
        (at(29, 9), "Chủ nhật"),
        (at(27, 12), "nghỉ trưa"),
        (datetime(2027, 2, 8, 9, tzinfo=ZONE), "mồng Ba Tết"),
    ],
)
async def test_outside_working_hours_nothing_is_told_and_nothing_is_lost(
    database: Database, desk: Desk, now: datetime, why: str
) -> None:
    await filed(database)
    assert await told(database, desk, now) == "", why
    assert await warned(database) == 0
    assert "Quá hạn: 1" in await told(database, desk, desk.calendar.next_opening(now))


async def test_the_program_was_off_for_days_and_warns_once_of_the_newest(database: Database, desk: Desk) -> None:
    await filed(database)
    assert (await told(database, desk, at(30, 14))).count("PA-2026-000001-K") == 1
    assert await warned(database) == 3


async def test_the_digest_counts_and_names_without_personal_data(database: Database, desk: Desk) -> None:
    await filed(database, 1, due_at=at(20, 17))
    await filed(database, 2, due_at=at(23, 17))
    await filed(database, 3, state="moi", due_at=at(30, 17))
    await filed(database, 4, state="can_bo_sung", due_at=at(20, 17))
    await filed(database, 5, state="da_tra_loi", due_at=at(20, 17))
    await filed(database, 6, state="moi", confidential=True, type="to_cao", due_at=at(20, 17))
    text = await told(database, desk, at(23, 7, 30))
    head, _, warnings = text.partition("\n\n")
    assert head.split("\n") == [
        "**Việc hôm nay, thứ Hai 23/11/2026**",
        "Quá hạn: 1",
        "Hạn hôm nay: 1",
        "Mới, chờ nhận hoặc xem lại: 1",
        "Chờ người dân trả lời: 1",
        "Việc giữ kín: 1 (xem trên trang cán bộ)",
        "**Gấp nhất**",
        "PA-2026-000001-K · phản ánh · hạn thứ Sáu 20/11/2026",
        "PA-2026-000002-K · phản ánh · hạn thứ Hai 23/11/2026",
    ]
    assert warnings == "**Đã quá hạn**\nViệc giữ kín: 1 (xem trên trang cán bộ)"
    assert "Lan" not in text
    assert "0912" not in text


async def test_a_morning_without_work_is_quiet(database: Database, desk: Desk) -> None:
    assert await told(database, desk, at(23, 8)) == ""


async def test_many_warnings_are_one_message(database: Database, desk: Desk) -> None:
    await told(database, desk, at(23, 7, 30))
    for number in range(1, MOST_IN_WARNING + 6):
        await filed(database, number, due_at=at(23, 17))
    text = await told(database, desk, at(23, 9))
    assert text.count("PA-2026-") == MOST_IN_WARNING
    assert "… và 5 việc nữa" in text


async def test_a_deadline_that_moves_is_warned_of_anew(database: Database, desk: Desk) -> None:
    await filed(database, due_at=at(23, 17))
    await told(database, desk, at(23, 8))
    async with database.transaction() as transaction:
        case = await cases.get(transaction, "PA-2026-000001-K")
        assert case
        assert not await cases.count_warnings(transaction, replace(case, due_at=DUE), 3), "read before it moved"
        await cases.change(transaction, case, due_at=DUE, warned=0)
    assert await told(database, desk, at(24, 8)) == "", "mới, chờ: không có gì"
    assert "Ngày làm việc tới hết hạn" in await told(database, desk, at(25, 8))


async def test_a_digest_told_while_another_one_works_is_not_told_twice(database: Database, desk: Desk) -> None:
    await filed(database, due_at=at(20, 17))
    assert await told(database, desk, at(23, 8))
    assert not await warning.warn(database, desk, GROUP, now=at(23, 8))


# ---- closed by the program


async def test_what_nobody_objected_to_is_closed_at_night(database: Database, desk: Desk) -> None:
    now = at(30, 3)
    async with database.transaction() as transaction:
        lan = await people.recognise(transaction, "web", "lan", now=now)
    old, fresh = now - OBJECTION_TIME - timedelta(minutes=1), now - OBJECTION_TIME + timedelta(minutes=1)
    await filed(database, 1, state="da_tra_loi", answered_at=old, person_id=lan)
    await filed(database, 2, state="da_tra_loi", answered_at=fresh)
    await filed(database, 3, state="tu_choi", answered_at=old)
    await filed(database, 4, state="chua_xong", answered_at=old)
    assert await closing.close_settled(database, desk, now=lambda: now) == 2
    assert await closing.close_settled(database, desk, now=lambda: now) == 0
    async with database.transaction() as transaction:
        found = [await cases.get(transaction, f"PA-2026-{number:06}-K") for number in (1, 2, 3, 4)]
        (waiting,) = await notices.take(transaction, now=now, until=now + timedelta(minutes=5))
    assert [_state(case) for case in found] == ["dong", "da_tra_loi", "dong", "chua_xong"]
    assert "đã kết thúc" in waiting.body


def _state(case: Case | None) -> str:
    assert case
    return case.state
