"""Files that citizens send, downloaded from the platform's own servers and from nowhere else.

The addresses come in messages. A forged one must not make this program read what only our own network can reach, so
every hop is https to a named host; no other host is asked or even looked up.
"""

import asyncio
import logging
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO
from urllib.parse import unquote

import httpx

from bot.files import FileRefused, Files
from bot.guard import FILES_AT_ONCE, FILES_PER_SECOND, Pace
from bot.messages import Attachment, AttachmentKind
from bot.settings import MOST_FILE_MB

log = logging.getLogger(__name__)

# Where captured events point to. To be confirmed on a real account; another host is refused and named in the log.
ZALO_HOSTS = ("zdn.vn", "zadn.vn", "dlfl.vn", "dlfl.me", "zalo.me", "zaloapp.com", "zaloplatforms.com")
MOST_BYTES = MOST_FILE_MB * 1024 * 1024  # the settings' own limits, which are lower, are the folder's to apply
MOST_HOPS = 3
MOST_AT_ONCE = 4
TRIES = 5  # within half a minute; a file that still cannot be had is told to its sender, not tried for ever
WHOLE_SECONDS = 120.0

_HOST = re.compile(r"[a-z0-9.-]+")
_TOO_LARGE = {
    AttachmentKind.PHOTO: "files.photo_too_large",
    AttachmentKind.VIDEO: "files.video_too_large",
    AttachmentKind.VOICE: "files.video_too_large",
    AttachmentKind.FILE: "files.document_too_large",
}


@dataclass(frozen=True, slots=True)
class Remote:
    """A file that still lies at the platform; `name` is what the sender's phone called it."""

    url: str
    kind: AttachmentKind
    name: str = ""


class Downloads:
    """Fetches from the named hosts into the folder of files."""

    def __init__(self, files: Files, *, hosts: Sequence[str]) -> None:
        self._files, self._hosts = files, tuple(hosts)
        self._http = new_client()
        self._pace = Pace(burst=FILES_AT_ONCE, per_second=FILES_PER_SECOND)
        self._places = asyncio.Semaphore(MOST_AT_ONCE)

    async def close(self) -> None:
        await self._http.aclose()

    async def fetch(self, remote: Remote, *, sender: str) -> Attachment:
        """Return a file as a kept attachment, or as one that says why it was refused; one person's come at a pace."""
        if not self._pace.allows(sender):
            return Attachment(remote.kind, refused="files.too_often")
        try:
            async with self._places, asyncio.timeout(WHOLE_SECONDS):
                return await self._persist(remote)
        except TimeoutError:
            return Attachment(remote.kind, refused="files.not_fetched")
        except FileRefused as refusal:
            return Attachment(remote.kind, refused=refusal.reason)

    async def _persist(self, remote: Remote) -> Attachment:
        name = remote.name or unquote(_parsed(remote.url).path.rpartition("/")[2])
        for number in range(TRIES):
            with tempfile.TemporaryFile() as file:
                try:
                    await self._follow(remote, file)
                except httpx.HTTPError as error:
                    log.warning("tải tệp: %s, lần %d trên %d", type(error).__name__, number + 1, TRIES)
                else:
                    file.seek(0)
                    return Attachment.of(await self._files.keep(file, name=name))
            if number + 1 < TRIES:
                await asyncio.sleep(2.0**number)
        raise FileRefused("files.not_fetched")

    async def _follow(self, remote: Remote, file: IO[bytes]) -> None:
        """Write what is at an address, redirections followed; raise HTTPError when trying again may help."""
        url = remote.url
        for _ in range(MOST_HOPS):
            self._check(url)
            async with self._http.stream("GET", url) as response:
                if response.next_request is None:
                    await _write(response, file, _TOO_LARGE[remote.kind])
                    return
                url = str(response.next_request.url)
        raise FileRefused("files.not_fetched")

    def _check(self, url: str) -> None:
        """Refuse an address that is not the platform's."""
        parsed = _parsed(url)
        host = parsed.host.lower().rstrip(".")
        is_theirs = any(host == known or host.endswith(f".{known}") for known in self._hosts) and _HOST.fullmatch(host)
        if parsed.scheme != "https" or parsed.port not in (None, 443) or parsed.userinfo or not is_theirs:
            log.warning("tải tệp: không tải từ máy chủ lạ %s", ascii(host[:100]))
            raise FileRefused("files.not_fetched")


def new_client() -> httpx.AsyncClient:
    """Return a client that follows nothing by itself."""
    return httpx.AsyncClient(timeout=httpx.Timeout(20.0, connect=10.0), follow_redirects=False)


async def _write(response: httpx.Response, file: IO[bytes], too_large: str) -> None:
    if response.status_code >= 500:
        raise httpx.RemoteProtocolError(f"HTTP {response.status_code}")
    if response.status_code != 200:
        log.warning("tải tệp: HTTP %d", response.status_code)
        raise FileRefused("files.not_fetched")
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > MOST_BYTES:
            raise FileRefused(too_large)
        file.write(part)


def _parsed(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return httpx.URL("")
