"""The chain of tokens is never torn by us: not by two who refresh at once, by a crash, by a full disk, by a stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.channels.zalo_oa.tokens import RETRY_SECONDS, TokenKeeper
from bot.health import ChannelHealth
from bot.messages import DeliveryError, DeliveryOutcome
from bot.settings import Config
from bot.storage import zalo_tokens
from bot.storage.database import Database, StorageError, upgrade
from tests.channels.shared import FlyingTime
from tests.channels.zalo import NOW_MS, oa_settings
from tests.conftest import NOW
from tests.doubles_zalo import APP_ID, FIRST_REFRESH, FakeOa

HOUR = timedelta(hours=1)


class Clock:
    """What time it is in Viet Nam, as long as a test says so."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def zalo() -> AsyncIterator[FakeOa]:
    async with FakeOa(now_ms=NOW_MS) as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@asynccontextmanager
async def process(
    zalo: FakeOa, database: Database, clock: Clock, *, refresh: str = FIRST_REFRESH
) -> AsyncIterator[TokenKeeper]:
    """The keeper of one running program."""
    settings = replace(oa_settings(zalo.url), refresh_token=refresh)
    async with httpx.AsyncClient(trust_env=False) as client:
        yield TokenKeeper(settings, database, client, now=clock)


async def kept(database: Database) -> zalo_tokens.Tokens:
    async with database.transaction() as transaction:
        tokens = await zalo_tokens.load(transaction, APP_ID)
    assert tokens
    return tokens


async def test_the_first_token_comes_from_the_settings_and_the_next_from_zalo(
    database: Database, zalo: FakeOa, clock: Clock
) -> None:
    async with process(zalo, database, clock) as keeper:
        access = await keeper.current()
        assert access in zalo.access
        clock.now += 23 * HOUR
        assert await keeper.current() == access, "good for 25 hours"
        clock.now += 2 * HOUR
        assert await keeper.current() in zalo.access - {access}
    assert zalo.said("refresh")[0]["refresh_token"] == FIRST_REFRESH
    assert (await kept(database)).refresh == zalo.refresh_token


async def test_a_restart_goes_on_with_the_chain_in_the_database(database: Database, zalo: FakeOa, clock: Clock) -> None:
    async with process(zalo, database, clock) as keeper:
        access = await keeper.current()
    async with process(zalo, database, clock) as keeper:
        assert await keeper.current() == access
        clock.now += 26 * HOUR
        await keeper.current()
    assert len(zalo.said("refresh")) == 2


async def test_many_who_ask_at_once_refresh_once(database: Database, zalo: FakeOa, clock: Clock) -> None:
    """Two programs on one database: Zalo is asked once, and both speak with the same token."""
    async with process(zalo, database, clock) as one, process(zalo, database, clock) as two:
        for _ in range(3):
            given = await asyncio.gather(*(keeper.current() for keeper in (one, two) * 8))
            assert len(set(given)) == 1
            clock.now += 26 * HOUR
    assert len(zalo.said("refresh")) == 3


async def test_a_rejected_token_is_replaced_once_by_all(database: Database, zalo: FakeOa, clock: Clock) -> None:
    async with process(zalo, database, clock) as one, process(zalo, database, clock) as two:
        old = await one.current()
        assert await two.current() == old
        zalo.expire()
        fresh = await asyncio.gather(*(keeper.current(rejected=old) for keeper in (one, two) * 4))
    assert set(fresh) == zalo.access
    assert len(zalo.said("refresh")) == 2


async def test_it_is_refreshed_six_hours_ahead(
    monkeypatch: pytest.MonkeyPatch, database: Database, zalo: FakeOa, clock: Clock
) -> None:
    monkeypatch.setattr("bot.channels.zalo_oa.tokens.CHECK_SECONDS", 0.005)
    async with process(zalo, database, clock) as keeper:
        working = asyncio.create_task(keeper.keep_fresh(ChannelHealth()))
        await keeper.current()
        clock.now += 18 * HOUR
        await asyncio.sleep(0.05)
        assert len(zalo.said("refresh")) == 1
        clock.now += 2 * HOUR
        await zalo.until(lambda: len(zalo.said("refresh")) == 2)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


