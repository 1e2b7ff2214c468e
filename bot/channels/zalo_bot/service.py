"""The Zalo Bot Platform channel: updates in by polling or webhook, kept first; replies out."""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import handlers
from bot.channels.fetching import ZALO_HOSTS, Downloads
from bot.channels.intake import MOST_THINKING, Intake
from bot.channels.links import Links
from bot.channels.webhooks import BodyTooLarge, body_of
from bot.channels.zalo_bot import examining, inbound
from bot.channels.zalo_bot.client import UNAUTHORISED, Client, Refused, Unreachable
from bot.channels.zalo_bot.outbound import Outbox
from bot.health import Answer
from bot.messages import DeliveryError, DeliveryOutcome, Reply
from bot.storage import people
from bot.storage.database import StorageError
from handlers.services import Services

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 60.0
SECRET_HEADER = "x-bot-api-secret-token"  # noqa: S105
WEBHOOK_PATH = "/webhook/zalo-bot"
FILES_PATH = "/zalo-bot/tep"


class ZaloBotChannel:
    """One bot. `run` works until cancelled; `routes` are for the web application."""

    name: ClassVar = inbound.NAME

    def __init__(self, services: Services) -> None:
        settings, site = services.config.zalo_bot, services.config.web.public_url
        self._services, self._settings = services, settings
        limits = httpx.Limits(max_connections=16, max_keepalive_connections=16)
        self._http = httpx.AsyncClient(limits=limits)
        self._client = Client(settings.token, settings.api_url, self._http)
        self.outbox = Outbox(self._client, links(services), services.texts, rate=settings.rate, site=site)
        self._thinking = asyncio.Semaphore(MOST_THINKING)
        self._intake = Intake(inbound.NAME, services.database, self._act, lane_of=_lane_of, now=services.now)
        self._downloads = Downloads(services.files, hosts=ZALO_HOSTS)
        self._health = services.health.of(inbound.NAME)

    @property
    def _url(self) -> str:
        return self._services.config.web.public_url.rstrip("/") + WEBHOOK_PATH

    @property
    def routes(self) -> list[Route]:
        is_called = self._settings.mode == "webhook"
        return [Route(WEBHOOK_PATH, self.webhook, methods=["POST"])] if is_called else []

    async def run(self) -> None:
        """Receive and answer until cancelled; Zalo being away is waited out."""
        receive = self._stay_called if self._settings.mode == "webhook" else self._poll
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._intake.run())
                tasks.create_task(receive())
        finally:
            await self.close()

    async def close(self) -> None:
        """Close the connections, when nothing is to be received or sent any more."""
        await self._http.aclose()
        await self._downloads.close()

    async def send(self, address: str, replies: Sequence[Reply]) -> None:
        """Deliver replies in order, each tried once; raise DeliveryError when one did not arrive or may not have."""
        await self.outbox.send(address, replies)

    async def examine(self) -> Answer:
        """Return how it is between Zalo and us."""
        is_called = self._settings.mode == "webhook"
        return await examining.examine(self._client, self._health, url=self._url if is_called else "")

    async def _patiently(self, what: str, call: Callable[[], Awaitable[Any]]) -> Any:
        """Call until it succeeds; a token that Zalo refuses is said each time, for it needs a human."""
        pause = FIRST_PAUSE
        while True:
            try:
                result = await call()
            except (Refused, Unreachable) as error:
                is_refused = isinstance(error, Refused) and error.code == UNAUTHORISED
                self._health.failed(f"{what}: {error}", self._services.now())
                hint = "kiểm tra MOTCUA_ZALO_BOT__TOKEN" if is_refused else "thử lại"
                log.warning("zalo_bot %s: %s; %s sau %.0f giây", what, error, hint, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self._health.works()
                return result

    async def _poll(self) -> None:
        """Fetch updates for ever, one at a time: Zalo gives each once, so it is kept before the next is asked for."""
        await self._patiently("deleteWebhook", self._forget_webhook)
        while True:
            update = await self._patiently("getUpdates", self._client.update)
            if update is not None:
                await self._keep(update)

    async def _forget_webhook(self) -> None:
        """Take away a webhook, without which alone there is polling; that there was none is no trouble."""
        try:
            await self._client.call("deleteWebhook", {})
        except Refused as error:
            if error.code == UNAUTHORISED:
                raise

    async def _keep(self, update: dict[str, Any]) -> None:
        while True:
            try:
                await self._take(update)
            except StorageError as error:
                log.error("zalo_bot: chưa giữ được tin: %s", error)
                await asyncio.sleep(1.0)
            else:
                return

    async def _take(self, update: dict[str, Any]) -> None:
        await self._intake.take(inbound.key(update), json.dumps(update))
        self._health.received(self._services.now())

    async def _stay_called(self) -> None:
        given = {"url": self._url, "secret_token": self._settings.secret}
        await self._patiently("setWebhook", lambda: self._client.call("setWebhook", given))
        await asyncio.Event().wait()

    async def webhook(self, request: Request) -> Response:
        """Keep a pushed update: 403 without the secret, 200 once it is kept, 503 when it cannot be."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._settings.secret.encode()):
            return Response(status_code=403)
        try:
            update = inbound.unwrapped(json.loads(await body_of(request)))
        except BodyTooLarge:
            return Response(status_code=413)
        except (ValueError, RecursionError):
            update = None
        if update is None:
            return Response(status_code=400)
        try:
            await self._take(update)
        except StorageError as error:
            log.error("zalo_bot: chưa giữ được tin: %s", error)
            return Response(status_code=503)
        return Response(status_code=200)

    async def _act(self, body: str) -> None:
        """Answer one kept update."""
        received = inbound.read(json.loads(body))
        if received is None:
            return
        address = received.incoming.address
        await self.outbox.type(address)
        incoming = received.incoming
        if received.photo:
            incoming = replace(incoming, attachments=(await self._downloads.fetch(received.photo, sender=address),))
        async with self._thinking:
            replies = await handlers.converse(incoming, self._services)
        try:
            await self.outbox.answer(address, replies)
        except DeliveryError as error:
            if error.outcome is DeliveryOutcome.GONE:
                async with self._services.database.transaction() as transaction:
                    await people.mark_unreachable(transaction, inbound.NAME, address, now=self._services.now())
            raise


def links(services: Services) -> Links:
    """Return the addresses of the files that the bot sends: any process makes them, the web page's serves them."""
    return Links(FILES_PATH, services.config.zalo_bot.token, services.files, services.database, now=services.now)


def _lane_of(body: str) -> str:
    return inbound.chat(json.loads(body))
