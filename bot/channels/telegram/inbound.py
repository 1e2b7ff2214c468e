"""A Telegram update as a citizen's message."""

from dataclasses import dataclass
from typing import Any

from telegram import ChatMember, Message, Update
from telegram.constants import ChatType
from telegram.ext.filters import StatusUpdate

from bot.messages import Attachment, AttachmentKind, Incoming

NAME = "telegram"
ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]

_KINDS = {
    "photo": AttachmentKind.PHOTO,
    "video": AttachmentKind.VIDEO,
    "video_note": AttachmentKind.VIDEO,
    "animation": AttachmentKind.VIDEO,
    "voice": AttachmentKind.VOICE,
    "audio": AttachmentKind.VOICE,
    "document": AttachmentKind.FILE,
    "sticker": AttachmentKind.STICKER,
    "location": AttachmentKind.LOCATION,
    "venue": AttachmentKind.LOCATION,
    "contact": AttachmentKind.CONTACT,
}


@dataclass(frozen=True, slots=True)
class Pressed:
    """The button press to acknowledge, and the message it sat on (None when Telegram no longer has it)."""

    query: str
    message: int | None


@dataclass(frozen=True, slots=True)
class Received:
    """What an update says: a message, the press behind it, the album it is part of, or that the chat was closed."""

    incoming: Incoming
    pressed: Pressed | None = None
    album: str | None = None
    is_closed: bool = False


def read(update: Update) -> Received | None:
    """Return what an update says, or None for what is not a citizen's: groups, channels, service messages."""
    if update.callback_query:
        return _press(update)
    if update.my_chat_member and update.my_chat_member.chat.type == ChatType.PRIVATE:
        return _membership(update)
    if update.message and update.message.chat.type == ChatType.PRIVATE and not StatusUpdate.ALL.filter(update):
        return _message(update.message)
    return None


def sender(raw: Any) -> str:
    """Return who an unparsed update comes from; everything malformed comes from nobody."""
    try:
        return str(next(raw[kind]["from"]["id"] for kind in ALLOWED_UPDATES if kind in raw))
    except (KeyError, TypeError, StopIteration):
        return ""


def _press(update: Update) -> Received | None:
    query = update.callback_query
    if query is None or (query.message and query.message.chat.type != ChatType.PRIVATE):
        return None
    message = query.message.message_id if query.message and query.message.is_accessible else None
    incoming = Incoming(NAME, str(query.from_user.id), choice=query.data or "")
    return Received(incoming, Pressed(query.id, message))


def _membership(update: Update) -> Received | None:
    change = update.my_chat_member
    if change is None or change.new_chat_member.status not in (ChatMember.BANNED, ChatMember.LEFT):
        return None
    return Received(Incoming(NAME, str(change.chat.id)), is_closed=True)


def _message(message: Message) -> Received:
    found = [kind for name, kind in _KINDS.items() if getattr(message, name, None)]
    text = (message.text or message.caption or "").encode(errors="replace").decode()  # half an emoji cannot be stored
    if not text and not found:
        found = [AttachmentKind.OTHER]
    incoming = Incoming(NAME, str(message.chat.id), text, attachments=tuple(map(Attachment, found[:1])))
    return Received(incoming, album=message.media_group_id)
