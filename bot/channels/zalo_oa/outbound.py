"""Sending to people of the Official Account: what a message costs is known before it leaves."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot import metrics
from bot.channels.delivery import Deliver, Pace, Send, deliver_or_name, named, once, persist
from bot.channels.links import Links
from bot.channels.splitting import split
from bot.channels.zalo_oa import rendering, windows
from bot.channels.zalo_oa.client import Client
from bot.channels.zalo_oa.errors import NeedsOperator
from bot.channels.zalo_oa.inbound import NAME
from bot.channels.zalo_oa.rendering import Message
from bot.channels.zalo_oa.uploads import Uploads
from bot.messages import Enclosure, Reply
from bot.settings import Config
from bot.storage import zalo_windows
from bot.storage.database import Database
from bot.storage.zalo_windows import Terms
from bot.texts import Texts

HOLD_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Tools:
    """What the outbox sends with; `links` are for files that Zalo does not take."""

    client: Client
    uploads: Uploads
    links: Links


class Outbox:
    """Sends replies; each message is weighed first, and one that may not leave raises DeliveryError with the reason."""

    def __init__(
        self, tools: Tools, config: Config, database: Database, texts: Texts, *, now: Callable[[], datetime]
    ) -> None:
        self._client, self._uploads, self._links = tools.client, tools.uploads, tools.links
        self._settings, self._database, self._texts, self._now = config.zalo_oa, database, texts, now
        self._site = config.web.public_url.rstrip("/")
        self._lead, self._pace = texts.say("zalo.more_choices"), Pace(self._settings.rate)

    async def send(self, address: str, replies: Sequence[Reply]) -> None:
        """Deliver replies in order, behind the answers to citizens, each message tried once."""
        await self._each(address, replies, once(self._pace.wait_in_bulk))

    async def answer(self, address: str, replies: Sequence[Reply]) -> None:
        """Deliver replies to somebody who waits for them: tried again while that can help."""
        await self._each(address, replies, self._until_it_leaves)

    async def _until_it_leaves(self, send: Send) -> None:
        """Hold a reply that only an operator's act can let go: it is kept in the inbox, and so is what comes after."""
        while True:
            try:
                await persist(self._pace, send)
            except NeedsOperator:
                await asyncio.sleep(HOLD_SECONDS)
            else:
                return

    async def _each(self, address: str, replies: Sequence[Reply], deliver: Deliver) -> None:
        for message in rendering.messages(replies, lead=self._lead):
            if await self._reserve(address) is Terms.TEMPLATE_ONLY:
                text = rendering.in_template(replies, self._texts, most=self._settings.template_chars)
                with metrics.delivery(NAME):
                    await deliver(partial(self._client.send_template, address, text))
                return
            with metrics.delivery(NAME):
                await self._leave(address, message, deliver)

    async def _leave(self, address: str, message: Message, deliver: Deliver) -> None:
        """Deliver one message; a file that Zalo refuses is named in words, with its address where we have one."""
        if message.file is None:
            await deliver(partial(self._client.send, address, message.as_json(self._settings.button)))
            return
        text = named(message.text, [message.file], self._texts, link=self._address_of)
        words = [partial(self._client.send, address, {"text": part}) for part in split(text, rendering.MOST_TEXT)]
        await deliver_or_name(deliver, partial(self._uploads.send, address, message, message.file), words)

    def _address_of(self, one: Enclosure) -> str:
        return self._site + self._links.for_people(one.file) if self._site else ""

    async def _reserve(self, address: str) -> Terms:
        """Count the next message to somebody; raise DeliveryError when it may not be sent.

        One that then fails stays counted: an account that pays too early is worse than one that stops too early.
        """
        now = self._now()
        async with self._database.transaction() as transaction:
            window = await zalo_windows.find(transaction, NAME, address)
            asked = zalo_windows.terms(window, self._settings, now)
            if obstacle := windows.obstacle(asked, self._settings, now):
                raise obstacle
            if window:
                await zalo_windows.use_reply(transaction, window.person)
        return asked
