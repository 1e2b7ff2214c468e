"""What the tests of several channels use: settings for our own Telegram, the channel at work, time that flies."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import pytest
from sqlalchemy import select

from bot import config
from bot.channels import delivery, fetching, intake
from bot.channels.telegram import downloads, inbound, outbound, service
from bot.channels.telegram.service import TelegramChannel
from bot.channels.zalo_bot import service as zalo_bot
from bot.channels.zalo_bot.service import ZaloBotChannel
from bot.channels.zalo_oa import outbound as zalo_oa
from bot.channels.zalo_oa import tokens
from bot.channels.zalo_oa.service import ZaloOaChannel
from bot.settings import Config
from bot.storage import inbox
from handlers.services import Services
from tests.doubles import PATIENCE, TOKEN, FakeTelegram


@contextmanager
def fresh_settings() -> Iterator[Config]:
    """The shipped settings on a new SQLite file and folder, in memory where the machine can: none is about the disk."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as home:
        environment = {"MOTCUA_DATABASE__URL": f"sqlite:///{home}/motcua.db", "MOTCUA_FILES__FOLDER": f"{home}/tep"}
        yield config.load(environment)


def with_telegram(services: Services, url: str) -> Services:
    """Return services whose settings point at our own Telegram."""
    settings = replace(services.config.telegram, token=TOKEN, api_url=url)
    return replace(services, config=replace(services.config, telegram=settings))


AnyChannel = TypeVar("AnyChannel", TelegramChannel, ZaloBotChannel, ZaloOaChannel)


class AtWork(Generic[AnyChannel]):
    """A channel at work, an async context."""

    def __init__(self, services: Services, channel: AnyChannel, name: str) -> None:
        self._services, self._name = services, name
        self.channel: AnyChannel = channel

    async def __aenter__(self) -> Self:
        self._working = asyncio.create_task(self.channel.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._working.cancel()
        await asyncio.gather(self._working, return_exceptions=True)
        await self.channel.close()
        if not self._working.cancelled() and kind is None:
            self._working.result()

    async def idles(self) -> int:
        """Wait until every update kept so far is acted on; return how many are in quarantine."""
        async with asyncio.timeout(PATIENCE):
            while True:
                async with self._services.database.transaction() as transaction:
                    waits, broken = await inbox.backlog(transaction, self._name)
                if not waits:
                    return broken
                await asyncio.sleep(0.005)


class Desk(AtWork[TelegramChannel]):
    """The Telegram channel at work: a restart is a new desk on the same services."""

    def __init__(self, services: Services) -> None:
        super().__init__(services, TelegramChannel(services), inbound.NAME)

    async def answered(self, telegram: FakeTelegram, *updates: int) -> int:
        """Wait until these updates are kept and everything kept is acted on; return how many are in quarantine."""
        await telegram.until(lambda: all(telegram.is_confirmed(number) for number in updates))
        return await self.idles()


async def rows(services: Services, table: Any) -> list[dict[str, Any]]:
    """Return all rows of a table."""
    async with services.database.transaction() as transaction:
        return [dict(row) for row in (await transaction.execute(select(table))).mappings()]


class FlyingTime:
    """Time in which every sleep is over at once, and `now` has moved on by as much."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def rules(self, monkeypatch: pytest.MonkeyPatch) -> Self:
        """Let this be the time of the channels and their intake; Zalo's tokens are looked after at the real pace."""
        for module in (outbound, downloads, service, intake, delivery, fetching, zalo_bot, zalo_oa):
            monkeypatch.setattr(module, "asyncio", _Asyncio(self))
        for module in (outbound, service, intake, delivery, tokens):
            monkeypatch.setattr(module, "time", self, raising=False)
        return self

    async def flies(self, times: int) -> None:
        """Wait until somebody has slept so many times."""
        async with asyncio.timeout(PATIENCE):
            while len(self.slept) < times:  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0.001)


class _Asyncio:
    """asyncio with another sleep."""

    def __init__(self, time: FlyingTime) -> None:
        self.sleep = time.sleep

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)
