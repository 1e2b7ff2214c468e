"""Fixtures of the channels: our own Telegram, services that point at it, time that flies instead of being waited."""

import ssl
from collections.abc import AsyncIterator, Iterator

import pytest

import handlers
from bot.config import Config
from bot.messages import Incoming, Reply
from handlers.services import Services
from tests.channels.shared import Desk, FlyingTime, fresh_settings, with_telegram
from tests.doubles import FakeTelegram, Person


@pytest.fixture(autouse=True)
def _no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own Telegram speaks plain HTTP; reading the machine's certificates takes 30 ms a client."""
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)


@pytest.fixture
def settings() -> Iterator[Config]:
    with fresh_settings() as fresh:
        yield fresh


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> FlyingTime:
    """The time of the Telegram channel and the intake."""
    return FlyingTime().rules(monkeypatch)


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
def at_telegram(services: Services, telegram: FakeTelegram) -> Services:
    """The services with Telegram in their settings."""
    return with_telegram(services, telegram.url)


@pytest.fixture
async def desk(at_telegram: Services, time: FlyingTime) -> AsyncIterator[Desk]:
    """The Telegram channel at work."""
    async with Desk(at_telegram) as working:
        yield working


@pytest.fixture
def lan(telegram: FakeTelegram) -> Person:
    return telegram.person("bà Lan")


@pytest.fixture
def minh(telegram: FakeTelegram) -> Person:
    return telegram.person("ông Minh")


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[Incoming]:
    """What reaches the conversation, which goes on as ever."""
    seen: list[Incoming] = []
    converse = handlers.converse

    async def listened(incoming: Incoming, services: Services) -> list[Reply]:
        seen.append(incoming)
        return await converse(incoming, services)

    monkeypatch.setattr(handlers, "converse", listened)
    return seen
