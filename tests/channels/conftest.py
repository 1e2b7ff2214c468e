"""Fixtures of the channels: our own Telegram, services that point at it, time that flies instead of being waited."""

import logging
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import handlers
from bot import assembly
from bot.channels import fetching
from bot.messages import Incoming, Reply
from bot.settings import Config
from handlers.services import Services
from tests.channels.shared import Desk, FlyingTime, fresh_settings, with_telegram
from tests.doubles import FakeTelegram, Person
from tests.doubles_zalo_cdn import FakeCdn


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
async def cdn(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeCdn]:
    """Where Zalo keeps what people send."""
    async with FakeCdn() as server:
        monkeypatch.setattr(fetching, "new_client", server.client)
        yield server


@pytest.fixture
def lan(telegram: FakeTelegram) -> Person:
    return telegram.person("bà Lan")


@pytest.fixture
def minh(telegram: FakeTelegram) -> Person:
    return telegram.person("ông Minh")


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Logs as the program sets them, everything of ours at DEBUG; put back afterwards."""
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    assembly.quiet_logs()
    caplog.set_level(logging.DEBUG)
    for name in ("bot", "handlers", "knowledge"):
        caplog.set_level(logging.DEBUG, logger=name)
    yield caplog
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[Incoming]:
    """What reaches the conversation, which goes on as ever."""
    seen: list[Incoming] = []
    converse = handlers.converse

    async def listened(incoming: Incoming, services: Services, **more: Any) -> list[Reply]:
        seen.append(incoming)
        return await converse(incoming, services, **more)

    monkeypatch.setattr(handlers, "converse", listened)
    return seen
