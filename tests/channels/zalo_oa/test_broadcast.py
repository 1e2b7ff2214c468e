"""The right to speak for the account ends in the middle of a broadcast: everybody has the announcement once."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.broadcasting import approval
from bot.broadcasting.delivery import MOST_IN_FLIGHT
from bot.channels.zalo_oa import inbound
from bot.channels.zalo_oa.tokens import RETRY_SECONDS, RUNBOOK
from bot.storage import people, zalo_windows
from bot.storage.announcements import State
from bot.storage.broadcast_tables import recipients as table
from bot.storage.database import Database
from bot.storage.recipients import Standing
from handlers.services import Services
from tests.broadcasting.shared import MINUTE, AtWork, Commune
from tests.channels.shared import FlyingTime
from tests.channels.zalo import oa_at_work, with_oa
from tests.doubles_zalo import FakeOa, Follower

FOLLOWERS, EARLY = 40, 15


@pytest.fixture
def commune(database: Database, tmp_path: Path) -> Commune:
    return Commune(database, tmp_path)


@pytest.fixture
def at_zalo(services: Services, commune: Commune, zalo: FakeOa) -> Services:
    """The services on the commune's database and time."""
    return with_oa(replace(services, database=commune.database, now=commune.clock), zalo.url)


@pytest.fixture
async def followers(commune: Commune, zalo: FakeOa) -> list[Follower]:
    """Subscribers who have just written, so that Zalo takes a message to them."""
    followers, now = [zalo.person() for _ in range(FOLLOWERS)], commune.clock.now
    await commune.subscribe([one.id for one in followers], channel=inbound.NAME)
    async with commune.database.transaction() as transaction:
        for one in followers:
            person = await people.recognise(transaction, inbound.NAME, one.id, now=now)
            await zalo_windows.heard(transaction, person, at=now)
    return followers


def arrived(followers: Sequence[Follower]) -> int:
    return sum(len(one.seen) for one in followers)


async def stop_midway(sending: AtWork, zalo: FakeOa, followers: Sequence[Follower], *, is_lost: bool = False) -> None:
    """Let all tokens be worth nothing when some have the announcement and as many as may be are in flight."""
    await sending.tick()
    await zalo.until(lambda: arrived(followers) >= EARLY)
    held = zalo.hold("send", times=MOST_IN_FLIGHT)
    await zalo.until(lambda: not held.times)
    zalo.expire()
    if is_lost:
        zalo.refresh_token = "của ai khác"
    held.over.set()


async def test_a_token_that_expires_is_replaced_once_for_all_in_flight(
    commune: Commune, at_zalo: Services, zalo: FakeOa, followers: list[Follower], time: FlyingTime
) -> None:
    number = await commune.announce()
    async with oa_at_work(at_zalo, zalo) as desk, commune.working({inbound.NAME: desk.work.channel}) as sending:
        await stop_midway(sending, zalo, followers)
        assert len(zalo.said("refresh")) == 1
        assert arrived(followers) < FOLLOWERS
        await sending.until(lambda: commune.is_in(number, State.FINISHED))
    assert [len(one.seen) for one in followers] == [1] * FOLLOWERS
    assert await commune.counts(number) == {"delivered": FOLLOWERS}
    assert len(zalo.said("refresh")) == 2
    assert len(zalo.said("send")) == FOLLOWERS + MOST_IN_FLIGHT, "those in flight were sent again, nobody else was"


async def test_a_chain_that_is_lost_pauses_it_and_after_a_new_consent_it_goes_on(
    commune: Commune, at_zalo: Services, zalo: FakeOa, followers: list[Follower], time: FlyingTime
) -> None:
    number = await commune.announce()

    async def has_become(state: State) -> bool:
        async with commune.database.transaction() as transaction:
            in_flight = select(table.c.person_id).where(table.c.state == Standing.IN_FLIGHT)
            is_idle = (await transaction.execute(in_flight)).first() is None
        if is_idle:  # a message in flight while a minute passes would count as left by a crash
            commune.clock.passes(MINUTE)
            time.now += RETRY_SECONDS
        return await commune.is_in(number, state)

    async with oa_at_work(at_zalo, zalo) as desk, commune.working({inbound.NAME: desk.work.channel}) as sending:
        await stop_midway(sending, zalo, followers, is_lost=True)
        await sending.until(lambda: has_become(State.PAUSED))
    early = arrived(followers)
    assert await commune.counts(number) == {"delivered": early, "pending": FOLLOWERS - early}
    assert RUNBOOK in (await commune.find(number)).note
    assert RUNBOOK in at_zalo.health.of(inbound.NAME).last_error

    zalo.refresh_token = "đồng-ý-lại"
    consented = with_oa(at_zalo, zalo.url, refresh_token=zalo.refresh_token)
    await commune.decide(approval.resume, number)
    async with oa_at_work(consented, zalo) as desk, commune.working({inbound.NAME: desk.work.channel}) as sending:
        await sending.until(lambda: has_become(State.FINISHED))
    assert [len(one.seen) for one in followers] == [1] * FOLLOWERS
    assert await commune.counts(number) == {"delivered": FOLLOWERS}
