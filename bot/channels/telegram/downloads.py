"""Files that citizens send on Telegram: fetched and kept before the conversation sees the message."""

import asyncio
import io
import logging

from telegram import Bot, File
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.channels.telegram.inbound import Remote
from bot.channels.telegram.outbound import seconds
from bot.files import FileRefused, Files
from bot.guard import FILES_AT_ONCE, FILES_PER_SECOND, Pace
from bot.messages import Attachment

log = logging.getLogger(__name__)

MOST_BYTES = 20 * 1024 * 1024  # what getFile gives out (https://core.telegram.org/bots/api#getfile)
MOST_AT_ONCE = 3  # each is held in memory whole
TRIES = 6  # within half a minute; a file that still cannot be had is told to its sender, not tried for ever


class Downloads:
    """Fetches through one bot into the folder of files. Nothing here logs an address: it has the token in it."""

    def __init__(self, bot: Bot, files: Files) -> None:
        self._bot, self._files = bot, files
        self._pace = Pace(burst=FILES_AT_ONCE, per_second=FILES_PER_SECOND)
        self._places = asyncio.Semaphore(MOST_AT_ONCE)

    async def fetch(self, remote: Remote, *, sender: str) -> Attachment:
        """Return a file as a kept attachment, or as one that says why it was refused; one person's come at a pace."""
        if not self._pace.allows(sender):
            return Attachment(remote.kind, refused="files.too_often")
        try:
            return await self._persist(remote)
        except FileRefused as refusal:
            return Attachment(remote.kind, refused=refusal.reason)

    async def _persist(self, remote: Remote) -> Attachment:
        for number in range(TRIES):
            try:
                return await self._once(remote)
            except TelegramError as error:
                wait = seconds(error) if isinstance(error, RetryAfter) else 2.0**number
                log.warning("telegram getFile: %s, lần %d trên %d", type(error).__name__, number + 1, TRIES)
            if number + 1 < TRIES:
                await asyncio.sleep(wait)
        raise FileRefused("files.not_fetched")

    async def _once(self, remote: Remote) -> Attachment:
        async with self._places:
            file, content = await self._find(remote), io.BytesIO()
            await file.download_to_memory(content)
            return Attachment.of(await self._files.keep(content, name=remote.name))

    async def _find(self, remote: Remote) -> File:
        """Return where Telegram has the file; whichever of three tells first that it is too large is believed."""
        try:
            file = None if remote.size > MOST_BYTES else await self._bot.get_file(remote.id)
        except BadRequest as error:
            if "too big" not in error.message:
                raise
            file = None
        if file is None or (file.file_size or 0) > MOST_BYTES:
            raise FileRefused("files.too_large_for_telegram")
        return file
