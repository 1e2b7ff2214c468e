"""The web application: the citizens' page, the chat behind it, operation, and whatever routes other parts bring."""

import logging
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

import handlers
from bot import guard
from bot.channels.web import inbound, pages, rendering, visitors
from bot.channels.web.arrivals import Arrivals
from bot.channels.web.articles import Articles
from bot.channels.web.events import EventPages
from bot.channels.web.exchange import Exchange
from bot.channels.web.files import ChatFiles
from bot.channels.web.frame import Frame
from bot.channels.web.lookup import Lookup
from bot.channels.web.operation import Operation
from bot.channels.web.outbound import WebChannel
from bot.channels.web.own_data import OwnData
from bot.channels.web.public import PublicPages
from bot.messages import Incoming
from bot.storage.database import StorageError
from handlers.services import Services

log = logging.getLogger(__name__)


def create_app(services: Services, *, channel: WebChannel | None = None, routes: Sequence[BaseRoute] = ()) -> ASGIApp:
    """Return the application. Every path is public but those of `routes`, which look after themselves."""
    channel = channel or WebChannel(services.database, now=services.now)
    chat = Chat(services, channel)
    frame = Frame(services, pages.version())
    app = Starlette(
        routes=[
            Route("/", chat.page),
            Route("/chat", chat.form, methods=["POST"]),
            Route("/api/chat", chat.api, methods=["POST"]),
            Route("/api/chat/updates", chat.updates),
            Route(f"{rendering.FILES}/{{digest}}", ChatFiles(services.files, channel).show),
            Route("/nhung.js", pages.embed_script),
            *Lookup(services, frame).routes,
            *PublicPages(services, frame).routes,
            *Articles(services, frame).routes,
            *Arrivals(services, frame).routes,
            *EventPages(services, frame).routes,
            *OwnData(services, channel, frame).routes,
            *Operation(services).routes,
            Mount("/static", StaticFiles(directory=pages.HOME / "static")),
            *routes,
        ],
        exception_handlers={
            404: chat.not_found,
            405: chat.not_found,
            StorageError: chat.trouble,
            Exception: chat.trouble,
        },
    )
    ancestors = " ".join(("'self'", *services.config.web.embed_on))
    return guard.Guard(app, ancestors)  # outside all, so faults are guarded too


class Chat:
    """The chat's requests."""

    def __init__(self, services: Services, channel: WebChannel) -> None:
        self._services, self._channel = services, channel
        self._pages = pages.Pages(services)
        self._door = visitors.Door()
        self._health = services.health.of(inbound.NAME)
        self._uploads = guard.Pace(burst=300, per_second=0.1)  # megabytes from one address; many phones may share it

    async def page(self, request: Request) -> Response:
        """The citizens' page, with what was said so far."""
        token = visitors.token_of(request)
        messages = await self._channel.history(visitors.address(token)) if token else []
        response = self._pages.chat(messages, embedded="nhung" in request.query_params)
        self._remember(response, token or visitors.new_token())
        return response

    async def api(self, request: Request) -> Response:
        """One turn as JSON."""
        token = visitors.token_of(request) or visitors.new_token()
        try:
            incoming = await self._incoming(request, token)
        except inbound.BadRequest as error:
            return _slower(JSONResponse({"error": self._told(error)}, error.status))
        body, replies = await self._turn(incoming)
        response = JSONResponse({"replies": replies, "said": self._pages.own(body)})
        self._remember(response, token)
        return response

    async def form(self, request: Request) -> Response:
        """One turn without JavaScript: answered by the page, scrolled to its end."""
        token = visitors.token_of(request) or visitors.new_token()
        try:
            incoming = await self._incoming(request, token)
        except inbound.BadRequest as error:
            return _slower(self._pages.message(self._told(error), error.status))
        await self._turn(incoming)
        embedded = "?nhung=1" if "nhung" in request.query_params else ""
        response = RedirectResponse(f"/{embedded}#cuoi", status_code=303)
        self._remember(response, token)
        return response

    async def _incoming(self, request: Request, token: str) -> Incoming:
        """Return the message of a request; raise BadRequest for what is another site's doing, too fast or none."""
        host = request.client.host if request.client else ""
        if not guard.is_same_site(request):
            raise inbound.BadRequest(403, "web.failed")
        is_admitted = self._door.admits(visitors.token_of(request), host)
        if not is_admitted or not self._uploads.allows(host, inbound.megabytes(request)):
            raise inbound.BadRequest(429, "web.too_fast")
        return await inbound.read(request, visitors.address(token), self._services.files)

    def _told(self, error: inbound.BadRequest) -> str:
        return self._services.texts.say(error.told, **error.values)

    async def _turn(self, incoming: Incoming) -> tuple[str, list[dict[str, object]]]:
        """Return what was said, as it is stored, and the replies."""
        self._health.received(self._services.now())
        exchange = Exchange(incoming, self._pages)
        await handlers.converse(incoming, self._services, keep=exchange.keep)
        self._channel.tell(exchange.person)
        return exchange.body, exchange.replies

    async def updates(self, request: Request) -> Response:
        """What arrives later, as server-sent events; 204 tells a stranger's page not to come back."""
        token = visitors.token_of(request)
        person = await self._channel.knows(visitors.address(token)) if token else None
        if person is None:
            return Response(status_code=204)
        last = request.headers.get("last-event-id") or request.query_params.get("after", "0")
        after = int(last) if last.isdecimal() and len(last) < 19 else 0
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(self._channel.updates(person, after=after), 200, headers, "text/event-stream")

    def _remember(self, response: Response, token: str) -> None:
        web = self._services.config.web
        secure = web.public_url.startswith("https://")
        visitors.remember(response, token, secure=secure, embedded=bool(web.embed_on))

    async def not_found(self, request: Request, error: Exception) -> Response:  # noqa: ARG002
        status = error.status_code if isinstance(error, HTTPException) else 404
        return self._pages.message(self._services.texts.say("web.not_found"), status)

    async def trouble(self, request: Request, error: Exception) -> Response:
        """The polite answer to anything unforeseen; nothing of the error is shown."""
        log.error(
            "%s %s: %s", request.method, _path(request), error if isinstance(error, StorageError) else type(error)
        )
        message = self._services.texts.say("unknown.fault")
        if request.url.path.startswith("/api/"):
            return JSONResponse({"error": message}, 503)
        return self._pages.message(message, 503)


def _path(request: Request) -> str:
    """Return a request's path for the log, without the secret of a one-time link."""
    token = request.path_params.get("token")
    return request.url.path.replace(token, "…") if token else request.url.path


def _slower(response: Response) -> Response:
    if response.status_code == 429:
        response.headers["retry-after"] = "5"
    return response
