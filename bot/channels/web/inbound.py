"""A web request as a citizen's message."""

import json
from dataclasses import replace
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from bot.files import FileRefused, Files
from bot.guard import Body
from bot.messages import Attachment, AttachmentKind, Incoming, Place

NAME = "web"
MEGABYTE = 1024 * 1024
MOST_BYTES = 64 * 1024  # words; the page itself never sends more
MOST_FILES = 10  # in one message, as in an album of Telegram
MOST_PARTS = 50  # files that are read at all, so that the eleventh is told and not only refused
MOST_UPLOAD_BYTES = 60 * MEGABYTE


class BadRequest(Exception):
    """The request is no message that we take; `told` names the sentence that says so (bot/texts.toml)."""

    def __init__(self, status: int, told: str = "unknown.empty", **values: object) -> None:
        self.status, self.told, self.values = status, told, values
        super().__init__(f"HTTP {status}")


def megabytes(request: Request) -> float:
    """Return how much a request uploads, by its own word; the most that is taken when it does not say."""
    if _kind(request) != "multipart/form-data":
        return 0.0
    said = request.headers.get("content-length", "")
    return (int(said) if said.isdecimal() and len(said) < 12 else MOST_UPLOAD_BYTES) / MEGABYTE


async def read(request: Request, address: str, files: Files) -> Incoming:
    """Return the message in a request, its files kept.

    It is JSON {"text"} or {"choice"}, or a form with the same fields, any number of `photo` and `file`, and the
    `latitude` and `longitude` of a place.
    """
    kind = _kind(request)
    body = Body(request.receive, MOST_UPLOAD_BYTES if kind == "multipart/form-data" else MOST_BYTES)
    limited = Request(request.scope, body)
    try:
        if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
            return await _from_form(limited, address, files)
        return await _from_json(limited, address)
    except (MultiPartException, HTTPException) as error:
        if not body.is_too_large:
            raise BadRequest(400) from error
        if kind != "multipart/form-data":
            raise BadRequest(413, "unknown.too_long") from error
        raise BadRequest(413, "files.too_much", most=MOST_UPLOAD_BYTES // MEGABYTE) from error


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _from_json(request: Request, address: str) -> Incoming:
    try:
        raw: Any = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise BadRequest(400) from error
    if not isinstance(raw, dict):
        raise BadRequest(400)
    return _incoming(raw.get("text"), raw.get("choice"), address)


async def _from_form(request: Request, address: str, files: Files) -> Incoming:
    async with request.form(max_files=MOST_PARTS, max_fields=10, max_part_size=MOST_BYTES) as form:
        incoming = _incoming(form.get("text"), form.get("choice"), address)
        place = _place(form.get("latitude"), form.get("longitude"))
        uploads = [
            (kind, value)
            for field, kind in (("photo", AttachmentKind.PHOTO), ("file", AttachmentKind.FILE))
            for value in form.getlist(field)
            if isinstance(value, UploadFile) and value.filename
        ]
        if len(uploads) > MOST_FILES:
            raise BadRequest(413, "files.too_many", most=MOST_FILES)
        kept = [await _keep(upload, kind, files) for kind, upload in uploads]
    return replace(incoming, attachments=(*kept, *place))


async def _keep(upload: UploadFile, kind: AttachmentKind, files: Files) -> Attachment:
    try:
        return Attachment.of(await files.keep(upload.file, name=upload.filename or ""))
    except FileRefused as refusal:
        return Attachment(kind, refused=refusal.reason)


def _place(latitude: Any, longitude: Any) -> tuple[Attachment, ...]:
    if not latitude and not longitude:
        return ()
    try:
        north, east = float(latitude), float(longitude)
    except (TypeError, ValueError) as error:
        raise BadRequest(400) from error
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise BadRequest(400)
    return (Attachment(AttachmentKind.LOCATION, place=Place(north, east)),)


def _incoming(text: Any, choice: Any, address: str) -> Incoming:
    if not isinstance(text, str | None) or not isinstance(choice, str | None):
        raise BadRequest(400)
    said, pressed = _whole(text or ""), _whole(choice or "")[:64]
    return Incoming(NAME, address, said, pressed or None, greeted=True)


def _whole(text: str) -> str:
    """Return a text without halves of letters, which JSON can hold and a database cannot."""
    return text.encode(errors="replace").decode()