@pytest.mark.parametrize(
    ("lasts", "hours"), [("90000", 25), (90000, 25), ("một ngày", 1), (None, 1), ("9" * 30, 30 * 24)]
)
async def test_the_life_of_a_token_is_a_string_or_whatever(
    database: Database, zalo: FakeOa, clock: Clock, lasts: object, hours: int
) -> None:
    zalo.lasts = lasts
    async with process(zalo, database, clock) as keeper:
        await keeper.current()
    assert (await kept(database)).expires_at == NOW + hours * HOUR


async def test_an_answer_kept_but_not_read_before_a_crash_is_read_after_it(
    database: Database, zalo: FakeOa, clock: Clock
) -> None:
    async with process(zalo, database, clock) as keeper:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(zalo_tokens, "renew", _power_cut)
            with pytest.raises(PowerCut):
                await keeper.current()
    clock.now += 5 * HOUR
    async with process(zalo, database, clock) as keeper:
        assert await keeper.current() in zalo.access
    assert len(zalo.said("refresh")) == 1
    tokens = await kept(database)
    assert tokens.expires_at == NOW + 25 * HOUR, "counted from Zalo's answer"
    assert tokens.answer is None


class PowerCut(Exception):
    """The machine is off."""


async def _power_cut(*_: Any, **__: Any) -> None:
    raise PowerCut


async def test_a_full_disk_does_not_lose_the_answer(
    monkeypatch: pytest.MonkeyPatch, database: Database, zalo: FakeOa, clock: Clock
) -> None:
    keep, failures = zalo_tokens.keep_answer, iter([True, False])

    async def fails_once(*given: Any, **more: Any) -> None:
        if next(failures):
            raise StorageError("ổ đĩa đã đầy")
        await keep(*given, **more)

    monkeypatch.setattr(zalo_tokens, "keep_answer", fails_once)
    async with process(zalo, database, clock) as keeper:
        assert await keeper.current() in zalo.access


async def test_a_stop_waits_for_the_answer(database: Database, zalo: FakeOa, clock: Clock) -> None:
    held = zalo.hold("refresh")
    async with process(zalo, database, clock) as keeper:
        asking = asyncio.create_task(keeper.current())
        await zalo.until(lambda: zalo.said("refresh"))
        asking.cancel()
        await asyncio.sleep(0.01)
        held.over.set()
        await asyncio.gather(asking, return_exceptions=True)
        assert asking.cancelled()
    async with process(zalo, database, clock) as keeper:
        assert await keeper.current() in zalo.access
    assert len(zalo.said("refresh")) == 1


async def test_a_process_that_died_while_asking_holds_up_the_others_for_a_minute(
    database: Database, zalo: FakeOa, clock: Clock
) -> None:
    async with process(zalo, database, clock) as keeper:
        async with database.transaction() as transaction:
            await zalo_tokens.begin(transaction, APP_ID, FIRST_REFRESH, seed="khác")
            assert await zalo_tokens.lease(transaction, APP_ID, FIRST_REFRESH, now=NOW, until=NOW + 60 * HOUR / 3600)
            assert not await zalo_tokens.lease(transaction, APP_ID, FIRST_REFRESH, now=NOW, until=NOW + HOUR)
        keeper._begun = True
        clock.now += 61 * HOUR / 3600
        assert await keeper.current() in zalo.access


# ---- Zalo is away, or refuses


