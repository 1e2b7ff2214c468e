"""A web request as a citizen's message."""

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from bot.guard import Body
from bot.messages import Attachment, AttachmentKind, Incoming

NAME = "web"
MOST_BYTES = 64 * 1024  # words; the page itself never sends more
MOST_UPLOAD_BYTES = 12 * 1024 * 1024


class BadRequest(Exception):
    """The request is no message that we take; `told` names the sentence that says so (bot/texts.toml)."""

    def __init__(self, status: int, told: str = "unknown.empty") -> None:
        self.status, self.told = status, told
        super().__init__(f"HTTP {status}")


async def read(request: Request, address: str) -> Incoming:
    """Return the message in a request: JSON {"text"} or {"choice"}, or a form with the same fields and `photo`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = Body(request.receive, MOST_UPLOAD_BYTES if kind == "multipart/form-data" else MOST_BYTES)
    limited = Request(request.scope, body)
    try:
        if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
            return await _from_form(limited, address)
        return await _from_json(limited, address)
    except (MultiPartException, HTTPException) as error:
        raise BadRequest(413 if body.is_too_large else 400) from error


async def _from_json(request: Request, address: str) -> Incoming:
    try:
        raw: Any = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise BadRequest(400) from error
    if not isinstance(raw, dict):
        raise BadRequest(400)
    return _incoming(raw.get("text"), raw.get("choice"), (), address)


async def _from_form(request: Request, address: str) -> Incoming:
    async with request.form(max_files=5, max_fields=10, max_part_size=MOST_BYTES) as form:
        text, choice = form.get("text"), form.get("choice")
        photos = [value for value in form.getlist("photo") if not isinstance(value, str) and value.filename]
    return _incoming(text, choice, tuple(Attachment(AttachmentKind.PHOTO) for _ in photos), address)


def _incoming(text: Any, choice: Any, attachments: tuple[Attachment, ...], address: str) -> Incoming:
    if not isinstance(text, str | None) or not isinstance(choice, str | None):
        raise BadRequest(400)
    said, pressed = _whole(text or ""), _whole(choice or "")[:64]
    return Incoming(NAME, address, said, pressed or None, attachments, greeted=True)


def _whole(text: str) -> str:
    """Return a text without halves of letters, which JSON can hold and a database cannot."""
    return text.encode(errors="replace").decode()
