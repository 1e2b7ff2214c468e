"""The Bot API's own rules, for our double of it: what it accepts, how it refuses, what phones send.

Limits and wording: https://core.telegram.org/bots/api (lengths in UTF-16 units, after entity parsing).
"""

import html
import io
import json
import re
from typing import Any, NamedTuple

from PIL import Image, UnidentifiedImageError
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tests import samples

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MOST_UNITS, MOST_BUTTONS, MOST_IN_ROW, MOST_DATA_BYTES = 4096, 100, 8, 64

_TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "a", "code", "pre", "blockquote"}
_MARK = re.compile(r"<(/?)([a-z-]+)((?:\s[^<>]*)?)>|<|&(?:lt|gt|amp|quot|#\d+|#x[0-9a-f]+);", re.IGNORECASE)

MOST_BYTES_OUT = 20 * 1024 * 1024  # of getFile
MOST_CAPTION = 1024
MOST_PHOTO_BYTES, MOST_SIDES, MOST_RATIO = 10 * 1024 * 1024, 10_000, 20
MOST_FILE_BYTES = 50 * 1024 * 1024

_FILE = {"file_id": "", "file_unique_id": ""}  # filled in when a phone sends it
_PLACE = {"latitude": 20.67, "longitude": 106.05}
MEDIA: dict[str, Any] = {
    "photo": [{**_FILE, "width": 90, "height": 60}, {**_FILE, "width": 800, "height": 600}],
    "video": {**_FILE, "width": 640, "height": 480, "duration": 4},
    "video_note": {**_FILE, "length": 240, "duration": 4},
    "animation": {**_FILE, "width": 320, "height": 240, "duration": 2, "file_name": "cho.mp4"},
    "voice": {**_FILE, "duration": 3},
    "audio": {**_FILE, "duration": 60},
    "document": {**_FILE, "file_name": "to-khai.pdf"},
    "sticker": {**_FILE, "type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
    "location": _PLACE,
    "venue": {"location": _PLACE, "title": "Nhà văn hóa", "address": "thôn An Xá"},
    "contact": {"phone_number": "+84912345678", "first_name": "Minh"},
    "dice": {"emoji": "🎲", "value": 6},
}
CONTENT = {
    "photo": samples.jpeg(),
    **dict.fromkeys(("video", "video_note", "animation"), samples.movie()),
    "voice": samples.ogg(),
    "audio": samples.mp3(),
    "document": samples.pdf(),
    "sticker": samples.saved(samples.picture(), "WEBP"),
}


class Refused(Exception):
    """What Telegram (4xx), a proxy in between (5xx, a strange 200) or a broken line (0) answers instead."""

    def __init__(self, status: int, description: str, retry_after: int = 0, *, migrate_to: int = 0) -> None:
        super().__init__(description)
        given = {"retry_after": retry_after, "migrate_to_chat_id": migrate_to}
        self._status, self._parameters = status, {name: value for name, value in given.items() if value}

    def response(self) -> Response:
        if not self._status:
            return _Dropped()
        if not 400 <= self._status < 500:
            return Response(str(self), self._status, media_type="text/html")
        parameters = {"parameters": self._parameters} if self._parameters else {}
        body = {"ok": False, "error_code": self._status, "description": str(self), **parameters}
        return JSONResponse(body, self._status)


class _Dropped(Response):
    """A connection that ends in the middle of the answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
        await send({"type": "http.response.body", "body": b'{"ok"'})


def bad_request(said: str) -> Refused:
    return Refused(400, f"Bad Request: {said}")


async def read_parameters(request: Request) -> dict[str, Any]:
    """Return the parameters of a call: JSON or a form, whose structured values are JSON."""
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(await request.json())
    async with request.form() as form:
        uploads = {key: value for key, value in form.items() if isinstance(value, UploadFile)}
        parts = {key: Upload(value.filename or "", await value.read()) for key, value in uploads.items()}
        given = {**request.query_params, **form, **parts}
    structured = ("reply_markup", "reply_parameters", "allowed_updates", "commands", "media")
    return {key: json.loads(str(value)) if key in structured else value for key, value in given.items()}


class Upload(NamedTuple):
    """A file that comes with a call, as multipart/form-data."""

    name: str
    content: bytes


def read_caption(given: dict[str, Any]) -> str:
    """Return what a person reads under a file."""
    caption = str(given.get("caption", ""))
    shown = read_html(caption) if given.get("parse_mode") == "HTML" else caption
    if len(shown.encode("utf-16-le")) > 2 * MOST_CAPTION:
        raise bad_request("message caption is too long")
    return shown.strip()


def check_photo(content: bytes) -> None:
    """Refuse what Telegram does not take for a photo."""
    if len(content) > MOST_PHOTO_BYTES:
        raise bad_request("file is too big for a photo")
    try:
        with Image.open(io.BytesIO(content)) as image:
            width, height = image.size
    except UnidentifiedImageError:
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > MOST_SIDES or max(width, height) > MOST_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def check_document(content: bytes) -> None:
    """Refuse what is no file to Telegram."""
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > MOST_FILE_BYTES:
        raise Refused(413, "Request Entity Too Large")


def read_text(given: dict[str, Any]) -> str:
    """Return what a person reads of the text of a call."""
    text = read_html(given["text"]) if given.get("parse_mode") == "HTML" else str(given["text"])
    if not text.strip():
        raise bad_request("message text is empty")
    if len(text.encode("utf-16-le")) > 2 * MOST_UNITS:
        raise bad_request("message is too long")
    return text.strip()


def read_html(text: str) -> str:
    """Return what a person reads of a text in Telegram's HTML."""
    inside: list[str] = []

    def read(match: re.Match[str]) -> str:
        is_end, tag = match[1], (match[2] or "").lower()
        if match[0].startswith("&"):
            return html.unescape(match[0])
        if tag not in _TAGS or (is_end and (not inside or inside.pop() != tag)):
            raise bad_request(f'can\'t parse entities: unsupported or unmatched tag "{tag}"')
        if not is_end:
            inside.append(tag)
        return ""

    shown = _MARK.sub(read, text)
    if inside:
        raise bad_request(f"can't parse entities: can't find end tag corresponding to start tag \"{inside[-1]}\"")
    return shown


def read_choices(given: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the label and data of each inline button of a call."""
    rows = given.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [(button["text"], button["callback_data"]) for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS or not all(1 <= len(row) <= MOST_IN_ROW for row in rows):
        raise bad_request("reply markup is too long")
    if not all(label.strip() and 1 <= len(data.encode()) <= MOST_DATA_BYTES for label, data in buttons):
        raise bad_request("BUTTON_DATA_INVALID")
    return buttons


def check_webhook(given: dict[str, Any]) -> None:
    """Refuse an address without https and a secret that is no header value."""
    if not str(given.get("url")).startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", str(given.get("secret_token", "none"))):
        raise bad_request("secret token contains unallowed characters")
