"""What keeps a visit its own: the cookie, the token in every form, the way back after signing in."""

import base64
import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response

from bot.guard import Body
from bot.officials import tokens

HOME = "/quan-tri"
COOKIE = "motcua_quan_tri"
NOTICE_COOKIE = "motcua_quan_tri_bao"
NOTICE_SECONDS = 60
MOST_BYTES = 64 * 1024  # words
MOST_UPLOAD_BYTES = 32 * 1024 * 1024  # from those who are signed in

_OURS = re.compile(r"[A-Za-z0-9_-]{43}")
_WAY_BACK = re.compile(r"/quan-tri(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?(?:\?[A-Za-z0-9%&=+._~-]*)?")


class BadForm(Exception):
    """A form that is too large, or no form at all."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"HTTP {status}")


def token_of(request: Request) -> str:
    """Return the token in a browser's cookie; "" when there is none or it cannot be one of ours."""
    token = request.cookies.get(COOKIE, "")
    return token if _OURS.fullmatch(token) else ""


def give_token(response: Response, token: str, *, secure: bool) -> None:
    """Put a token into the browser's cookie, until it is closed."""
    response.set_cookie(COOKIE, token, path=HOME, secure=secure, httponly=True, samesite="strict")


def csrf_token(token: str) -> str:
    """Return what our own forms carry. Other sites cannot know it: it comes from the secret in the cookie."""
    return _signed(token, "form")


def is_from_our_page(form: FormData, token: str) -> bool:
    """Tell whether a form was on a page that we made for this very browser and session (CSRF)."""
    given = form.get("csrf")
    return isinstance(given, str) and hmac.compare_digest(given.encode(), csrf_token(token).encode())


def give_notice(response: Response, notice: str, token: str, *, secure: bool) -> None:
    """Have the next page say a sentence, once."""
    text = base64.urlsafe_b64encode(notice.encode()).decode()
    value = f"{text}.{_signed(token, notice)}"
    response.set_cookie(
        NOTICE_COOKIE, value, max_age=NOTICE_SECONDS, path=HOME, secure=secure, httponly=True, samesite="strict"
    )


def take_notice(request: Request, token: str) -> str:
    """Return the sentence that the page before left for this one; "" for none, and for what we did not sign."""
    text, _, signature = request.cookies.get(NOTICE_COOKIE, "").partition(".")
    try:
        notice = base64.urlsafe_b64decode(text).decode()
    except ValueError:
        return ""
    return notice if hmac.compare_digest(signature.encode(), _signed(token, notice).encode()) else ""


def way_back(wanted: str) -> str:
    """Return where somebody goes after signing in: a page of the console, never another site."""
    return wanted if _WAY_BACK.fullmatch(wanted) else f"{HOME}/"


@asynccontextmanager
async def form_of(request: Request, most_bytes: int) -> AsyncIterator[FormData]:
    """Yield the form that was sent; uploaded files are gone after the block. Raise BadForm when there is none."""
    body = Body(request.receive, most_bytes)
    try:
        form = await Request(request.scope, body).form(max_files=20, max_fields=500, max_part_size=MOST_BYTES)
    except (MultiPartException, HTTPException) as error:
        raise BadForm(413 if body.is_too_large else 400) from error
    try:
        yield form
    finally:
        await form.close()


def comes_from_another_site(request: Request) -> bool:
    """Tell whether a link elsewhere led here. Browsers then keep our SameSite=Strict cookie back."""
    return request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site"


def device_of(request: Request) -> str:
    """Return in words which browser and system this is, for the list of one's sessions."""
    agent = request.headers.get("user-agent", "")
    browser = next((word for sign, word in _BROWSERS if sign in agent), "Trình duyệt khác")
    system = next((word for sign, word in _SYSTEMS if sign in agent), "máy khác")
    return f"{browser} trên {system}"


_BROWSERS = (
    ("coc_coc", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def _signed(token: str, words: str) -> str:
    return hmac.new(tokens.digest(token).encode(), words.encode(), hashlib.sha256).hexdigest()
