"""A process that sends announcements through Telegram until it is killed; time goes sixty times as fast.

python -m tests.broadcasting.sender DATABASE_URL TELEGRAM_URL MARK_FILE BEGAN
"""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

os.environ["PTB_TIMEDELTA"] = "true"

from telegram import Bot
from telegram.request import HTTPXRequest

from bot import assembly, config
from bot.broadcasting import worker
from bot.broadcasting.mark import Mark
from bot.broadcasting.office import Office
from bot.calendar.workdays import WorkCalendar
from bot.channels.telegram.outbound import Outbox
from bot.messages import Reply
from bot.settings import Unit
from bot.storage.database import Database
from bot.texts import Texts
from tests.conftest import NOW
from tests.doubles import TOKEN

FASTER = 60
TICK_SECONDS = 0.1


class Line:
    """Telegram without its receiving half."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def send(self, address: str, replies: Sequence[Reply]) -> None:
        await self._outbox.send_once(address, replies)


async def main(url: str, telegram: str, mark: str, began: str) -> None:
    worker.TICK_SECONDS = TICK_SECONDS
    logging.disable()  # a thousand faults are wanted here
    bot = Bot(TOKEN, base_url=f"{telegram}/bot", request=HTTPXRequest(connection_pool_size=16))
    texts, files = Texts.load(Unit()), assembly.files(config.load({}))
    office = Office(
        Database.open(url),
        texts,
        WorkCalendar.load(),
        Mark(Path(mark)),
        lambda: NOW + timedelta(seconds=FASTER * (time.time() - float(began))),
    )
    await worker.work(office, {"telegram": Line(Outbox(bot, files, texts, rate=10_000))})


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
