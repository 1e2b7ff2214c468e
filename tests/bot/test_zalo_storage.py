"""Zalo's windows and updates that come together, on SQLite and on PostgreSQL."""

import asyncio
from datetime import timedelta

from bot.storage import inbox, people, zalo_windows
from bot.storage.database import Database
from bot.storage.zalo_windows import Window
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)


async def lan(database: Database) -> int:
    async with database.transaction() as transaction:
        return await people.recognise(transaction, "zalo_oa", "246845883529197922", now=NOW)


async def test_a_window_opens_counts_and_opens_anew(database: Database) -> None:
    person = await lan(database)
    async with database.transaction() as transaction:
        assert await zalo_windows.find(transaction, "zalo_oa", "246845883529197922") is None
        await zalo_windows.heard(transaction, person, at=NOW)
        await zalo_windows.use_reply(transaction, person)
        await zalo_windows.heard(transaction, person, at=NOW - MINUTE)
        found = await zalo_windows.find(transaction, "zalo_oa", "246845883529197922")
        assert found == Window(person, NOW, 1), "a late event changes nothing"
        await zalo_windows.heard(transaction, person, at=NOW + MINUTE)
        found = await zalo_windows.find(transaction, "zalo_oa", "246845883529197922")
        assert found == Window(person, NOW + MINUTE, 0)
        assert await zalo_windows.find(transaction, "zalo_bot", "246845883529197922") is None


async def test_replies_sent_at_once_are_all_counted(database: Database) -> None:
    person = await lan(database)

    async def reply() -> None:
        async with database.transaction() as transaction:
            await zalo_windows.find(transaction, "zalo_oa", "246845883529197922")
            await zalo_windows.use_reply(transaction, person)

    async with database.transaction() as transaction:
        await zalo_windows.heard(transaction, person, at=NOW)
    await asyncio.gather(*(reply() for _ in range(20)))
    async with database.transaction() as transaction:
        found = await zalo_windows.find(transaction, "zalo_oa", "246845883529197922")
    assert found == Window(person, NOW, 20)


async def test_a_window_is_forgotten_with_its_person(database: Database) -> None:
    person = await lan(database)
    async with database.transaction() as transaction:
        await zalo_windows.heard(transaction, person, at=NOW)
        await people.purge(transaction, before=NOW + MINUTE)
        assert await zalo_windows.find(transaction, "zalo_oa", "246845883529197922") is None


async def test_updates_that_come_together_are_kept_once_each(database: Database) -> None:
    async with database.transaction() as transaction:
        await inbox.store_all(transaction, "zalo_oa", [("1", "{một}"), ("2", "{hai}"), ("1", "{lại}")], now=NOW)
        await inbox.store_all(transaction, "zalo_oa", [("2", "{lại}"), ("3", "{ba}")], now=NOW)
        await inbox.store_all(transaction, "zalo_bot", [("1", "{khác}")], now=NOW)
        assert [update.body for update in await inbox.waiting(transaction, "zalo_oa")] == ["{một}", "{hai}", "{ba}"]
        assert [update.body for update in await inbox.waiting(transaction, "zalo_bot")] == ["{khác}"]
