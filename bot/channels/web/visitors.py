"""Who is chatting: a random cookie, known to us only by its hash."""

import hashlib
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

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
