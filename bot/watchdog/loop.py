"""The watch of one process: it tells of its own channels and looks at all."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.health import Ask, Health
from bot.settings import Config
from bot.storage.database import Database, StorageError
from bot.texts import Texts
from bot.watchdog import alarm, pulse

log = logging.getLogger(__name__)

ROUND_SECONDS = 60.0


class Watchdog:
    """Every process has one, so that a channel is watched as long as any other process lives."""

    def __init__(
        self,
        config: Config,
        database: Database,
        texts: Texts,
        health: Health,
        asks: Mapping[str, Ask],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._config, self._database, self._texts, self._health = config, database, texts, health
        self._asks, self._now = asks, now
        self._since = now()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            try:
                await self.go_round()
            except StorageError as error:
                log.error("chưa xem được tình trạng các kênh: %s", error)
            await asyncio.sleep(ROUND_SECONDS)

    async def go_round(self) -> None:
        """Tell of this process's channels, then raise and end alarms."""
        if self._asks:
            await pulse.tell(self._database, self._health, self._asks, now=self._now())
        await alarm.watch(self._database, self._config, self._texts, now=self._now(), watching_since=self._since)