@pytest.mark.parametrize(("code", "said"), [(502, '{"error": -1}'), (200, "đăng nhập wifi"), (200, "\0\x01")])
async def test_a_server_in_trouble_does_not_cost_the_chain(
    database: Database, zalo: FakeOa, clock: Clock, time: FlyingTime, code: int, said: str
) -> None:
    zalo.fail("refresh", code, said)
    async with process(zalo, database, clock) as keeper:
        with pytest.raises(DeliveryError) as error:
            await keeper.current()
        assert error.value.outcome is DeliveryOutcome.FAILED
        assert keeper.trouble == ""
        time.now += error.value.retry_after or 0
        assert await keeper.current() in zalo.access


async def test_no_network_is_waited_out(database: Database, zalo: FakeOa, clock: Clock, time: FlyingTime) -> None:
    away = replace(oa_settings(zalo.url), oauth_url="http://127.0.0.1:9")
    async with httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(DeliveryError, match="ConnectError"):
            await TokenKeeper(away, database, client, now=clock).current()
    async with process(zalo, database, clock) as keeper:
        assert await keeper.current() in zalo.access, "the lease was given back"


async def test_a_lost_chain_is_told_and_started_again_with_a_new_consent(
    database: Database, zalo: FakeOa, clock: Clock, time: FlyingTime, caplog: pytest.LogCaptureFixture
) -> None:
    async with process(zalo, database, clock) as keeper:
        access = await keeper.current()
        zalo.refresh_token = "cua-nguoi-khac"
        clock.now += 20 * HOUR
        assert await keeper.current() == access, "the old one still serves"
        clock.now += 6 * HOUR
        for _ in range(3):
            with pytest.raises(DeliveryError) as error:
                await keeper.current()
            assert error.value.outcome is DeliveryOutcome.FAILED
            assert error.value.retry_after
        assert len(zalo.said("refresh")) == 2, "Zalo is not asked by everybody who waits"
        assert "zalo-mat-quyen.md" in keeper.trouble
        assert "mã -14014" in caplog.text
        lost = clock.now
        time.now, clock.now = time.now + RETRY_SECONDS, clock.now + HOUR
        with pytest.raises(DeliveryError):
            await keeper.current()
        assert (await kept(database)).lost_at == lost, "since when, not the last time it was tried"
    async with process(zalo, database, clock) as keeper:
        with pytest.raises(DeliveryError):
            await keeper.current()
        assert keeper.trouble, "a restart alone mends nothing"
    async with process(zalo, database, clock, refresh="cua-nguoi-khac") as keeper:
        assert await keeper.current() in zalo.access
        assert keeper.trouble == ""
    assert (await kept(database)).lost_at is None
    assert not any(secret in caplog.text for secret in (access, FIRST_REFRESH, "cua-nguoi-khac"))


async def test_a_late_answer_to_an_old_token_changes_nothing(database: Database) -> None:
    """A program that hung with its lease run out does not overwrite what another one got since."""
    async with database.transaction() as transaction:
        assert await zalo_tokens.begin(transaction, APP_ID, "một", seed="1")
        assert not await zalo_tokens.begin(transaction, APP_ID, "một", seed="1")
        await zalo_tokens.renew(transaction, APP_ID, "một", zalo_tokens.Tokens("hai", "a", NOW, None, None, None))
        await zalo_tokens.keep_answer(transaction, APP_ID, "một", "{}", now=NOW)
        await zalo_tokens.drop_answer(transaction, APP_ID, "một", lost_at=NOW)
        assert await zalo_tokens.load(transaction, APP_ID) == zalo_tokens.Tokens("hai", "a", NOW, None, None, None)
        assert await zalo_tokens.begin(transaction, APP_ID, "ba", seed="2")
        assert await zalo_tokens.load(transaction, APP_ID) == zalo_tokens.Tokens("ba", "", None, None, None, None)


async def test_the_shipped_migrations_make_the_tables(settings: Config) -> None:
    upgrade(settings.database.url)
    database = Database.open(settings.database.url)
    async with database.transaction() as transaction:
        assert await zalo_tokens.load(transaction, APP_ID) is None
    await database.close()
