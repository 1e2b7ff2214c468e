"""What the tests of events share: an event, a quiz, what people were told."""

import json
from datetime import datetime, timedelta
from typing import Any

from bot.events import planning, questions
from bot.settings import Unit
from bot.storage import events, notices, people, quizzes
from bot.storage.database import Database, Transaction
from bot.storage.event_tables import events as event_table
from bot.storage.events import Event, Plan
from bot.texts import Texts
from tests.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEXTS = Texts.load(Unit())
STARTS = datetime(2026, 11, 28, 8, 0, tzinfo=NOW.tzinfo)  # a Saturday
PLAN: dict[str, Any] = {
    "name": "Tập huấn dịch vụ công trực tuyến",
    "place": "Nhà văn hóa thôn Đông",
    "details": "Mang theo điện thoại, căn cước.",
    "starts_at": STARTS,
    "ends_at": STARTS + 3 * HOUR,
    "sign_up_until": STARTS - 12 * HOUR,
    "seats": 2,
    "announcement_id": None,
}
QUESTIONS = """Câu 1: Đăng ký khai sinh trong bao nhiêu ngày?
A. 30 ngày
B. 60 ngày
Đáp án: B
Giải thích: Luật Hộ tịch, Điều 15.

Câu 2: Cấp xã có mấy cửa?
A. Một
B. Hai
C. Ba
Đáp án: A"""
QUIZ: dict[str, Any] = {
    "name": "Thi tìm hiểu CCHC",
    "intro": "Có giải thưởng.",
    "opens_at": NOW,
    "closes_at": NOW + 5 * DAY,
    "announcement_id": None,
}


def plan(**values: Any) -> Plan:
    return Plan(**PLAN | values)


async def planned(database: Database, **values: Any) -> int:
    """Keep an event; return its id."""
    async with database.transaction() as transaction:
        return await planning.create(transaction, plan(**values), now=NOW)


async def opened(database: Database, **values: Any) -> int:
    """Keep a quiz of two questions; return its id."""
    async with database.transaction() as transaction:
        asked = questions.read(QUESTIONS)
        return await quizzes.add(transaction, quizzes.Plan(**QUIZ | values), asked, now=NOW)


async def the_event(transaction: Transaction, number: int) -> Event:
    found = await events.get(transaction, number, lock=True)
    assert found
    return found


async def someone(transaction: Transaction, address: str) -> int:
    return await people.recognise(transaction, "web", address, now=NOW)


async def told(database: Database, now: datetime) -> list[tuple[str, str]]:
    """Return what people were told since it was asked last, in order: address and words."""
    async with database.transaction() as transaction:
        waiting = await notices.take(transaction, now=now, until=now + DAY, limit=1_000)
        for notice in waiting:
            await notices.finish(transaction, notice.id, "delivered")
    return [(notice.address, json.loads(notice.body)["text"]) for notice in waiting]


TAKEN = event_table.c.taken
