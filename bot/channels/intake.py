"""Updates that a platform pushes: kept first, acted on afterwards, a broken one set aside."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from bot.messages import DeliveryError
from bot.storage import inbox
from bot.storage.database import Database, StorageError

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200  # people being answered at the same time
MOST_TOGETHER = 100  # updates written in one transaction
MOST_IN_HAND = 5_000  # updates read from the inbox and not yet acted on
MOST_THINKING = 4  # answers a channel makes at the same time: acknowledgements and other channels go between them
RETRY_SECONDS = 2.0
LOOK_SECONDS = 1.0


class Intake:
    """The inbox of one channel and the loop that empties it.

    Several processes may keep a channel's updates; one of them acts on all. `lane_of` tells whose an update is: a
    person's are acted on one after the other, those of others meanwhile.
    """

    def __init__(
        self,
        channel: str,
        database: Database,
        act: Callable[[str], Awaitable[None]],
        *,
        lane_of: Callable[[str], str],
        now: Callable[[], datetime],
    ) -> None:
        self._channel, self._database, self._act, self._lane_of, self._now = channel, database, act, lane_of, now
        self._arrived = asyncio.Event()
        self._places, self._hand = asyncio.Semaphore(MOST_AT_ONCE), asyncio.Semaphore(MOST_IN_HAND)
        self._lanes: dict[str, deque[inbox.Received]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._coming: list[tuple[str, str, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._cursor = 0

    async def take(self, key: str, body: str) -> None:
        """Keep an update, once; raise StorageError when it cannot be kept, so that the platform sends it again.

        Those that come while others are being written are written together: a burst costs few transactions.
        """
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._coming.append((key, body, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await kept

    async def _write(self) -> None:
        while self._coming:
            batch = self._coming[:MOST_TOGETHER]
            del self._coming[:MOST_TOGETHER]
            why = "chưa ghi được"  # when it ends otherwise than it should
            try:
                async with self._database.transaction() as transaction:
                    pairs = [(key, body) for key, body, _ in batch]
                    await inbox.store_all(transaction, self._channel, pairs, now=self._now())
                why = ""
            except StorageError as error:
                why = str(error)
            finally:
                _settle([kept for _, _, kept in batch], why)
            self._arrived.set()

    async def run(self) -> None:
        """Act on updates for ever, beginning with those a crash left behind. Cancel to stop."""
        while True:
            try:
                async with self._database.alone(f"inbox-{self._channel}"):
                    await self._work()
            except StorageError as error:
                log.error("%s: %s", self._channel, error)
                await asyncio.sleep(RETRY_SECONDS)

    async def _work(self) -> None:
        try:
            while True:
                self._arrived.clear()
                if not await self._start_waiting():
                    await self._wait()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _wait(self) -> None:
        """Return when an update came here, and now and then: another process may have kept one."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._arrived.wait()
        except TimeoutError:
            pass

    async def _start_waiting(self) -> bool:
        try:
            async with self._database.transaction() as transaction:
                updates = await inbox.waiting(transaction, self._channel, after=self._cursor)
        except StorageError as error:
            log.error("%s: %s", self._channel, error)
            await asyncio.sleep(RETRY_SECONDS)
            return True
        for update in updates:
            await self._hand.acquire()
            self._cursor = update.id
            self._line_up(update)
        return bool(updates)

    def _line_up(self, update: inbox.Received) -> None:
        lane = self._lane_of(update.body)
        if lane in self._lanes:
            self._lanes[lane].append(update)
            return
        self._lanes[lane] = deque([update])
        task = asyncio.create_task(self._empty(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _empty(self, lane: str) -> None:
        line = self._lanes[lane]
        while line:
            async with self._places:
                await self._act_on(line.popleft())
            self._hand.release()
        del self._lanes[lane]
        if not self._lanes:  # look once more from the beginning: ids may become visible out of order (PostgreSQL)
            self._cursor = 0
            self._arrived.set()

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
        """Note that an update is acted on; tried until it succeeds, for otherwise it would be acted on again."""
        while True:
            try:
                async with self._database.transaction() as transaction:
                    if fault:
                        await inbox.quarantine(transaction, update.id, fault)
                    else:
                        await inbox.finish(transaction, update.id)
            except StorageError as error:
                log.error("%s: %s", self._channel, error)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return


def _settle(waiting: Iterable[asyncio.Future[None]], fault: str) -> None:
    """Tell those who brought updates that they are kept, or why not."""
    for kept in waiting:
        if kept.done():  # whoever brought it did not wait
            continue
        if fault:
            kept.set_exception(StorageError(fault))
        else:
            kept.set_result(None)
