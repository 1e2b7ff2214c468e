"""Who is chatting: a random cookie, known to us only by its hash."""

import hashlib
import ipaddress
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

from bot.guard import Pace

COOKIE = "motcua_chat"
COOKIE_SECONDS = 180 * 24 * 3600
TOKEN_BYTES = 24

_OURS = re.compile(r"[A-Za-z0-9_-]{16,64}")


def token_of(request: Request) -> str | None:
    """Return the visitor's token, or None when there is none or it cannot be one of ours."""
    token = request.cookies.get(COOKIE, "")
    return token if _OURS.fullmatch(token) else None


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def address(token: str) -> str:
    """Return the address kept for a token; the token itself is stored nowhere, so a stolen database opens no chat."""
    return hashlib.sha256(token.encode()).hexdigest()[:40]


def remember(response: Response, token: str, *, secure: bool, embedded: bool) -> None:
    """Set the cookie. A page embedded in another site keeps it only as SameSite=None, which needs https."""
    flags = (
        "SameSite=None; Secure; Partitioned" if embedded and secure else "SameSite=Lax" + ("; Secure" if secure else "")
    )
    cookie = f"{COOKIE}={token}; Max-Age={COOKIE_SECONDS}; Path=/; HttpOnly; {flags}"
    response.headers.append("set-cookie", cookie)


class Door:
    """Who may speak now: a person never empties these buckets, a script does.

    Many phones share one address (a mobile network, the Wi-Fi of a meeting), so an address has a large bucket. A cookie
    costs nothing to make up, so visitors not heard of lately are few a minute from one address.
    """

    def __init__(self) -> None:
        self._visitors = Pace(burst=120, per_second=10)
        self._addresses = Pace(burst=1_200, per_second=60)
        self._newcomers = Pace(burst=600, per_second=2)

    def admits(self, visitor: str | None, host: str) -> bool:
        """Tell whether a visitor, None without a cookie, may take a turn from a network address."""
        near = _subscriber(host)
        if not self._addresses.allows(near):
            return False
        if not (visitor and self._visitors.knows(visitor)) and not self._newcomers.allows(near):
            return False
        return visitor is None or self._visitors.allows(visitor)


def network(request: Request) -> str:
    """Return whose turns a request takes where nobody is known by a cookie."""
    return _subscriber(request.client.host if request.client else "")


def _subscriber(host: str) -> str:
    """Return what one subscriber has: an IPv4 address, of an IPv6 address the first 64 bits."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
