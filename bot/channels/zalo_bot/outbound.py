"""Sending to people of the Zalo bot: text, pictures by address, stickers."""

import contextlib
from collections.abc import Sequence
from functools import partial

from bot import metrics
from bot.channels.delivery import Deliver, Pace, deliver_or_name, named, once, persist
from bot.channels.links import Links
from bot.channels.splitting import split
from bot.channels.zalo_bot import rendering
from bot.channels.zalo_bot.client import PHOTO_SECONDS, Client, Refused, Unreachable
from bot.channels.zalo_bot.inbound import NAME
from bot.channels.zalo_bot.rendering import MOST_TEXT, Message
from bot.messages import Enclosure, Reply
from bot.texts import Texts

TYPING_SECONDS = 3.0


class Outbox:
    """Sends through one bot; `site` is our own address as Zalo reaches it, "" when it cannot."""

    def __init__(self, client: Client, links: Links, texts: Texts, *, rate: float, site: str) -> None:
        self._client, self._links, self._texts = client, links, texts
        self._site = site.rstrip("/") if site.startswith("https://") else ""
        self._lead, self._pace = texts.say("zalo.choose"), Pace(rate)

    async def send(self, address: str, replies: Sequence[Reply]) -> None:
        """Deliver replies in order, behind the answers to citizens, each message tried once."""
        await self._each(address, replies, once(self._pace.wait_in_bulk))

    async def answer(self, address: str, replies: Sequence[Reply]) -> None:
        """Deliver replies to somebody who waits for them: tried again while that can help."""
        await self._each(address, replies, partial(persist, self._pace))

    async def _each(self, address: str, replies: Sequence[Reply], deliver: Deliver) -> None:
        for message in rendering.messages(replies, lead=self._lead, name=self._named):
            with metrics.delivery(NAME):
                await self._leave(address, message, deliver)

    async def _leave(self, address: str, message: Message, deliver: Deliver) -> None:
        """Deliver one message; a picture that Zalo does not take is named in words, with its address if we have one."""
        named_too = self._named(message.text, [message.picture] if message.picture else [])
        words = [partial(self._say, address, part) for part in split(named_too, MOST_TEXT)]
        if message.picture and self._site:
            await deliver_or_name(deliver, partial(self._show, address, message.picture, message.text), words)
            return
        for send in words:
            await deliver(send)

    def _named(self, text: str, files: Sequence[Enclosure]) -> str:
        return named(text, files, self._texts, link=self._address_of)

    def _address_of(self, one: Enclosure) -> str:
        return self._site + self._links.for_people(one.file) if self._site else ""

    async def _say(self, address: str, text: str) -> None:
        await self._client.deliver("sendMessage", {"chat_id": address, "text": text})

    async def _show(self, address: str, picture: Enclosure, caption: str) -> None:
        """Send a picture, which Zalo fetches from us."""
        url = self._site + self._links.once(picture.file)
        given = {"chat_id": address, "photo": url, **({"caption": caption} if caption else {})}
        await self._client.deliver("sendPhoto", given, seconds=PHOTO_SECONDS)

    async def type(self, address: str) -> None:
        """Show that an answer is on its way; that it cannot be shown is no trouble."""
        with contextlib.suppress(Refused, Unreachable):
            await self._client.call("sendChatAction", {"chat_id": address, "action": "typing"}, seconds=TYPING_SECONDS)

    async def send_sticker(self, address: str, sticker: str) -> None:
        """Deliver one of Zalo's own stickers."""
        await self._pace.wait()
        await self._client.deliver("sendSticker", {"chat_id": address, "sticker": sticker})
