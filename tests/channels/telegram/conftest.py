"""Telegram called from outside, and its outbox alone."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from telegram import Bot

from bot.channels.telegram.outbound import Outbox
from bot.channels.web.app import create_app
from handlers.services import Services
from tests.channels.shared import Desk, FlyingTime
from tests.doubles import TOKEN, FakeTelegram


@pytest.fixture
async def outbox(services: Services, telegram: FakeTelegram, time: FlyingTime) -> AsyncIterator[Outbox]:
    async with Bot(TOKEN, base_url=f"{telegram.url}/bot") as bot:
        yield Outbox(bot, services.files, services.texts, rate=25)


SITE = "https://tro-ly.xa"


@pytest.fixture
async def called(at_telegram: Services) -> Services:
    """The services when Telegram calls us."""
    config = at_telegram.config
    telegram, web = replace(config.telegram, mode="webhook"), replace(config.web, public_url=SITE)
    return replace(at_telegram, config=replace(config, telegram=telegram, web=web))


@pytest.fixture
async def called_desk(called: Services, time: FlyingTime, telegram: FakeTelegram) -> AsyncIterator[Desk]:
    async with Desk(called) as desk:
        await telegram.until(lambda: telegram.webhook)
        yield desk


@pytest.fixture
async def outside(called: Services, called_desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who reaches our address from outside."""
    app = create_app(called, routes=called_desk.channel.routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as client:
        yield client
