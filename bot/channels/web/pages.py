"""The citizens' pages, rendered on the server."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from bot.channels.web import rendering, said
from bot.channels.web.inbound import MOST_FILES
from bot.messages import Choice, unpack
from bot.storage.web_messages import Said
from handlers import actions, start
from handlers.services import Services

HOME = Path(__file__).parent
COMMON = ("khai-sinh", "can-cuoc-cap-moi", "tam-tru", "chung-thuc-ban-sao", "ket-hon", "cap-so-do-lan-dau")


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as the page shows it."""

    number: int
    from_citizen: bool
    html: Markup


class Pages:
    """Renders the pages of one commune."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._templates = Environment(loader=FileSystemLoader(HOME / "templates"), autoescape=select_autoescape())
        self._templates.globals.update(demo=services.config.web.demo)
        self._version = version()

    def chat(self, messages: Sequence[Said], *, embedded: bool) -> Response:
        """Return the chat page: the greeting, the commonest matters and the ways on, then what was said so far."""
        texts, unit = self._services.texts, self._services.config.unit
        entries = self._services.assistant.library.entries
        common = [actions.entry(i, self.label(actions.entry(i, "").id)) for i in COMMON if i in entries]
        page = self._templates.get_template("chat.html").render(
            say=texts.say,
            unit=unit,
            dialled="".join(sign for sign in unit.phone if sign in "+0123456789"),
            embedded=embedded,
            version=self._version,
            bubbles=[self._bubble(message) for message in messages],
            newest_turn=max((m.id for m in messages if m.from_citizen), default=messages[-1].id if messages else None),
            greeting=rendering.html(texts.say("start.greeting")),
            limits=rendering.html(f"{texts.say('start.limits')}\n{start.about_data(self._services)}"),
            starts=rendering.buttons(Choice(x, texts.say(f"buttons.{n}")) for x, n in actions.STARTS),
            common=rendering.buttons(common, "common"),
            files=self._services.config.files,
            most_files=MOST_FILES,
        )
        return HTMLResponse(page, headers={"cache-control": "no-store"})

    def own(self, body: str) -> Markup:
        """Return what a visitor said as the page shows it."""
        return said.html(body, self._services.texts.say)

    def _bubble(self, message: Said) -> Bubble:
        if message.from_citizen:
            return Bubble(message.id, True, self.own(message.body))
        return Bubble(message.id, False, rendering.bubble(unpack(message.body)))

    def message(self, text: str, status: int) -> Response:
        """Return a page with one sentence and the way back."""
        page = self._templates.get_template("message.html").render(
            say=self._services.texts.say, text=text, version=self._version
        )
        return HTMLResponse(page, status)

    def label(self, choice_id: str | None) -> str:
        """Return the words of a button that the page itself offers: a title without its remark in brackets."""
        texts, entries = self._services.texts, self._services.assistant.library.entries
        letter, arguments = actions.parse(choice_id or "")
        if letter == actions.ARRIVED:
            return texts.say("buttons.arrived")
        if letter == actions.ENTRY and arguments and arguments[0] in entries:
            return texts.fill(entries[arguments[0]].title).partition(" (")[0]
        return next((texts.say(f"buttons.{name}") for x, name in actions.STARTS if x == letter), "…")


def choices_in(message: Said) -> Sequence[Choice]:
    return () if message.from_citizen else unpack(message.body).choices


def version() -> str:
    """Return a short mark of the static files, so that a phone's cache is renewed when they change."""
    digest = hashlib.sha256()
    for path in sorted((HOME / "static").iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


async def embed_script(request: Request) -> Response:  # noqa: ARG001
    """Return the script that puts the chat into the commune's portal with one tag."""
    return FileResponse(HOME / "static" / "nhung.js", media_type="text/javascript")
