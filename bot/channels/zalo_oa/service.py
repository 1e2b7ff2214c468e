"""The Zalo Official Account channel: events in by webhook, kept first; replies out."""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
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
from bot.channels.zalo_oa import inbound
from bot.channels.zalo_oa.client import Client
from bot.channels.zalo_oa.inbound import Did, Received
from bot.channels.zalo_oa.outbound import Outbox, Tools
from bot.channels.zalo_oa.tokens import TokenKeeper
from bot.channels.zalo_oa.uploads import Uploads
from bot.health import Answer
from bot.messages import DeliveryError, DeliveryOutcome, Incoming, Reply
from bot.storage import people, zalo_windows
from bot.storage.database import StorageError
from handlers.services import Services

log = logging.getLogger(__name__)

SIGNATURE_HEADER = "x-zevent-signature"
WEBHOOK_PATH = "/webhook/zalo-oa"
FILES_PATH = "/zalo-oa/tep"
OLDEST = timedelta(hours=24)  # Zalo repeats an event for up to 12 hours; an older one is somebody's copy


class ZaloOaChannel:
    """One Official Account. `run` works until cancelled; `routes` are for the web application: Zalo calls us."""

    name: ClassVar = inbound.NAME

    def __init__(self, services: Services) -> None:
        settings, now = services.config.zalo_oa, services.now
        self._services, self._settings = services, settings
        limits = httpx.Limits(max_connections=16, max_keepalive_connections=16)
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(20.0, connect=10.0), limits=limits)
        self._health = services.health.of(inbound.NAME)
        self._tokens = TokenKeeper(settings, services.database, self._http, now=now)
        self.client = Client(settings, self._tokens, self._http, self._health, now=now)
        self._downloads = Downloads(services.files, hosts=ZALO_HOSTS)
        tools = Tools(self.client, Uploads(self.client, services.files), links(services))
        self._outbox = Outbox(tools, services.config, services.database, services.texts, now=now)
        self._thinking = asyncio.Semaphore(MOST_THINKING)
        self._intake = Intake(inbound.NAME, services.database, self._act, lane_of=_lane_of, now=now)

    @property
    def routes(self) -> list[Route]:
        return [Route(WEBHOOK_PATH, self.webhook, methods=["POST"])]

    async def run(self) -> None:
        """Receive and answer until cancelled; Zalo being away is waited out."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._intake.run())
                tasks.create_task(self._tokens.keep_fresh(self._health))
        finally:
            await self.close()

    async def close(self) -> None:
        """Close the connections, when nothing is to be received or sent any more."""
        await self._http.aclose()
        await self._downloads.close()

    async def send(self, address: str, replies: Sequence[Reply]) -> None:
        """Deliver replies in order, each tried once; raise DeliveryError when one did not arrive or may not have."""
        await self._outbox.send(address, replies)

    async def examine(self) -> Answer:
        """Return how it is between Zalo and us; Zalo tells nobody how it fares with a webhook."""
        answer = await self.client.examine()
        return replace(answer, quota=await self.client.quota())

    async def webhook(self, request: Request) -> Response:
        """Keep an event: 403 without Zalo's signature, 200 once it is kept, 503 when it cannot be."""
        try:
            body = await body_of(request)
        except BodyTooLarge:
            return Response(status_code=413)
        raw = self._signed(body, request.headers.get(SIGNATURE_HEADER, ""))
        if raw is None:
            return Response(status_code=403)
        if inbound.concerns_us(raw):
            try:
                await self._intake.take(inbound.key(raw), json.dumps(raw))
                self._health.received(self._services.now())
            except StorageError as error:
                log.error("zalo_oa: chưa giữ được tin: %s", error)
                return Response(status_code=503)
        return Response(status_code=200)

    def _signed(self, body: bytes, given: str) -> dict[str, Any] | None:
        """Return the event in a body, None unless Zalo signed it for our app not long ago.

        The signature is SHA-256 of app id, body, timestamp and the account's secret, one after the other: no HMAC.
        """
        try:
            raw = json.loads(body)
            app, timestamp = str(raw["app_id"]), str(raw["timestamp"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        signed = b"".join((app.encode(errors="replace"), body, timestamp.encode(errors="replace"), self._secret))
        expected = hashlib.sha256(signed).hexdigest()
        if not hmac.compare_digest(given.removeprefix("mac=").lower().encode(), expected.encode()):
            return None
        at = inbound.moment(raw)
        is_ours = app == self._settings.app_id and at is not None and abs(self._services.now() - at) <= OLDEST
        return raw if is_ours else None

    @property
    def _secret(self) -> bytes:
        return self._settings.oa_secret.encode()

    async def _act(self, body: str) -> None:
        """Answer one kept event."""
        received = inbound.read(json.loads(body), now=self._services.now())
        address = received.incoming.address
        if received.did is Did.LEFT:
            await self._mark_unreachable(address)
            return
        incoming = received.incoming
        if received.files:
            fetched = await asyncio.gather(*(self._downloads.fetch(f, sender=address) for f in received.files))
            incoming = replace(incoming, attachments=tuple(fetched))
        async with self._thinking:
            await self._open_window(received)
            replies = await self._converse(incoming)
        try:
            await self._outbox.answer(address, replies)
        except DeliveryError as error:
            if error.outcome is DeliveryOutcome.GONE:
                await self._mark_unreachable(address)
            raise

    async def _converse(self, incoming: Incoming) -> list[Reply]:
        """Return the replies to a message; whoever has just allowed it is asked Zalo's name for."""
        replies = await handlers.converse(replace(incoming, shown_name=""), self._services)
        wanted = next((reply.wants_name for reply in replies if reply.wants_name), "")
        name = await self._shown_name(incoming.address) if wanted else ""
        if not name:
            return replies
        pressed = Incoming(incoming.channel, incoming.address, choice=wanted, shown_name=name)
        return await handlers.converse(pressed, self._services)

    async def _shown_name(self, address: str) -> str:
        try:
            return await self.client.shown_name(address)
        except DeliveryError as error:
            log.warning("zalo_oa: chưa hỏi được tên: %s", error)
            return ""

    async def _open_window(self, received: Received) -> None:
        now = self._services.now()
        async with self._services.database.transaction() as transaction:
            person = await people.recognise(transaction, inbound.NAME, received.incoming.address, now=now)
            await zalo_windows.heard(transaction, person, at=received.at)

    async def _mark_unreachable(self, address: str) -> None:
        async with self._services.database.transaction() as transaction:
            await people.mark_unreachable(transaction, inbound.NAME, address, now=self._services.now())


def links(services: Services) -> Links:
    """Return the addresses of the files that the account sends: any process makes them, the web page's serves them."""
    return Links(FILES_PATH, services.config.zalo_oa.oa_secret, services.files, services.database, now=services.now)


def _lane_of(body: str) -> str:
    return inbound.sender(json.loads(body))
