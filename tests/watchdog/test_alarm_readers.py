"""Who can hear of a dead channel now, and that an alarm nobody could hear is told as soon as somebody can."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.health import Answer
from bot.settings import Config, Telegram, ZaloBot, ZaloOa
from bot.storage import people, zalo_windows
from bot.storage.database import Database
from tests.conftest import NOW
from tests.watchdog.test_alarm import GROUP, TO_GROUP, House, hire

NO_NETWORK = Answer("mất mạng")
OA = ZaloOa(app_id="1", secret="a", oa_secret="b")


@pytest.fixture
def house(database: Database, settings: Config) -> House:
    found = House(
        database, replace(settings, telegram=Telegram(token="1:a", staff_chat=GROUP), zalo_bot=ZaloBot("1:b"))
    )
    found.answers["zalo_oa"] = Answer()
    return found


async def test_what_nobody_could_hear_is_told_as_soon_as_the_line_is_back(house: House) -> None:
    process = house.process("telegram", "zalo_bot")
    assert await house.goes_on(10, process) == []
    house.answers |= {"telegram": NO_NETWORK, "zalo_bot": NO_NETWORK}
    assert await house.goes_on(12, process) == []
    house.answers |= {"telegram": Answer(), "zalo_bot": Answer("Zalo không nhận mã bot", is_final=True)}
    told = await house.goes_on(30, process)
    assert [minute for minute, reader, line in told if "Zalo Bot không" in line and reader == TO_GROUP] == [0]


async def test_a_hiccup_of_the_other_channel_delays_nothing(house: House) -> None:
    process = house.process("telegram", "zalo_bot")
    await house.goes_on(10, process)
    house.answers |= {"telegram": Answer("502"), "zalo_bot": Answer("Zalo không nhận mã bot", is_final=True)}
    assert [(minute, reader) for minute, reader, _ in await house.goes_on(1, process)] == [(0, TO_GROUP)]


@pytest.mark.parametrize(
    ("silent", "used", "more", "hears"),
    [
        (timedelta(hours=1), 0, {}, True),
        (timedelta(hours=49), 0, {}, False),
        (timedelta(hours=1), 8, {}, False),
        (timedelta(hours=49), 0, {"paid": True}, True),
        (timedelta(days=8), 0, {"paid": True}, False),
        (timedelta(days=8), 0, {"template_id": "7"}, True),
        (None, 0, {}, False),
    ],
)
async def test_a_chat_with_the_official_account_hears_while_zalo_takes_messages_to_it(
    house: House, silent: timedelta | None, used: int, more: dict[str, object], hears: bool
) -> None:
    house.config = replace(
        house.config,
        telegram=Telegram(token="1:a"),
        zalo_oa=replace(OA, **more),  # type: ignore[arg-type]
    )
    await hire(house, "hoa", {"zalo_oa": "hoa"})
    if silent:
        async with house.database.transaction() as transaction:
            person = await people.recognise(transaction, "zalo_oa", "hoa", now=NOW)
            await zalo_windows.heard(transaction, person, at=NOW - silent)
            for _ in range(used):
                await zalo_windows.use_reply(transaction, person)
    house.answers["zalo_bot"] = Answer("Zalo không nhận mã bot", is_final=True)
    told = await house.goes_on(1, house.process("zalo_bot", "zalo_oa"))
    assert [reader for _, reader, _ in told] == (["zalo_oa hoa"] if hears else [])


async def test_who_writes_to_the_account_again_hears_of_what_is_still_dead(house: House) -> None:
    house.config = replace(house.config, telegram=Telegram(), zalo_oa=OA)
    await hire(house, "hoa", {"zalo_oa": "hoa"})
    house.answers["zalo_bot"] = Answer("Zalo không nhận mã bot", is_final=True)
    process = house.process("zalo_bot", "zalo_oa")
    assert await house.goes_on(20, process) == []
    async with house.database.transaction() as transaction:
        person = await people.recognise(transaction, "zalo_oa", "hoa", now=house.now)
        await zalo_windows.heard(transaction, person, at=house.now)
    assert [(minute, reader) for minute, reader, _ in await house.goes_on(20, process)] == [(0, "zalo_oa hoa")]
