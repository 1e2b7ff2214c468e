"""Addresses at which one of our files can be fetched for a while: by a platform's server, or by who got the message.

An address says itself what it leads to and until when, and is signed: whichever process made it, the web page's serves
it. Nobody can guess one, change one, or make it live longer. Which of those good for one use are used up, the database
knows.
"""

import base64
import hashlib
import hmac
import logging
import re
import secrets
import struct
from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bot.files import Files, StoredFile, headers, media_type_of
from bot.storage import used_links
from bot.storage.database import Database, StorageError
from knowledge.vietnamese import fold

log = logging.getLogger(__name__)

FOR_PLATFORM = timedelta(minutes=3)  # Zalo may take 150 seconds to fetch a picture
FOR_PEOPLE = timedelta(days=7)
NONCE_BYTES, MAC_BYTES = 6, 16

_PAYLOAD = struct.Struct(f">32sQ{NONCE_BYTES}s")  # digest, until (seconds), nonce: zeros when good for many times
_MANY = bytes(NONCE_BYTES)
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


class Links:
    """The addresses below one path; `key` is known to our own processes only."""

    def __init__(self, path: str, key: str, files: Files, database: Database, *, now: Callable[[], datetime]) -> None:
        self._path, self._files, self._database, self._now = path, files, database, now
        self._key = hmac.new(key.encode(), b"motcua tep", hashlib.sha256).digest()

    @property
    def routes(self) -> list[Route]:
        return [Route(f"{self._path}/{{token}}/{{name}}", self.serve, methods=["GET"])]

    def once(self, file: StoredFile) -> str:
        """Return a path at which a platform can fetch a file, once and within minutes."""
        return self._to(file, FOR_PLATFORM, secrets.token_bytes(NONCE_BYTES))

    def for_people(self, file: StoredFile) -> str:
        """Return a path at which people can fetch a file for some days, as often as they like."""
        return self._to(file, FOR_PEOPLE, _MANY)

    def _to(self, file: StoredFile, life: timedelta, nonce: bytes) -> str:
        stem, _, extension = file.name.rpartition(".")
        name = f"{_NOT_IN_NAMES.sub('-', fold(stem)).strip('-') or 'tep'}.{extension}"
        payload = _PAYLOAD.pack(bytes.fromhex(file.digest), int((self._now() + life).timestamp()), nonce)
        token = base64.urlsafe_b64encode(payload + self._mac(payload, name)).decode().rstrip("=")
        return f"{self._path}/{token}/{name}"

    def _mac(self, payload: bytes, name: str) -> bytes:
        return hmac.new(self._key, payload + name.encode(), hashlib.sha256).digest()[:MAC_BYTES]

    async def serve(self, request: Request) -> Response:
        """Give a file away; 404 for whatever is not an address of ours that is still good, 503 when that is not known.

        Asking only for its size (HEAD) does not use an address up.
        """
        found = self._read(request.path_params["token"], request.path_params["name"])
        if found is None:
            return Response(status_code=404)
        file, nonce = found
        try:
            path = self._files.path(file.digest)
        except FileNotFoundError:
            return Response(status_code=404)
        try:
            if nonce != _MANY and request.method == "GET" and not await self._use(nonce):
                return Response(status_code=404)
        except StorageError as error:
            log.error("chưa đưa được tệp: %s", error)
            return Response(status_code=503)
        return FileResponse(path, headers=headers(file) | {"cache-control": "private, no-store"})

    def _read(self, token: str, name: str) -> tuple[StoredFile, bytes] | None:
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except ValueError:
            return None
        payload, mac = raw[: _PAYLOAD.size], raw[_PAYLOAD.size :]
        if len(payload) != _PAYLOAD.size or not hmac.compare_digest(mac, self._mac(payload, name)):
            return None
        digest, until, nonce = _PAYLOAD.unpack(payload)
        if until < self._now().timestamp():
            return None
        return StoredFile(digest.hex(), name, media_type_of(name), 0), nonce

    async def _use(self, nonce: bytes) -> bool:
        """Tell whether an address that is good once has not been used, in whichever process."""
        now = self._now()
        async with self._database.transaction() as transaction:
            return await used_links.use(transaction, nonce.hex(), until=now + FOR_PLATFORM, now=now)
