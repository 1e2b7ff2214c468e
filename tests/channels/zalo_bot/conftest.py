"""Fixtures of the Zalo bot: our own Bot Platform, the bot at work, polling or called, people who write to it."""

from collections.abc import AsyncIterator

import pytest

from handlers.services import Services
from tests.channels.shared import FlyingTime
from tests.channels.zalo import BotDesk, bot_at_work, with_bot
from tests.doubles_zalo_bot import BotFriend, FakeBotPlatform
from tests.doubles_zalo_cdn import FakeCdn


@pytest.fixture
async def zalo() -> AsyncIterator[FakeBotPlatform]:
    async with FakeBotPlatform() as server:
        yield server


@pytest.fixture
async def desk(services: Services, zalo: FakeBotPlatform, cdn: FakeCdn, time: FlyingTime) -> AsyncIterator[BotDesk]:
    async with bot_at_work(with_bot(services, zalo.url), zalo) as working:
        yield working


@pytest.fixture
async def called(services: Services, zalo: FakeBotPlatform, time: FlyingTime) -> AsyncIterator[BotDesk]:
    """The bot when Zalo calls us."""
    async with bot_at_work(with_bot(services, zalo.url, mode="webhook"), zalo) as working:
        await zalo.until(lambda: zalo.set_to)
        yield working


@pytest.fixture
def lan(zalo: FakeBotPlatform) -> BotFriend:
    return zalo.person()


@pytest.fixture
def minh(zalo: FakeBotPlatform) -> BotFriend:
    return zalo.person()
