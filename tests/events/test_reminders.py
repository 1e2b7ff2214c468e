"""Reminders of events: at a decent hour, once, anew when an event moves."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.events import planning, reminders, taking_part
from bot.officials.refused import Refused
from bot.storage import events
from bot.storage.database import Database
from tests.conftest import NOW
from tests.events.shared import DAY, HOUR, STARTS, TEXTS, plan, planned, someone, the_event, told


@pytest.mark.parametrize(
    ("starts", "day", "hour"),
    [
        ("08:00", "27 08:00", "28 07:00"),
        ("07:00", "27 07:00", "28 06:30"),
        ("06:00", "27 06:30", "28 06:30"),  # after it has begun: left out
        ("21:30", "27 20:00", "28 20:30"),
        ("22:30", "27 20:00", "28 20:00"),
    ],
)
def test_reminders_come_at_a_decent_hour(starts: str, day: str, hour: str) -> None:
    at = datetime.fromisoformat(f"2026-11-28T{starts}").replace(tzinfo=NOW.tzinfo)
    event = events.Event(
        id=1, taken=0, sequence=0, cancelled_at=None, created_at=NOW, changed_at=NOW, **_fields(starts_at=at)
    )
    assert f"{reminders.day_before(event):%d %H:%M}" == day
    assert f"{reminders.hour_before(event):%d %H:%M}" == hour


def _fields(**values: object) -> dict[str, Any]:
    return {name: getattr(plan(**values), name) for name in events.Plan.__dataclass_fields__}


async def test_everybody_who_comes_is_reminded_once_a_day_and_an_hour_before(database: Database) -> None:
    number = await planned(database, seats=1)
    async with database.transaction() as transaction:
        lan, hung = await someone(transaction, "lan"), await someone(transaction, "hung")
        for person in (lan, hung):
            await taking_part.sign_up(transaction, await the_event(transaction, number), person, now=NOW)
    moment, heard = NOW, list[tuple[str, str, str]]()
    while moment < STARTS + HOUR:
        await asyncio.gather(*(reminders.remind(database, TEXTS, now=moment) for _ in range(2)))
        heard += [(f"{moment:%d %H:%M}", *one) for one in await told(database, moment)]
        moment += timedelta(minutes=30)
    assert [(at, who) for at, who, _ in heard] == [("27 08:00", "lan"), ("28 07:00", "lan")]
    assert "Nhắc ông/bà" in heard[0][2]
    assert "Sắp đến giờ" in heard[1][2]


async def test_a_reminder_that_was_missed_is_left_out_and_the_newcomer_knows_already(database: Database) -> None:
    number = await planned(database, sign_up_until=STARTS)
    async with database.transaction() as transaction:
        lan, hung = await someone(transaction, "lan"), await someone(transaction, "hung")
        await taking_part.sign_up(transaction, await the_event(transaction, number), lan, now=NOW)
        at = STARTS - HOUR / 2
        await taking_part.sign_up(transaction, await the_event(transaction, number), hung, now=at)
    await reminders.remind(database, TEXTS, now=at)  # the machine was off until now
    ((who, words),) = await told(database, at)
    assert who == "lan"
    assert "Sắp đến giờ" in words
    assert await reminders.remind(database, TEXTS, now=STARTS) == 0


async def test_an_event_that_moved_is_told_and_reminded_of_anew(database: Database) -> None:
    number = await planned(database)
    async with database.transaction() as transaction:
        lan = await someone(transaction, "lan")
        await taking_part.sign_up(transaction, await the_event(transaction, number), lan, now=NOW)
    day_before = STARTS - DAY
    assert await reminders.remind(database, TEXTS, now=day_before) == 1
    async with database.transaction() as transaction:
        other = plan(starts_at=STARTS + 2 * DAY, ends_at=STARTS + 2 * DAY + HOUR)
        assert await planning.change(transaction, number, other, TEXTS, now=day_before)
        assert (await the_event(transaction, number)).sequence == 1
    assert await reminders.remind(database, TEXTS, now=STARTS - HOUR) == 0
    assert await reminders.remind(database, TEXTS, now=STARTS + DAY) == 1
    heard = [words for _, words in await told(database, STARTS + DAY)]
    assert "đã thay đổi" in heard[1]
    assert "8:00–9:00 thứ Hai 30/11/2026" in heard[1]
    async with database.transaction() as transaction:
        await planning.cancel(transaction, number, TEXTS, now=STARTS + DAY)
        with pytest.raises(Refused, match="đã hủy"):
            await planning.change(transaction, number, plan(), TEXTS, now=NOW)
    ((_, words),) = await told(database, STARTS + DAY)
    assert "không tổ chức nữa" in words
    assert await reminders.remind(database, TEXTS, now=STARTS + 2 * DAY - HOUR) == 0
