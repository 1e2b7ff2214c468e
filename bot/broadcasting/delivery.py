"""Sending: rows of the ledger are taken, sent without a transaction open, and each gets exactly one outcome.

A row is taken and committed before it is sent, so after a crash at any moment it is to be sent, or settled, or in
flight; what was in flight is uncertain (`recipients.reconcile`). At most MOST_IN_FLIGHT rows are ever in flight.
"""

import asyncio
import logging
import time
from datetime import datetime, timedelta

from bot import quiet
from bot.broadcasting import composing, schedule
from bot.broadcasting.hold import Hold
from bot.broadcasting.office import PROGRAM, Office, Restored, unbroken
from bot.messages import Channel, DeliveryError, DeliveryOutcome, Reply
from bot.storage import announcements, people, recipients
from bot.storage.announcements import Announcement, State
from bot.storage.database import StorageError, Transaction
from bot.storage.recipients import Claimed, Settlement, Standing

log = logging.getLogger(__name__)

MOST_IN_FLIGHT = 8  # more is slower with python-telegram-bot, and all of it is uncertain after a crash
SEND_SECONDS = 60.0
LEASE = timedelta(seconds=2 * SEND_SECONDS)
RETRY_AFTER = tuple(timedelta(seconds=s) for s in (2, 15, 120, 600, 1_800))  # then it has failed
MOST_ERRORS_IN_A_ROW = 40  # about half an hour of a dead line, after which an official decides
GATHER_SECONDS = 0.02
STOP_SECONDS = 5.0
STORAGE_SECONDS = 2.0

_STANDINGS = {
    DeliveryOutcome.DELIVERED: Standing.DELIVERED,
    DeliveryOutcome.GONE: Standing.GONE,
    DeliveryOutcome.REFUSED: Standing.REFUSED,
    DeliveryOutcome.SKIPPED: Standing.SKIPPED,
    DeliveryOutcome.FAILED: Standing.FAILED,
    DeliveryOutcome.UNCERTAIN: Standing.UNCERTAIN,
}


