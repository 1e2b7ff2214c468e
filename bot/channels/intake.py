"""Updates that a platform pushes: kept first, acted on afterwards, a broken one set aside."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.messages import DeliveryError
from bot.storage import inbox
from bot.storage.database import Database, StorageError

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200  # updates being acted on; one person's are answered in order by their lane
RETRY_SECONDS = 2.0


class Intake:
    """The inbox of one channel and the loop that empties it."""

    def __init__(
        self,
        channel: str,
        database: Database,
        act: Callable[[str], Awaitable[None]],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._channel, self._database, self._act, self._now = channel, database, act, now
        self._arrived = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._cursor = 0

    async def take(self, key: str, body: str) -> None:
        """Keep an update, once; raise StorageError when it cannot be kept, so that the platform sends it again."""
        async with self._database.transaction() as transaction:
            await inbox.store(transaction, self._channel, key, body, now=self._now())
        self._arrived.set()

    async def run(self) -> None:
        """Act on updates for ever, beginning with those a crash left behind. Cancel to stop."""
        try:
            while True:
                self._arrived.clear()
                if not await self._start_waiting():
                    await self._arrived.wait()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _start_waiting(self) -> bool:
        room = MOST_AT_ONCE - len(self._tasks)
        if room <= 0:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            return True
        try:
            async with self._database.transaction() as transaction:
                updates = await inbox.waiting(transaction, self._channel, after=self._cursor, limit=room)
        except StorageError as error:
            log.error("%s: %s", self._channel, error)
            await asyncio.sleep(RETRY_SECONDS)
            return True
        for update in updates:
            self._cursor = update.id
            task = asyncio.create_task(self._act_on(update))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return bool(updates)

    async def _act_on(self, update: inbox.Received) -> None:
        """Act on one update; whatever it does wrong stays its own trouble (entry point: the one catch-all here)."""
        fault = None
        while True:
            try:
                await self._act(update.body)
            except StorageError as error:
                log.error("%s: %s", self._channel, error)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            except DeliveryError as error:
                log.warning("%s: update %s not delivered: %s", self._channel, update.id, error.outcome)
            except Exception as error:  # noqa: BLE001
                fault = f"{type(error).__name__}: {error}"[:500]
                log.error("%s: update %s set aside: %s", self._channel, update.id, type(error).__name__)
            break
        await self._close(update, fault)

    async def _close(self, update: inbox.Received, fault: str | None) -> None:
        async with self._database.transaction() as transaction:
            if fault:
                await inbox.quarantine(transaction, update.id, fault)
            else:
                await inbox.finish(transaction, update.id)
