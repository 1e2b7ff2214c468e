"""One visit to a page of the console: what its handler is given, and the ways to answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from jinja2 import Environment
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console import security
from bot.console.office import Office
from bot.console.security import HOME
from bot.guard import Pace
from bot.officials import auditing
from bot.officials.passwords import Passwords
from bot.officials.refused import Refused
from bot.officials.rights import Official, Right
from bot.officials.signing_in import Door, SignedIn
from bot.storage.channel_health import Vitals
from bot.storage.database import Database, Transaction

EVERY_OFFICIAL = None  # instead of a right: whoever is signed in


@dataclass(frozen=True, slots=True)
class Section:
    """One place in the navigation, and the pages behind it."""

    word: str
    path: str
    icon: str
    right: Right | None
    pages: "tuple[Page, ...]"

    def is_open_to(self, official: Official) -> bool:
        return self.right is None or official.may(self.right)


@dataclass(frozen=True)
class Desk:
    """What all visits share."""

    office: Office
    door: Door
    passwords: Passwords
    templates: Environment
    sections: tuple[Section, ...]
    pace: Pace

    @property
    def is_secure(self) -> bool:
        return self.office.config.web.public_url.startswith("https://")


@dataclass(frozen=True)
class Visit:
    """One request. `form` holds what was sent, its origin already checked; it is empty for a page that is only read.

    `dead` are the channels about which there is an alarm; every page that officials see tells of them.
    """

    desk: Desk
    request: Request
    token: str
    signed_in: SignedIn | None
    form: FormData = field(default_factory=FormData)
    dead: tuple[Vitals, ...] = ()

    @property
    def official(self) -> Official:
        """Who is signed in; on a public page, where that may be nobody, look at `signed_in`."""
        if self.signed_in is None:
            raise LookupError("nobody is signed in on a public page")
        return self.signed_in.official

    @property
    def office(self) -> Office:
        return self.desk.office

    @property
    def database(self) -> Database:
        return self.desk.office.database

    def now(self) -> datetime:
        return self.desk.office.now()

    def typed(self, name: str) -> str:
        """Return one field of the form as text without blanks around; "" when it was not sent."""
        value = self.form.get(name, "")
        return value.replace("\x00", "").strip() if isinstance(value, str) else ""  # PostgreSQL takes no NUL

    def secret(self, name: str) -> str:
        """Return one field of the form exactly as typed, for passwords."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """Return a number in the page's address; 0, which is nobody's, when it is none."""
        value = str(self.request.path_params.get(name, ""))
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0

    def address(self, path: str) -> str:
        """Return the whole address of a page of the console, for a link to be handed on."""
        base = self.office.config.web.public_url or str(self.request.base_url.replace(path=""))
        return f"{base.rstrip('/')}{HOME}{path}"

    async def record(self, transaction: Transaction, action: StrEnum, subject: str = "", **details: object) -> None:
        """Audit what the official does, in the transaction that does it: every change, every look at what is secret."""
        await auditing.record(transaction, self.official, action, subject, now=self.now(), **details)

    def show(self, template: str, *, status: int = 200, refused: Refused | None = None, **values: object) -> Response:
        """Return a page. `refused` is said beside the field it is about, with status 422."""
        notice = security.take_notice(self.request, self.token)
        page = self.desk.templates.get_template(template).render(
            **self._frame(), notice=notice, refused=refused, **values
        )
        response = HTMLResponse(page, 422 if refused else status)
        if notice:
            response.delete_cookie(security.NOTICE_COOKIE, path=HOME)
        return response

    def say(self, title: str, words: str, status: int) -> Response:
        """Return a page that says one thing."""
        return self.show("message.html", status=status, title=title, words=words)

    def go(self, path: str, notice: str = "") -> Response:
        """Lead to another page of the console after a change, which says the notice once (post, redirect, get)."""
        response = RedirectResponse(f"{HOME}{path}", 303)
        if notice:
            security.give_notice(response, notice, self.token, secure=self.desk.is_secure)
        return response

    def slow_down(self) -> Response | None:
        """Return what is said to an address from which too many tries come; None when it may go on."""
        if self.desk.pace.allows(self.request.client.host if self.request.client else ""):
            return None
        response = self.say("Xin chậm lại", "Từ nơi này đã thử quá nhiều lần. Xin chờ một phút rồi thử lại.", 429)
        response.headers["retry-after"] = "60"
        return response

    def _frame(self) -> dict[str, object]:
        sections, official = self.desk.sections, self.signed_in.official if self.signed_in else None
        return {
            "official": official,
            "sections": [s for s in sections if official and s.is_open_to(official)],
            "here": self.request.url.path.removeprefix(HOME),
            "dead": self.dead,
            "reminder": bool(self.signed_in and self.signed_in.should_have_second_factor),
            "csrf": security.csrf_token(self.token),
        }


Handler = Callable[[Visit], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """One address of the console, who may go there, and what answers."""

    path: str
    handler: Handler
    right: Right | None
    method: str = "GET"
