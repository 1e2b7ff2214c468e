"""The alarm about a dead channel, by a clock that the tests set: once an outage, on another channel, ended once."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from bot.health import Answer, Health
from bot.settings import Config, Telegram, ZaloBot
from bot.storage import channel_health, notices, official_chats, officials, people
from bot.storage.database import Database
from bot.storage.officials import Profile
from bot.texts import Texts
from bot.watchdog import alarm
from bot.watchdog.loop import Watchdog
from tests.conftest import NOW

GROUP = "-100123"
MINUTE = timedelta(minutes=1)


@dataclass
class House:
    """An installation whose platforms answer as the test wishes, minute by minute."""

    database: Database
    config: Config
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.texts = Texts.load(self.config.unit, self.config.files)
        self.answers: dict[str, Answer] = dict.fromkeys(("web", "telegram", "zalo_bot"), Answer())

    def process(self, *channels: str) -> Watchdog:
        """Return the watchdog of a process that runs these channels."""

        def ask(name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
            async def answer() -> Answer:
                return self.answers[name]

            return answer

        asks = {name: ask(name) for name in channels}
        return Watchdog(self.config, self.database, self.texts, Health(), asks, now=lambda: self.now)

    async def goes_on(self, minutes: int, *processes: Watchdog) -> list[tuple[int, str, str]]:
        """Let minutes pass, each process going its round; return minute, channel and first line of what was told."""
        told = []
        for minute in range(minutes):
            await asyncio.gather(*(process.go_round() for process in processes))
            told += [(minute, channel, line) for channel, line in await self._sent()]
            self.now += MINUTE
        return told

    async def _sent(self) -> list[tuple[str, str]]:
        async with self.database.transaction() as transaction:
            waiting = await notices.take(transaction, now=self.now, until=self.now + MINUTE)
            for notice in waiting:
                await notices.finish(transaction, notice.id, "delivered")
        return [(f"{n.channel} {n.address}", json.loads(n.body)["text"].partition("\n")[0]) for n in waiting]


@pytest.fixture
def house(database: Database, settings: Config) -> House:
    telegram = Telegram(token="1:a", staff_chat=GROUP)
    return House(database, replace(settings, telegram=telegram, zalo_bot=ZaloBot(token="1:b")))


async def hire(house: House, name: str, chats: Mapping[str, str], *, telegram: str | None = None) -> int:
    async with house.database.transaction() as transaction:
        profile = Profile(name, ("quan_tri",), "")
        official = await officials.create(transaction, name, profile, now=NOW)
        assert official
        if telegram:
            await officials.link_telegram(transaction, official, telegram)
        for channel, address in chats.items():
            person = await people.recognise(transaction, channel, address, now=NOW)
            await official_chats.link(transaction, official, person, now=NOW)
    return official


DEAD, STILL = "**Kênh Zalo Bot không hoạt động**", "**Kênh Zalo Bot vẫn chưa hoạt động, từ 08:40 23/11**"
BACK = "**Kênh Zalo Bot đã hoạt động trở lại.** Trước đó ngừng từ 08:40 23/11."
TO_GROUP = f"telegram {GROUP}"


async def test_one_alarm_an_outage_again_after_hours_and_one_at_its_end(house: House) -> None:
    process = house.process("web", "telegram", "zalo_bot")
    assert await house.goes_on(5, process) == []
    house.answers["zalo_bot"] = Answer("không hỏi được Zalo (ConnectError)")
    told = await house.goes_on(6 * 60, process)
    assert told == [(5, TO_GROUP, DEAD), (245, TO_GROUP, STILL)], "a dead channel is told within ten minutes"
    house.answers["zalo_bot"] = Answer()
    assert await house.goes_on(60, process) == [(5, TO_GROUP, BACK)]


async def test_a_channel_that_flutters_is_told_once(house: House) -> None:
    process = house.process("telegram", "zalo_bot")
    told = []
    for minute in range(60):
        house.answers["zalo_bot"] = Answer("Zalo không nhận mã bot", is_final=True) if minute % 3 else Answer()
        told += await house.goes_on(1, process)
    assert [line for _, _, line in told] == [DEAD]


async def test_two_processes_raise_one_alarm(house: House) -> None:
    one, two = house.process("web", "telegram", "zalo_bot"), house.process("web", "telegram", "zalo_bot")
    house.answers["zalo_bot"] = Answer("Zalo không nhận mã bot", is_final=True)
    assert await house.goes_on(30, one, two) == [(0, TO_GROUP, DEAD)]
    house.answers["zalo_bot"] = Answer()
    assert [line.partition(" đã")[0] for _, _, line in await house.goes_on(30, one, two)] == ["**Kênh Zalo Bot"]


async def test_a_channel_dies_with_its_process(house: House) -> None:
    web, zalo = house.process("web", "telegram"), house.process("zalo_bot")
    assert await house.goes_on(10, web, zalo) == []
    assert await house.goes_on(20, web) == [(4, TO_GROUP, DEAD)]
    assert [line.partition(" đã")[0] for _, _, line in await house.goes_on(20, web, zalo)] == ["**Kênh Zalo Bot"]


async def test_a_machine_that_was_off_at_night_raises_no_alarm(house: House) -> None:
    await house.goes_on(10, house.process("web", "telegram", "zalo_bot"))
    house.now += timedelta(hours=9)
    assert await house.goes_on(30, house.process("web"), house.process("telegram", "zalo_bot")) == []


@pytest.mark.parametrize(
    ("dead", "group", "readers"),
    [
        ("zalo_bot", GROUP, {f"telegram {GROUP}"}),
        ("zalo_bot", "", {"telegram 777"}),
        ("telegram", GROUP, {"zalo_bot hoa"}),
        ("telegram", "", {"zalo_bot hoa"}),
        ("web", GROUP, {f"telegram {GROUP}"}),
    ],
)
async def test_who_is_told(house: House, dead: str, group: str, readers: set[str]) -> None:
    house.config = replace(house.config, telegram=replace(house.config.telegram, staff_chat=group))
    await hire(house, "hoa", {"zalo_bot": "hoa"}, telegram="777")
    gone = await hire(house, "nghi", {"zalo_bot": "nghi"})
    async with house.database.transaction() as transaction:
        await officials.disable(transaction, gone, now=NOW)
    process = house.process("web", "telegram", "zalo_bot")
    house.answers[dead] = Answer("hỏng", is_final=True)
    assert {reader for _, reader, _ in await house.goes_on(15, process)} == readers


async def test_with_nobody_to_tell_the_log_and_the_pages_do(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.answers = dict.fromkeys(house.answers, Answer("mất mạng", is_final=True))
    assert await house.goes_on(15, house.process("web", "telegram", "zalo_bot")) == []
    assert caplog.text.count("không hoạt động: mất mạng") == 3
    async with house.database.transaction() as transaction:
        found = await alarm.states(transaction, house.config, now=house.now)
        kept = await channel_health.everything(transaction)
    assert {name for name, state in found.items() if state.is_dead} == {"web", "telegram", "zalo_bot"}
    assert all(row.dead_since for row in kept.values())


async def test_a_chat_belongs_to_one_official(house: House) -> None:
    first = await hire(house, "hoa", {"zalo_bot": "may-chung"})
    second = await hire(house, "binh", {"zalo_bot": "may-chung", "zalo_oa": "binh"})
    async with house.database.transaction() as transaction:
        assert await official_chats.of(transaction, first) == []
        own = await official_chats.of(transaction, second)
        assert [chat.channel for chat in own] == ["zalo_bot", "zalo_oa"]
        assert all([await official_chats.unlink(transaction, second, chat.id) for chat in own])
        assert await official_chats.everybody(transaction) == []


async def test_a_channel_that_nobody_started_is_told_and_so_is_its_start(house: House) -> None:
    web, second, zalo = house.process("web", "telegram"), house.process("telegram"), house.process("zalo_bot")
    assert [(at, line) for at, _, line in await house.goes_on(60, web, second)] == [(5, DEAD)]
    async with house.database.transaction() as transaction:
        found = await alarm.states(transaction, house.config, now=house.now)
    assert (found["zalo_bot"].is_dead, "--only zalo" in found["zalo_bot"].why) == (True, True)
    told = await house.goes_on(20, web, zalo)
    assert [(at, line.partition(" đã")[0]) for at, _, line in told] == [(5, "**Kênh Zalo Bot")]