class Sender:
    """Sends what is due on one channel while it runs. `wake` tells it that there may be something."""

    def __init__(self, office: Office, name: str, channel: Channel) -> None:
        self._office, self._name, self._channel = office, name, channel
        self._woken = asyncio.Event()
        self._sending: dict[asyncio.Task[None], Claimed] = {}
        self._settled: list[Settlement] = []
        self._messages: dict[int, tuple[Announcement, Reply]] = {}
        self._hold = Hold(MOST_IN_FLIGHT)

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled; then finish what is in flight, as far as a few seconds go."""
        try:
            while True:
                await self._wait()
                self._woken.clear()
                await unbroken(self._exchange())  # what is taken must also be sent, or it is uncertain for nothing
        finally:
            await self._finish()

    async def _wait(self) -> None:
        """Return when messages have been sent, when a hold ends, or when woken."""
        if self._sending:
            await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
            await self._wait_for_more()
        elif not self._settled:
            left = self._hold.left(self._office.now())
            try:
                async with asyncio.timeout(left.total_seconds() if left else None):
                    await self._woken.wait()
            except TimeoutError:
                pass

    async def _wait_for_more(self) -> None:
        """Let a few more arrive: one transaction for several messages is what makes sending fast."""
        until = time.monotonic() + GATHER_SECONDS
        while (left := until - time.monotonic()) > 0:
            under_way = [task for task in self._sending if not task.done()]
            if len(under_way) <= MOST_IN_FLIGHT // 2:
                return
            await asyncio.wait(under_way, timeout=left, return_when=asyncio.FIRST_COMPLETED)

    async def _finish(self) -> None:
        if self._sending:
            await asyncio.wait(self._sending, timeout=STOP_SECONDS)
        self._collect()
        for task in self._sending:
            task.cancel()
        try:
            async with self._office.database.transaction() as transaction:
                await self._store(transaction)
        except StorageError as error:
            log.error("gửi thông báo, %s: %s", self._name, error)

    async def _exchange(self) -> None:
        """Store what became of the messages sent and take others in their place; wait while that cannot be."""
        try:
            await self._take(*await self._swap())
        except Restored:
            log.warning("gửi thông báo, %s: chưa gửi, cơ sở dữ liệu cũ hơn những gì đã gửi", self._name)
            await asyncio.sleep(STORAGE_SECONDS)
        except StorageError as error:
            log.error("gửi thông báo, %s: %s", self._name, error)
            await asyncio.sleep(STORAGE_SECONDS)
        except OSError as error:
            log.error("gửi thông báo: không ghi được dấu gửi (%s); kiểm tra ổ đĩa và quyền ghi", error.strerror)
            await asyncio.sleep(STORAGE_SECONDS)

    async def _swap(self) -> tuple[list[Claimed], int]:
        """Store outcomes and claim rows in one transaction; return the rows and the mark to send them under."""
        self._collect()
        now, mark, claimed = self._office.now(), 0, list[Claimed]()
        room = self._hold.room(now) - len(self._sending)
        async with self._office.database.transaction() as transaction:
            await self._store(transaction)
            if room > 0:
                mark = await self._office.next_mark(transaction)
                claimed = await self._claim(transaction, room, now)
        self._settled.clear()
        return claimed, mark

    async def _take(self, claimed: list[Claimed], mark: int) -> None:
        """Begin to send what was claimed; without the mark on the disk nothing is sent."""
        try:
            if claimed:
                await self._office.keep_mark(mark)
        except OSError:
            later = self._office.now() + RETRY_AFTER[1]
            self._settled += [Settlement(one, Standing.WAITING, due_at=later) for one in claimed]
            raise
        for one in claimed:
            _, reply = self._messages[one.announcement]
            self._sending[asyncio.create_task(self._send(one, reply))] = one

    async def _send(self, claimed: Claimed, reply: Reply) -> None:
        async with asyncio.timeout(SEND_SECONDS):
            await self._channel.send(claimed.address, [reply])

    async def _claim(self, transaction: Transaction, room: int, now: datetime) -> list[Claimed]:
        claimed: list[Claimed] = []
        sending = await recipients.being_sent(transaction, urgent_only=quiet.is_quiet(now))
        needed = {*sending, *(one.announcement for one in self._sending.values())}
        self._messages = {number: known for number, known in self._messages.items() if number in needed}
        for number in sending:
            announcement, wanted = await self._know(transaction, number), room - len(claimed)
            due = recipients.Due(self._name, now, schedule.start_of_day(now) if announcement.is_ordinary else None)
            taken = await recipients.claim(transaction, number, due, lease_until=now + LEASE, limit=wanted)
            claimed += taken
            if len(taken) == wanted:
                break
            await recipients.put_off(transaction, number, due, until=schedule.next_day(now))
        return claimed

    async def _know(self, transaction: Transaction, number: int) -> Announcement:
        """Return an announcement being sent, its message made once: nothing of it changes any more."""
        if number not in self._messages:
            found = await announcements.find(transaction, number)
            assert found is not None
            reply = await composing.message(transaction, found, self._office.texts, now=self._office.now())
            self._messages[number] = found, reply
        return self._messages[number][0]

    def _collect(self) -> None:
        """Judge the messages that are no longer in flight."""
        now = self._office.now()
        for task in [task for task in self._sending if task.done()]:
            claimed = self._sending.pop(task)
            self._settled.append(self._judge(claimed, task.exception(), now))

    def _judge(self, claimed: Claimed, error: BaseException | None, now: datetime) -> Settlement:
        """Return what became of a message: an outcome, or when to try again."""
        refusal = _refusal(error)
        if refusal is None:
            self._hold.delivered()
            return Settlement(claimed, Standing.DELIVERED)
        self._hold.refused(refusal, claimed.address, now)
        again = self._again(claimed, refusal, now)
        standing = Standing.WAITING if again else _STANDINGS[refusal.outcome]
        return Settlement(claimed, standing, str(refusal)[:300], again, moved_to=refusal.moved_to)

    def _again(self, claimed: Claimed, refusal: DeliveryError, now: datetime) -> datetime | None:
        """Return when to try once more, None when not: what may have arrived is repeated only if it is urgent."""
        is_urgent = bool(self._messages[claimed.announcement][0].urgent)
        retried = {DeliveryOutcome.FAILED, DeliveryOutcome.UNCERTAIN} if is_urgent else {DeliveryOutcome.FAILED}
        if refusal.outcome not in retried or claimed.attempt > len(RETRY_AFTER):
            return None
        if refusal.moved_to:
            return now
        return now + max(RETRY_AFTER[claimed.attempt - 1], timedelta(seconds=refusal.retry_after or 0))

    async def _store(self, transaction: Transaction) -> None:
        """Store the outcomes, what they say of the people, and stop an announcement that fails for everybody."""
        now = self._office.now()
        await recipients.settle(transaction, self._settled, now=now)
        for one in self._settled:
            if one.standing is Standing.GONE:
                await people.mark_unreachable(transaction, self._name, one.claimed.address, now=now)
            elif one.moved_to:
                await people.move(transaction, self._name, one.claimed.address, to=one.moved_to)
        if self._hold.errors >= MOST_ERRORS_IN_A_ROW and self._settled:
            await self._pause(transaction, self._settled[-1], now)

    async def _pause(self, transaction: Transaction, last: Settlement, now: datetime) -> None:
        note = f"{self._hold.errors} lần gửi liền không được trên {self._name}; lần cuối: {last.reason}"
        found = await announcements.find(transaction, last.claimed.announcement)
        if found and found.state is State.SENDING:
            await announcements.move(transaction, found, State.PAUSED, who=PROGRAM, now=now, note=note)
            log.warning("thông báo %d tạm dừng: %s", found.id, note)
        self._hold.delivered()


def _refusal(error: BaseException | None) -> DeliveryError | None:
    """Return what an error of a channel says of the message, None when there was none."""
    if error is None or isinstance(error, DeliveryError):
        return error
    if isinstance(error, StorageError):  # the web chat is our own database: nothing was kept
        return DeliveryError(DeliveryOutcome.FAILED, str(error))
    said = f"quá {SEND_SECONDS:.0f} giây" if isinstance(error, TimeoutError) else type(error).__name__
    log.warning("gửi thông báo: %s", said)
    return DeliveryError(DeliveryOutcome.UNCERTAIN, f"không rõ đã tới chưa: {said}")
