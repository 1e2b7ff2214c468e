"""What officials and the program itself say to citizens later: kept with the change it tells of, then sent."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.messages import Channel, DeliveryError, DeliveryOutcome, Reply, pack, unpack
from bot.storage import notices, people
from bot.storage.database import Database, StorageError, Transaction

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0
LEASE = timedelta(minutes=5)  # longer than any channel takes over one notice
MOST_ATTEMPTS = 40  # with the pauses below, about three days
LONGEST_PAUSE = timedelta(hours=2)


async def tell(
    transaction: Transaction, person: int, replies: Sequence[Reply], *, case: int | None = None, now: datetime
) -> None:
    """Keep replies for a person; they leave once the transaction is committed."""
    for reply in replies:
        await notices.add(transaction, person, pack(reply), case=case, now=now)


class Courier:
    """Sends the notices that wait, each until it arrived or cannot. A crash sends the one in hand again.

    For a message about one's own case a second copy is better than none; announcements have their own rules.
    """

    def __init__(self, database: Database, channels: Mapping[str, Channel], *, now: Callable[[], datetime]) -> None:
        self._database, self._channels, self._now = database, channels, now

    async def run(self) -> None:
        """Send for ever. Cancel to stop."""
        while True:
            try:
                busy = await self.send_due()
            except StorageError as error:
                log.error("chưa gửi được tin báo: %s", error)
                busy = 0
            if not busy:
                await asyncio.sleep(POLL_SECONDS)

    async def send_due(self) -> int:
        """Send what is due now; return how many notices were in hand."""
        now = self._now()
        async with self._database.transaction() as transaction:
            waiting = await notices.take(transaction, now=now, until=now + LEASE)
        for notice in waiting:
            await self._send(notice)
        return len(waiting)

    async def _send(self, notice: notices.Waiting) -> None:
        channel = self._channels.get(notice.channel)
        try:
            if channel is None:
                raise DeliveryError(DeliveryOutcome.FAILED, "kênh đang tắt", retry_after=LONGEST_PAUSE.total_seconds())
            await channel.send(notice.address, [unpack(notice.body)])
        except DeliveryError as error:
            await self._failed(notice, error)
        else:
            async with self._database.transaction() as transaction:
                await notices.finish(transaction, notice.id, DeliveryOutcome.DELIVERED)

    async def _failed(self, notice: notices.Waiting, error: DeliveryError) -> None:
        is_final = error.outcome in (DeliveryOutcome.GONE, DeliveryOutcome.REFUSED, DeliveryOutcome.SKIPPED)
        async with self._database.transaction() as transaction:
            if is_final or notice.attempts >= MOST_ATTEMPTS:
                log.warning("tin báo %s không tới: %s", notice.id, error.outcome)
                await notices.finish(transaction, notice.id, error.outcome, fault=str(error))
            else:
                pause = timedelta(seconds=error.retry_after) if error.retry_after else _pause(notice.attempts)
                await notices.postpone(transaction, notice.id, self._now() + pause, fault=str(error))
            if error.outcome is DeliveryOutcome.GONE:
                await people.mark_unreachable(transaction, notice.channel, notice.address, now=self._now())


def _pause(attempts: int) -> timedelta:
    return min(timedelta(seconds=5 * 2 ** min(attempts, 16)), LONGEST_PAUSE)
