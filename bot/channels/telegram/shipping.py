"""Sending files to Telegram: each is uploaded for the first people, for the others named as Telegram knows it."""

from collections import OrderedDict
from collections.abc import Sequence

from telegram import Bot, InputMediaDocument, InputMediaPhoto, Message
from telegram.error import BadRequest

from bot.channels.telegram import rendering
from bot.channels.telegram.parcels import Parcel, is_photo
from bot.files import Files
from bot.messages import DeliveryError, DeliveryOutcome, Enclosure

MOST_KNOWN = 200


class Shipper:
    """Sends parcels with files.

    Those that leave while the first upload is under way upload too: a handful, whatever the number of people.
    """

    def __init__(self, bot: Bot, files: Files) -> None:
        self._bot, self._files = bot, files
        self._known: OrderedDict[str, str] = OrderedDict()  # file_id by digest

    async def send(self, chat: str, parcel: Parcel) -> None:
        """Send a parcel; raise TelegramError, or DeliveryError when a file of it is no longer on our disk."""
        try:
            await self._send(chat, parcel)
        except BadRequest as error:
            is_lost = "file" in error.message.lower()  # "wrong file identifier"; nothing was sent
            if not is_lost or not self._forget(parcel.files):
                raise
            await self._send(chat, parcel)

    async def _send(self, chat: str, parcel: Parcel) -> None:
        media = [await self._content(one) for one in parcel.files]
        if len(media) > 1:
            sent = await self._send_group(chat, parcel, media)
        else:
            sent = [await self._send_one(chat, parcel, media[0])]
        for one, message in zip(parcel.files, sent, strict=False):
            self._remember(one, message)

    async def _send_one(self, chat: str, parcel: Parcel, content: bytes | str) -> Message:
        (one,), caption = parcel.files, rendering.to_html(parcel.text) or None
        send = self._bot.send_photo if is_photo(one) else self._bot.send_document
        markup = rendering.keyboard(parcel.choices)
        return await send(
            chat, content, caption=caption, parse_mode="HTML", reply_markup=markup, filename=one.file.name
        )

    async def _send_group(self, chat: str, parcel: Parcel, media: Sequence[bytes | str]) -> Sequence[Message]:
        caption = rendering.to_html(parcel.text) or None
        kind = InputMediaPhoto if is_photo(parcel.files[0]) else InputMediaDocument
        items = [
            kind(content, caption=None if place else caption, parse_mode="HTML", filename=one.file.name)
            for place, (one, content) in enumerate(zip(parcel.files, media, strict=True))
        ]
        return await self._bot.send_media_group(chat, items)

    async def _content(self, one: Enclosure) -> bytes | str:
        """Return a file's name at Telegram, or its content when it has none yet."""
        if known := self._known.get(one.file.digest):
            return known
        try:
            return await self._files.read(one.file.digest)
        except FileNotFoundError as error:
            raise DeliveryError(DeliveryOutcome.REFUSED, f"{one.file.name} không còn trên máy") from error

    def _remember(self, one: Enclosure, sent: Message) -> None:
        found = sent.photo[-1] if sent.photo else sent.effective_attachment
        if known := getattr(found, "file_id", ""):
            self._known[one.file.digest] = known
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def _forget(self, files: Sequence[Enclosure]) -> bool:
        """Forget how Telegram named these files; tell whether any had a name."""
        names = [self._known.pop(one.file.digest, "") for one in files]
        return any(names)
