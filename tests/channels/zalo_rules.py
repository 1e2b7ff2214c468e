"""Zalo's own rules, for our doubles of it: what it signs, what it accepts, how it refuses, what phones send.

Shapes of events as captured by users of public integrations (chatwoot among them); limits as live pilots met them.
"""

import hashlib
import json
from typing import Any

from starlette.responses import JSONResponse, Response

from tests import samples

MOST_TEXT, MOST_BUTTONS, MOST_TITLE, MOST_PAYLOAD = 2_000, 5, 100, 1_000
MOST_PICTURE_BYTES, MOST_FILE_BYTES = 1024 * 1024, 5 * 1024 * 1024
SIGNATURE_HEADER = "X-ZEvent-Signature"
BOT_SECRET_HEADER = "X-Bot-Api-Secret-Token"

DETAIL = {  # what Zalo tells of somebody, of which the name alone is ours to know
    "display_name": "Bà Lan",
    "user_alias": "Lan chợ",
    "user_is_follower": True,
    "avatar": "https://s120-ava-talk.zadn.vn/a/lan.jpg",
    "shared_info": {"name": "Nguyễn Thị Lan", "phone": "84912999888", "address": "số 9 ngõ Cây Đa"},
}
_FILE = {"url": "https://f6-zfcloud.zdn.vn/abc/to-khai.pdf", "name": "to-khai.pdf", "size": "63114", "type": "pdf"}
_PICTURE = {"url": "https://f20-zpc.zdn.vn/jpg/81.jpg", "thumbnail": "https://f20-zpc.zdn.vn/jpg/81.thumb.jpg"}
_MOVIE = {"url": "https://video-stal.zdn.vn/3.mp4", "thumbnail": "https://f20-zpc.zdn.vn/3.jpg", "description": ""}
_STICKER = {"id": "46992", "url": "https://zalo-api.zadn.vn/api/emoticon/sticker/webpc?eid=46992"}
_PLACE = {"coordinates": {"latitude": "10.7923119", "longitude": "106.7820651"}}
_CARD = {"thumbnail": "", "description": '{"phone":"84912345678","gender":"1"}', "url": "https://zalo.me/g/x"}


def _attached(kind: str, payload: dict[str, Any], **more: str) -> dict[str, Any]:
    return {"attachments": [{"payload": payload, "type": kind}], **more}


OA_MEDIA: dict[str, tuple[str, dict[str, Any]]] = {
    "photo": ("image", _attached("image", _PICTURE)),
    "video": ("video", _attached("video", _MOVIE)),
    "animation": ("gif", _attached("gif", {**_PICTURE, "url": "https://f20-zpc.zdn.vn/gif/81.gif"})),
    "voice": ("audio", _attached("audio", {"url": "https://voice-aac.zdn.vn/a.aac"})),
    "document": ("file", _attached("file", _FILE)),
    "sticker": ("sticker", _attached("sticker", _STICKER)),
    "location": ("location", _attached("location", _PLACE, text="Cơm Coffee New Sky")),
    "contact": ("business_card", _attached("link", _CARD, text="Ông Minh")),
    "dice": ("dice", _attached("dice", {})),  # nothing known: what comes next year
}
BOT_MEDIA: dict[str, tuple[str, dict[str, Any]]] = {
    "photo": ("image", {"photo_url": "https://f20-zpc.zdn.vn/jpg/81.jpg"}),
    "sticker": ("sticker", {"sticker": "0e078a2fab6f42311b7e", "url": "https://zalo-api.zadn.vn/sticker"}),
    "dice": ("unsupported", {}),
}


def quota(remain: object = 1_997, total: object = 2_000, **more: object) -> dict[str, object]:
    """Return one asset of an account's quota, as the tests of zalo-sdk captured it."""
    kind = {"asset_id": "8c273149281ac144980b", "product_type": "cs", "quota_type": "sub_quota"}
    return {**kind, "valid_through": "30/04/2024", "total": total, "remain": remain, **more}


CONTENT = {
    "jpg": samples.jpeg(),
    "gif": samples.saved(samples.picture(), "GIF"),
    "mp4": samples.movie(),
    "aac": samples.aac(),
    "pdf": samples.pdf(),
}


def signed(app_id: str, body: bytes, timestamp: str, secret: str) -> str:
    """Return the signature of an event: plain SHA-256, no HMAC."""
    return hashlib.sha256(app_id.encode() + body + timestamp.encode() + secret.encode()).hexdigest()


class Refused(Exception):
    """What Zalo answers instead: a code inside HTTP 200, or an HTTP status with a page, or nothing at all (0)."""

    def __init__(self, code: int, said: str = "") -> None:
        self.code = code
        super().__init__(said)

    def response(self) -> Response:
        if self.code < 0:
            return JSONResponse({"error": self.code, "message": str(self) or "error"})
        said = str(self)
        return Response(said if said.startswith("{") else f"<html>{said}", self.code, media_type="text/html")


def read_message(message: dict[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    """Return the text and the buttons (title, payload) of a message to a person."""
    text = str(message.get("text", ""))
    payload = message.get("attachment", {}).get("payload", {})
    if not text.strip() and not payload:
        raise Refused(-201, "text is empty")
    if len(text.encode("utf-16-le")) > 2 * MOST_TEXT:
        raise Refused(-210, "text is too long")
    buttons = payload.get("buttons", [])
    if len(buttons) > MOST_BUTTONS or ("buttons" in payload and "template_type" in payload):
        raise Refused(-201, "buttons are invalid")
    for button in buttons:
        is_known = button["type"] in ("oa.query.show", "oa.query.hide")
        if not (is_known and 0 < len(button["title"]) <= MOST_TITLE and len(button["payload"]) <= MOST_PAYLOAD):
            raise Refused(-201, "button is invalid")
    return text, [(button["title"], button["payload"]) for button in buttons]


def check_upload(kind: str, content: bytes) -> None:
    """Refuse what Zalo does not take: pictures are JPEG or PNG, files PDF or Word, both by their content."""
    starts = {"image": (b"\xff\xd8\xff", b"\x89PNG"), "file": (b"%PDF-", b"PK\x03\x04")}[kind]
    if not content.startswith(starts):
        raise Refused(-201, "file type is not supported")
    if len(content) > (MOST_PICTURE_BYTES if kind == "image" else MOST_FILE_BYTES):
        raise Refused(-210, "file is too large")


def as_bytes(event: dict[str, Any]) -> bytes:
    """Return an event as Zalo writes it: neither our spacing nor our escapes."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")
