"""Sending to people of the Zalo bot: text, pictures by address, stickers."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from bot import metrics
from bot.channels.delivery import Pace, Send, once, persist
from bot.channels.zalo_bot import rendering
from bot.channels.zalo_bot.client import PHOTO_SECONDS, Client, Refused, Unreachable
from bot.channels.zalo_bot.inbound import NAME
from bot.channels.zalo_bot.photos import Photos
from bot.messages import DeliveryError, DeliveryOutcome, Reply

TYPING_SECONDS = 3.0


class Outbox:
    """Sends through one bot; `site` is our own address as Zalo reaches it, "" when it cannot."""

    def __init__(self, client: Client, photos: Photos, *, rate: float, site: str, lead: str) -> None:
        self._client, self._photos, self._site, self._lead = client, photos, site.rstrip("/"), lead
        self._pace = Pace(rate)

    async def send(self, address: str, replies: Sequence[Reply]) -> None:
        """Deliver replies in order, behind the answers to citizens, each message tried once."""
        await self._each(address, replies, once(self._pace))

    async def answer(self, address: str, replies: Sequence[Reply]) -> None:
        """Deliver replies to somebody who waits for them: tried again while that can help."""
        await self._each(address, replies, partial(persist, self._pace))

    async def _each(self, address: str, replies: Sequence[Reply], deliver: Callable[[Send], Awaitable[None]]) -> None:
        for text in rendering.messages(replies, lead=self._lead):
            with metrics.delivery(NAME):
                await deliver(partial(self._client.deliver, "sendMessage", {"chat_id": address, "text": text}))

    async def type(self, address: str) -> None:
        """Show that an answer is on its way; that it cannot be shown is no trouble."""
        with contextlib.suppress(Refused, Unreachable):
            await self._client.call("sendChatAction", {"chat_id": address, "action": "typing"}, seconds=TYPING_SECONDS)

    async def send_photo(self, address: str, content: bytes, *, media_type: str, caption: str = "") -> None:
        """Deliver a picture with at most 2,000 characters under it."""
        if not self._site.startswith("https://"):
            raise DeliveryError(DeliveryOutcome.REFUSED, "Zalo tải ảnh từ trang của xã, mà web.public_url còn trống")
        await self._pace.wait()
        url = self._site + self._photos.offer(content, media_type)
        given = {"chat_id": address, "photo": url, **({"caption": caption} if caption else {})}
        await self._client.deliver("sendPhoto", given, seconds=PHOTO_SECONDS)

    async def send_sticker(self, address: str, sticker: str) -> None:
        """Deliver one of Zalo's own stickers."""
        await self._pace.wait()
        await self._client.deliver("sendSticker", {"chat_id": address, "sticker": sticker})
