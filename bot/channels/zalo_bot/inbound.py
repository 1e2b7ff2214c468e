"""A Zalo Bot update as a citizen's message."""

from dataclasses import dataclass, replace
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
    incoming = Incoming(NAME, address, _whole(message.get("text") or message.get("caption")), shown_name=_name(message))
    if raw["event_name"] == "message.text.received":
        return Received(incoming)
    kind = _KINDS.get(raw["event_name"], AttachmentKind.OTHER)
    if kind is AttachmentKind.PHOTO:
        return Received(incoming, Remote(str(message.get("photo_url") or message.get("photo") or ""), kind))
    return Received(replace(incoming, attachments=(Attachment(kind),)))


def _name(message: dict[str, Any]) -> str | None:
    """Return the name that the sender shows, None for none; older updates call it `name` or `first_name`."""
    sender = message.get("from", {})
    return _whole(sender.get("display_name") or sender.get("name") or sender.get("first_name")) or None


def _whole(text: Any) -> str:
    """Return a text without halves of letters, which JSON can hold and a database cannot."""
    return str(text or "").encode(errors="replace").decode()
