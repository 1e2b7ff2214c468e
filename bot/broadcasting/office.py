"""What all who send share: the database, words, calendar, mark and clock; how a restored database is stopped."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from bot.broadcasting.mark import Mark, is_restored
from bot.calendar.workdays import WorkCalendar
from bot.storage import announcements, sending_marks
from bot.storage.announcements import State
from bot.storage.database import Database, Transaction
from bot.texts import Texts

log = logging.getLogger(__name__)
T = TypeVar("T")

PROGRAM = "chương trình"  # who did it, in an announcement's history, when nobody did
RESTORED = "cơ sở dữ liệu vừa được khôi phục từ bản sao lưu: có thể đã gửi cho một số người; xem lại rồi mới gửi tiếp"


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Do something to its end even when cancelled meanwhile: a transaction cut off would keep others waiting."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    finally:
        await asyncio.wait([task])


class Restored(Exception):
    """The database is older than what was sent from it; nothing was sent now."""


@dataclass(frozen=True)
class Office:
    """Where announcements are sent from."""

    database: Database
    texts: Texts
    calendar: WorkCalendar
    mark: Mark
    now: Callable[[], datetime]

    async def next_mark(self, transaction: Transaction) -> int:
        """Return the mark to send a batch under, held until the transaction ends; raise Restored."""
        mark, outside = await sending_marks.grow(transaction), self.mark.read()
        if is_restored(mark - 1, outside):
            raise Restored
        if outside is None:  # the first batch ever: from now on a missing file means something
            await self.keep_mark(0)
        return mark

    async def keep_mark(self, mark: int) -> None:
        """Put the mark on the disk, after the batch is committed and before it is sent."""
        await asyncio.to_thread(self.mark.raise_to, mark)

    async def stop_if_restored(self) -> bool:
        """Pause all that is scheduled or being sent when the database was restored; tell whether it was."""
        async with self.database.transaction() as transaction:
            last, outside = await sending_marks.grow(transaction, 0), self.mark.read()
            if not is_restored(last, outside):
                return False
            stopped = await announcements.listed(transaction, states=(State.SCHEDULED, State.SENDING), limit=10_000)
            for one in stopped:
                await announcements.move(transaction, one, State.PAUSED, who=PROGRAM, now=self.now(), note=RESTORED)
            mark = await sending_marks.grow(transaction, max(0, (outside or 0) - last) + 1)
        await self.keep_mark(mark)
        log.warning("%s (%d thông báo đã tạm dừng)", RESTORED, len(stopped))
        return True
