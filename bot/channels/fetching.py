"""Downloads of what people sent, from the platform's own servers and from nowhere else.

The addresses come in messages. A forged one must not make this program read what only our own network can reach, so
every hop is https to a named host; nothing is looked up and nothing is asked of any other.
"""

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Sequence
from typing import IO, Protocol
from urllib.parse import unquote

import httpx

from bot.files import StoredFile

log = logging.getLogger(__name__)

# Where captured events point to. To be confirmed on a real account; another host is refused and named in the log.
ZALO_HOSTS = ("zdn.vn", "zadn.vn", "dlfl.vn", "dlfl.me", "zalo.me", "zaloapp.com", "zaloplatforms.com")
MOST_HOPS = 3
TRIES = 3
PAUSE_SECONDS = 2.0
WHOLE_SECONDS = 120.0


class Keep(Protocol):
    """What keeps a file: bot.files."""

    def __call__(self, data: IO[bytes], *, name: str) -> Awaitable[StoredFile]: ...


class Unfetched(Exception):
    """The file was not downloaded; `told` names the sentence that says so (bot/texts.toml)."""

    def __init__(self, told: str) -> None:
        self.told = told
        super().__init__(told)


class Source:
    """The servers of one platform, and the largest file taken from them."""

    def __init__(self, http: httpx.AsyncClient, *, hosts: Sequence[str], most_bytes: int) -> None:
        self._http, self._hosts, self._most = http, tuple(hosts), most_bytes

    async def fetch(self, url: str, keep: Keep, *, name: str = "") -> StoredFile:
        """Download a file and return it as kept; raise Unfetched when it is too large, elsewhere or not to be had."""
        with tempfile.TemporaryFile() as file:
            try:
                async with asyncio.timeout(WHOLE_SECONDS):
                    await self._download(url, file)
            except TimeoutError:
                raise Unfetched("zalo.not_fetched") from None
            file.seek(0)
            return await keep(file, name=name or unquote(_parsed(url).path.rpartition("/")[2]))

    async def _download(self, url: str, file: IO[bytes]) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                file.seek(0)
                file.truncate()
                if await self._follow(url, file):
                    return
            except httpx.HTTPError as error:
                log.warning("tải tệp: %s, lần %d/%d", type(error).__name__, attempt, TRIES)
            if attempt < TRIES:
                await asyncio.sleep(PAUSE_SECONDS)
        raise Unfetched("zalo.not_fetched")

    async def _follow(self, url: str, file: IO[bytes]) -> bool:
        """Write what is at an address, redirections followed; False when the server is in trouble."""
        for _ in range(MOST_HOPS):
            self._check(url)
            async with self._http.stream("GET", url, follow_redirects=False) as response:
                if response.status_code >= 500:
                    return False
                if response.next_request is None:
                    await self._write(response, file)
                    return True
                url = str(response.next_request.url)
        raise Unfetched("zalo.not_fetched")

    async def _write(self, response: httpx.Response, file: IO[bytes]) -> None:
        if response.status_code != 200:
            log.warning("tải tệp: HTTP %d", response.status_code)
            raise Unfetched("zalo.not_fetched")
        size = 0
        async for part in response.aiter_bytes():
            size += len(part)
            if size > self._most:
                raise Unfetched("zalo.too_large")
            file.write(part)

    def _check(self, url: str) -> None:
        """Refuse an address that is not the platform's."""
        parsed = _parsed(url)
        host = parsed.host.lower().rstrip(".")
        is_theirs = any(host == known or host.endswith(f".{known}") for known in self._hosts)
        if parsed.scheme != "https" or parsed.port not in (None, 443) or parsed.userinfo or not is_theirs:
            log.warning("tải tệp: không tải từ máy chủ lạ %s", host[:100].encode("unicode_escape").decode())
            raise Unfetched("zalo.not_fetched")


def _parsed(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return httpx.URL("")
