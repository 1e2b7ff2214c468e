"""A web request as a citizen's message."""

import json
from typing import Any

from starlette.requests import Request

from bot.messages import AttachmentKind, Incoming

NAME = "web"
MOST_BYTES = 64 * 1024  # words; the page itself never sends more
MOST_UPLOAD_BYTES = 12 * 1024 * 1024


class BadRequest(Exception):
    """The request is not a message; the status says how (400 malformed, 413 too large)."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"HTTP {status}")


async def read(request: Request, address: str) -> Incoming:
    """Return the message in a request: JSON {"text"} or {"choice"}, or a form with the same fields and `photo`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_form = kind in ("multipart/form-data", "application/x-www-form-urlencoded")
    length = request.headers.get("content-length", "0")
    limit = MOST_UPLOAD_BYTES if kind == "multipart/form-data" else MOST_BYTES
    if not length.isdecimal() or int(length) > limit:
        raise BadRequest(413)
    return await _from_form(request, address) if is_form else await _from_json(request, address)


async def _from_json(request: Request, address: str) -> Incoming:
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > MOST_BYTES:
            raise BadRequest(413)
    try:
        raw: Any = json.loads(chunks)
    except (ValueError, RecursionError) as error:
        raise BadRequest(400) from error
    if not isinstance(raw, dict):
        raise BadRequest(400)
    return _incoming(raw.get("text"), raw.get("choice"), (), address)


async def _from_form(request: Request, address: str) -> Incoming:
    async with request.form(max_files=5, max_fields=10, max_part_size=MOST_BYTES) as form:
        text, choice = form.get("text"), form.get("choice")
        photos = [value for value in form.getlist("photo") if not isinstance(value, str) and value.filename]
    return _incoming(text, choice, tuple(AttachmentKind.PHOTO for _ in photos), address)


def _incoming(text: Any, choice: Any, attachments: tuple[AttachmentKind, ...], address: str) -> Incoming:
    if not isinstance(text, str | None) or not isinstance(choice, str | None):
        raise BadRequest(400)
    return Incoming(NAME, address, text or "", (choice or None) and str(choice)[:64], attachments, greeted=True)
