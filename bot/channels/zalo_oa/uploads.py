"""Files on their way to an Official Account: uploaded once, then named for everybody as long as Zalo knows the name.

Limits as @warriorteam/redai-zalo-sdk 1.32.17 on npm copies them from Zalo's pages (message-management.service; confirm
on a real account): pictures JPEG or PNG up to 1 MB, files PDF, DOC or DOCX up to 5 MB, both kept by Zalo for 7 days at
most, and 5,000 uploads of each kind a month.
"""

from collections import OrderedDict

from bot.channels.zalo_oa.client import Client, UploadExpired
from bot.channels.zalo_oa.rendering import Message
from bot.files import Files
from bot.messages import DeliveryError, DeliveryOutcome, Enclosure

MEGABYTE = 1024 * 1024
MOST_PICTURE_BYTES = MEGABYTE
MOST_FILE_BYTES = 5 * MEGABYTE
FILE_TYPES = ("application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
MOST_KNOWN = 200


class Uploads:
    """Sends messages with files. Those that leave while a file is first uploaded upload it too: a handful."""

    def __init__(self, client: Client, files: Files) -> None:
        self._client, self._files = client, files
        self._known: OrderedDict[str, str] = OrderedDict()  # Zalo's name by digest

    async def send(self, user: str, message: Message, one: Enclosure) -> None:
        """Deliver a message with a file; raise DeliveryError, REFUSED also for what Zalo takes from nobody."""
        try:
            await self._client.send(user, message.with_upload(await self._name(one)))
        except UploadExpired:
            self._known.pop(one.file.digest, None)
            await self._client.send(user, message.with_upload(await self._name(one)))

    async def _name(self, one: Enclosure) -> str:
        if known := self._known.get(one.file.digest):
            return known
        kind, media_type = ("image", _drawn_type(one)) if one.is_picture else ("file", one.file.media_type)
        content = await self._content(one)
        name = await self._client.upload(kind, content, name=one.file.name, media_type=media_type)
        self._known[one.file.digest] = name
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return name

    async def _content(self, one: Enclosure) -> bytes:
        file = one.file
        if not one.is_picture and (file.media_type not in FILE_TYPES or file.size > MOST_FILE_BYTES):
            raise DeliveryError(DeliveryOutcome.REFUSED, f"Zalo OA chỉ nhận PDF, Word đến 5 MB, không nhận {file.name}")
        try:
            if one.is_picture:
                return await self._files.smaller(file.digest, most=MOST_PICTURE_BYTES)
            return await self._files.read(file.digest)
        except FileNotFoundError as error:
            raise DeliveryError(DeliveryOutcome.REFUSED, f"{file.name} không còn trên máy") from error


def _drawn_type(one: Enclosure) -> str:
    """Return what a picture is when it leaves: one too large is drawn anew, as JPEG."""
    return "image/jpeg" if one.file.size > MOST_PICTURE_BYTES else one.file.media_type
