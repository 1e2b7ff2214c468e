"""A Telegram update as a citizen's message."""

from dataclasses import dataclass
from typing import Any

from telegram import Chat, ChatMember, Contact, Message, Update, User
from telegram.constants import ChatType
from telegram.ext.filters import StatusUpdate

from bot.messages import Attachment, AttachmentKind, Incoming, Place

NAME = "telegram"
ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]

_FILES = {
    "animation": AttachmentKind.VIDEO,  # before document: a message with one carries both
    "video": AttachmentKind.VIDEO,
    "video_note": AttachmentKind.VIDEO,
    "voice": AttachmentKind.VOICE,
    "audio": AttachmentKind.VOICE,
    "document": AttachmentKind.FILE,
}


@dataclass(frozen=True, slots=True)
class Pressed:
    """The button press to acknowledge, and the message it sat on (None when Telegram no longer has it)."""

    query: str
    message: int | None


@dataclass(frozen=True, slots=True)
class Remote:
    """A file that still lies at Telegram: its name and its size in bytes where they are known."""

    id: str
    kind: AttachmentKind
    name: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Received:
    """What an update says: a message, the press behind it, the file to fetch for it, or that the chat was closed."""

    incoming: Incoming
    pressed: Pressed | None = None
    file: Remote | None = None
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
    incoming = Incoming(NAME, str(query.from_user.id), choice=query.data or "", shown_name=_name_of(query.from_user))
    return Received(incoming, Pressed(query.id, message))


def _membership(update: Update) -> Received | None:
    change = update.my_chat_member
    if change is None or change.new_chat_member.status not in (ChatMember.BANNED, ChatMember.LEFT):
        return None
    return Received(Incoming(NAME, str(change.chat.id)), is_closed=True)


def _message(message: Message) -> Received:
    text, file = text_of(message), file_of(message)
    attached = None if file else _attachment(message)
    if not text and not file and not attached:
        attached = Attachment(AttachmentKind.OTHER)
    incoming = Incoming(
        NAME,
        str(message.chat.id),
        text,
        attachments=(attached,) if attached else (),
        album=message.media_group_id or "",
        shown_name=_name_of(message.from_user or message.chat),
    )
    return Received(incoming, file=file)


def text_of(message: Message) -> str:
    """Return the words of a message, those under a picture too."""
    return _whole(message.text or message.caption)


def file_of(message: Message) -> Remote | None:
    """Return the file that came with a message, a photo in its largest size."""
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return Remote(largest.file_id, AttachmentKind.PHOTO, size=largest.file_size or 0)
    for name, kind in _FILES.items():
        if found := getattr(message, name):
            return Remote(found.file_id, kind, getattr(found, "file_name", None) or "", found.file_size or 0)
    return None


def _attachment(message: Message) -> Attachment | None:
    if message.venue:  # before location: a message with one carries both
        point, name = message.venue.location, ", ".join(filter(None, (message.venue.title, message.venue.address)))
        place = Place(point.latitude, point.longitude, _whole(name))
        return Attachment(AttachmentKind.LOCATION, place=place)
    if message.location:
        place = Place(message.location.latitude, message.location.longitude)
        return Attachment(AttachmentKind.LOCATION, place=place)
    if message.contact:
        return Attachment(
            AttachmentKind.CONTACT, phone=_whole(message.contact.phone_number), name=_name_of(message.contact)
        )
    return Attachment(AttachmentKind.STICKER) if message.sticker else None


def _name_of(who: User | Chat | Contact) -> str:
    """Return a name in the order of Vietnamese ones, the family's first."""
    return _whole(" ".join(filter(None, (who.last_name, who.first_name))))


def _whole(text: str | None) -> str:
    """Return a text without halves of letters, which JSON can hold and a database cannot."""
    return (text or "").encode(errors="replace").decode()
