"""A Zalo event as a citizen's message.

The shapes are those that chatwoot's and other integrations' users captured: ids are strings of 18 or 19 digits, moments
are milliseconds in a string, coordinates are strings.
"""

import json
import math
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.channels.fetching import Remote
from bot.channels.webhooks import is_id, key_of
from bot.clock import ZONE
from bot.messages import Attachment, AttachmentKind, Incoming, Place

NAME = "zalo_oa"
MARK = "#OPT:"  # before the choice id in what a pressed button sends; anybody can type it, so it proves nothing
GREETING = "/start"

_PRESSED = re.compile(rf"(?:^|\s){MARK}(\S+)$")

_SENT = "user_send_"
_KINDS = {
    "user_send_image": AttachmentKind.PHOTO,
    "user_send_gif": AttachmentKind.VIDEO,
    "user_send_video": AttachmentKind.VIDEO,
    "user_send_audio": AttachmentKind.VOICE,
    "user_send_file": AttachmentKind.FILE,
    "user_send_sticker": AttachmentKind.STICKER,
    "user_send_location": AttachmentKind.LOCATION,
    "user_send_business_card": AttachmentKind.CONTACT,
}


class Did(StrEnum):
    """What somebody did."""

    WROTE = "wrote"
    FOLLOWED = "followed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Received:
    """What an event says; `files` are to be fetched and become its attachments."""

    incoming: Incoming
    at: datetime
    did: Did = Did.WROTE
    files: tuple[Remote, ...] = ()


def concerns_us(raw: dict[str, Any]) -> bool:
    """Tell whether an event is a citizen's doing: not a receipt, not our own message, not a group's."""
    event = str(raw.get("event_name"))
    return event in ("follow", "unfollow") or (event.startswith(_SENT) and not event.startswith(f"{_SENT}group"))


def sender(raw: Any) -> str:
    """Return who an event comes from; everything malformed comes from nobody."""
    try:
        return str(raw["follower" if "follower" in raw else "sender"]["id"])
    except (KeyError, TypeError):
        return ""


def key(raw: dict[str, Any]) -> str:
    """Return what Zalo's repetitions of an event have in common."""
    message = raw.get("message")
    number = message.get("msg_id") if isinstance(message, dict) else None
    found = str(number) if number else f"{raw.get('event_name')}:{sender(raw)}:{raw.get('timestamp')}"
    return key_of(found)


def moment(raw: dict[str, Any]) -> datetime | None:
    """Return when an event happened, None when it does not say."""
    try:
        return datetime.fromtimestamp(int(raw["timestamp"]) / 1_000, ZONE)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def read(raw: dict[str, Any], *, now: datetime) -> Received:
    """Return what an event says; raise KeyError, TypeError or ValueError for one that cannot be understood."""
    address = sender(raw)
    if not is_id(address):
        raise ValueError("an event of nobody")
    at = min(moment(raw) or now, now)
    if raw["event_name"] == "follow":
        return Received(Incoming(NAME, address, GREETING), at, Did.FOLLOWED)
    if raw["event_name"] == "unfollow":
        return Received(Incoming(NAME, address), at, Did.LEFT)
    return _message(raw["event_name"], raw["message"], address, at)


def _message(event: str, message: dict[str, Any], address: str, at: datetime) -> Received:
    text = str(message.get("text") or "").encode(errors="replace").decode()  # half an emoji cannot be stored
    if pressed := _PRESSED.search(text):
        return Received(Incoming(NAME, address, choice=pressed[1]), at)
    sent = message.get("attachments") or []
    payloads = [one.get("payload") or {} for one in sent]
    if event in ("user_send_text", "user_send_link"):
        text = text or " ".join(str(payload.get("url") or "") for payload in payloads)
        return Received(Incoming(NAME, address, text), at)
    kind = _KINDS.get(event, AttachmentKind.OTHER)
    is_label = kind in (AttachmentKind.LOCATION, AttachmentKind.CONTACT)  # the text is the place's name, the card's
    words = "" if is_label else text
    if kind in _FILES and payloads:
        files = tuple(Remote(str(p.get("url") or ""), kind, str(p.get("name") or "")) for p in payloads)
        return Received(Incoming(NAME, address, words), at, files=files)
    attachments = tuple(_attachment(kind, payload, text) for payload in payloads) or (Attachment(kind),)
    return Received(Incoming(NAME, address, words, attachments=attachments), at)


_FILES = {AttachmentKind.PHOTO, AttachmentKind.VIDEO, AttachmentKind.VOICE, AttachmentKind.FILE}


def _attachment(kind: AttachmentKind, payload: dict[str, Any], text: str) -> Attachment:
    if kind is AttachmentKind.LOCATION:
        return Attachment(kind, place=_place(payload.get("coordinates"), text))
    is_card = kind is AttachmentKind.CONTACT
    return Attachment(kind, phone=_phone(payload), name=text) if is_card else Attachment(kind)


def _place(coordinates: Any, name: str) -> Place | None:
    """Return the point, None when its coordinates are none on this earth."""
    try:
        latitude, longitude = float(coordinates["latitude"]), float(coordinates["longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    if not (math.isfinite(latitude) and abs(latitude) <= 90 and math.isfinite(longitude) and abs(longitude) <= 180):
        return None
    return Place(latitude, longitude, name)


def _phone(payload: dict[str, Any]) -> str:
    """Return the number on a business card, which is JSON inside the card's description."""
    try:
        return str(json.loads(payload["description"])["phone"])
    except (KeyError, TypeError, ValueError, RecursionError):
        return ""
