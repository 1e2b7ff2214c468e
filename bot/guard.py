"""What guards every page: headers, which requests are from our own pages, how large they may be, and how many."""

import time
from collections import OrderedDict
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Guard:
    """Adds the security headers. No inline script or style runs; `ancestors` alone may show the page in a frame."""

    def __init__(self, app: ASGIApp, ancestors: str) -> None:
        self._app = app
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
            f"form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
        )
        # same-origin, not no-referrer: under that, browsers post forms with "Origin: null", which is_same_site refuses
        self._headers = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "permissions-policy": "camera=(), microphone=(), geolocation=(self)",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_guarded if scope["type"] == "http" else send)


def is_same_site(request: Request) -> bool:
    """Tell whether a POST comes from our own page or from a program, not from another site's page (CSRF)."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


class Body:
    """A request's body, cut off beyond a limit whatever length it claims to have."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._left = receive, limit

    @property
    def is_too_large(self) -> bool:
        return self._left < 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self.is_too_large:
            raise MultiPartException("too large")  # at which Starlette removes the files of a half-read upload
        return message


FILES_AT_ONCE, FILES_PER_SECOND = 40, 1 / 300  # of one person at a platform: a disk is filled by nobody


class Pace:
    """A bucket of turns for each key, filled at a steady pace. Kept in memory, a process each."""

    def __init__(self, *, burst: float, per_second: float, most: int = 20_000) -> None:
        self._burst, self._rate, self._most = burst, per_second, most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def knows(self, key: str) -> bool:
        return key in self._buckets

    def allows(self, key: str, turns: float = 1) -> bool:
        """Take turns from a bucket; False when there are not so many in it."""
        now = time.monotonic()
        level, at = self._buckets.pop(key, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        self._buckets[key] = (level - turns if level >= turns else level, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return level >= turns
