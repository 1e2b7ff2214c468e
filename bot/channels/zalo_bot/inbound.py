"""A Zalo Bot update as a citizen's message."""

from dataclasses import dataclass
from typing import Any

from bot.channels.fetching import Remote
from bot.channels.webhooks import is_id, key_of
from bot.messages import Attachment, AttachmentKind, Incoming

NAME = "zalo_bot"

_KINDS = {
    "message.image.received": AttachmentKind.PHOTO,
    "message.sticker.received": AttachmentKind.STICKER,
}


@dataclass(frozen=True, slots=True)
class Received:
    """What an update says; `photo` is to be fetched and becomes its attachment."""

    incoming: Incoming
    photo: Remote | None = None


def unwrapped(raw: Any) -> dict[str, Any] | None:
    """Return the update in what Zalo pushed, bare or as the result of a call; None when there is none."""
    found = raw.get("result", raw) if isinstance(raw, dict) else None
    return found if isinstance(found, dict) and "event_name" in found else None


def chat(raw: Any) -> str:
    """Return the chat an update comes from; everything malformed comes from nowhere."""
    try:
        return str(raw["message"]["chat"]["id"])
    except (KeyError, TypeError):
        return ""


def key(raw: dict[str, Any]) -> str:
    """Return what Zalo's repetitions of an update have in common."""
    message = raw.get("message")
    found = message.get("message_id") if isinstance(message, dict) else None
    return key_of(str(found or raw))


def read(raw: dict[str, Any]) -> Received | None:
    """Return what an update says, None for what is not a citizen's: groups, bots.

    Raise KeyError, TypeError, AttributeError or ValueError for one that cannot be understood.
    """
    message = raw["message"]
    if message["chat"].get("chat_type", "PRIVATE") != "PRIVATE" or message.get("from", {}).get("is_bot"):
        return None
    address = chat(raw)
    if not is_id(address):
        raise ValueError("a chat without a usable id")
    text = str(message.get("text") or message.get("caption") or "").encode(errors="replace").decode()
    if raw["event_name"] == "message.text.received":
        return Received(Incoming(NAME, address, text))
    kind = _KINDS.get(raw["event_name"], AttachmentKind.OTHER)
    if kind is AttachmentKind.PHOTO:
        photo = Remote(str(message.get("photo_url") or message.get("photo") or ""), kind)
        return Received(Incoming(NAME, address, text), photo)
    return Received(Incoming(NAME, address, text, attachments=(Attachment(kind),)))
