"""The Telegram channel: updates in by polling or webhook, kept first; replies out."""

import asyncio
import hashlib
import hmac
import json
import logging
import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, BotCommand, Update
from telegram.error import EndPointNotFound, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

import handlers
from bot.channels.intake import Intake
from bot.channels.telegram import examining, inbound
from bot.channels.telegram.downloads import Downloads
from bot.channels.telegram.group import Group
from bot.channels.telegram.outbound import Outbox
from bot.channels.telegram.posting import Posting
from bot.channels.telegram.staff import Staff
from bot.health import Answer
from bot.messages import DeliveryError, DeliveryOutcome, Reply
from bot.storage import people
from bot.storage.database import StorageError
from handlers.services import Services

log = logging.getLogger(__name__)

POLL_SECONDS = 30
UPLOAD_SECONDS = 50  # a picture over a slow line
LONGEST_PAUSE = 60.0
MOST_BODY_BYTES = 1024 * 1024
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105
WEBHOOK_PATH = "/webhook/telegram"


class TelegramChannel:
    """One bot. `run` receives and answers until cancelled; `routes` are for the web application when Telegram calls us.

    `send` works without `run`; `close` ends both.
    """

    name: ClassVar = inbound.NAME

    def __init__(self, services: Services) -> None:
        settings = services.config.telegram
        self._services, self._settings = services, settings
        request = HTTPXRequest(
            connection_pool_size=16, read_timeout=20, connect_timeout=10, media_write_timeout=UPLOAD_SECONDS
        )
        polling = HTTPXRequest(connection_pool_size=4, read_timeout=POLL_SECONDS + 10, connect_timeout=10)
        self._requests = (request, polling)
        base = settings.api_url.rstrip("/")
        self._bot = Bot(
            settings.token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=request,
            get_updates_request=polling,
        )
        self._outbox = Outbox(self._bot, services.files, services.texts, rate=settings.rate)
        self._downloads = Downloads(self._bot, services.files)
        self._intake = Intake(inbound.NAME, services.database, self._act, lane_of=_lane_of, now=services.now)
        self._health = services.health.of(inbound.NAME)
        chat = settings.staff_chat
        self._posting = Posting(Group(self._bot, chat, self._outbox.once), services) if chat else None
        group = Group(self._bot, chat, self._outbox.persist)
        self._staff = Staff(group, self._outbox, self._downloads, services)

    @property
    def secret(self) -> str:
        """The webhook's secret: made from the token, so it need not be kept and does not give the token away."""
        return hmac.new(self._settings.token.encode(), b"motcua webhook", hashlib.sha256).hexdigest()

    @property
    def _url(self) -> str:
        return self._services.config.web.public_url.rstrip("/") + WEBHOOK_PATH

    @property
    def routes(self) -> list[Route]:
        is_called = self._settings.mode == "webhook"
        return [Route(WEBHOOK_PATH, self.webhook, methods=["POST"])] if is_called else []

    async def run(self) -> None:
        """Receive and answer until cancelled; Telegram being away is waited out."""
        receive = self._stay_called if self._settings.mode == "webhook" else self._poll
        await self._patiently("initialize", self._bot.initialize)
        await self._patiently("commands", self._publish_commands)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._intake.run())
            tasks.create_task(receive())
            if self._posting:
                tasks.create_task(self._posting.run())

    async def send(self, address: str, replies: Sequence[Reply]) -> None:
        """Deliver replies in order, each tried once; raise DeliveryError when one did not arrive or may not have."""
        await self._outbox.send_once(address, replies)

    async def examine(self) -> Answer:
        """Return how it is between Telegram and us."""
        is_called = self._settings.mode == "webhook"
        return await examining.examine(self._bot, self._health, url=self._url if is_called else "")

    async def close(self) -> None:
        """Close the connections, when nothing is to be received or sent any more."""
        await asyncio.gather(*(request.shutdown() for request in self._requests))

    async def _patiently(self, what: str, call: Any) -> None:
        """Call until it succeeds; a token that Telegram refuses is said each time, for it needs a human."""
        pause = 1.0
        while True:
            try:
                await call()
            except TelegramError as error:
                self._health.failed(type(error).__name__, self._services.now())
                is_refused = isinstance(error, InvalidToken | EndPointNotFound)
                hint = "kiểm tra MOTCUA_TELEGRAM__TOKEN" if is_refused else "thử lại"
                log.warning("telegram %s: %s; %s sau %.0f giây", what, type(error).__name__, hint, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self._health.works()
                return

    async def _publish_commands(self) -> None:
        """Fill the commands menu, for every language a phone may be set to."""
        commands = [BotCommand(name, text) for name, text in self._services.texts.section("commands").items()]
        await self._bot.set_my_commands(commands)
        await self._bot.set_my_commands(commands, language_code="vi")

    async def _poll(self) -> None:
        """Fetch updates for ever. An update is confirmed to Telegram only after it is kept.

        Updates are taken raw: parsed one by one later, a malformed one harms only itself.
        """
        warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'")
        await self._patiently("deleteWebhook", self._bot.delete_webhook)
        offset = 0
        while True:
            batch: list[dict[str, Any]] = []

            async def fetch(after: int = offset) -> None:
                arguments = {"offset": after, "timeout": POLL_SECONDS, "allowed_updates": inbound.ALLOWED_UPDATES}
                batch.extend(await self._bot.do_api_request("getUpdates", api_kwargs=arguments))  # noqa: B023

            await self._patiently("getUpdates", fetch)
            for raw in batch:
                offset = max(offset, int(raw["update_id"]) + 1)
                await self._keep(raw)

    async def _keep(self, raw: dict[str, Any]) -> None:
        while True:
            try:
                await self._take(str(raw["update_id"]), raw)
            except StorageError as error:
                log.error("telegram: chưa giữ được tin: %s", error)
                await asyncio.sleep(1.0)
            else:
                return

    async def _take(self, key: str, raw: Any) -> None:
        await self._intake.take(key, json.dumps(raw))
        self._health.received(self._services.now())

    async def _stay_called(self) -> None:
        async def register() -> None:
            await self._bot.set_webhook(self._url, secret_token=self.secret, allowed_updates=inbound.ALLOWED_UPDATES)

        await self._patiently("setWebhook", register)
        await asyncio.Event().wait()

    async def webhook(self, request: Request) -> Response:
        """Keep a pushed update: 403 without the secret, 200 once it is kept, 503 when it cannot be."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            return Response(status_code=403)
        body = await request.body()
        try:
            raw = json.loads(body) if len(body) <= MOST_BODY_BYTES else None
            key = str(int(raw["update_id"]))  # type: ignore[index]
        except (ValueError, TypeError, KeyError, RecursionError):
            return Response(status_code=400)
        try:
            await self._take(key, raw)
        except StorageError as error:
            log.error("telegram: chưa giữ được tin: %s", error)
            return Response(status_code=503)
        return Response(status_code=200)

    async def _act(self, body: str) -> None:
        """Answer one kept update."""
        update = Update.de_json(json.loads(body), self._bot)
        if await self._staff.took(update):
            return
        received = inbound.read(update)
        if received is None:
            return
        incoming = received.incoming
        if received.is_closed:
            await self._mark_unreachable(incoming.address)
            return
        if received.pressed:
            await self._outbox.acknowledge(received.pressed.query)
        if received.file:
            fetched = await self._downloads.fetch(received.file, sender=incoming.address)
            incoming = replace(incoming, attachments=(fetched,))
        replies = await handlers.converse(incoming, self._services)
        try:
            await self._outbox.send(
                incoming.address, replies, pressed=received.pressed.message if received.pressed else None
            )
        except DeliveryError as error:
            if error.outcome is DeliveryOutcome.GONE:
                await self._mark_unreachable(incoming.address)
            raise

    async def _mark_unreachable(self, address: str) -> None:
        async with self._services.database.transaction() as transaction:
            await people.mark_unreachable(transaction, inbound.NAME, address, now=self._services.now())


def _lane_of(body: str) -> str:
    return inbound.sender(json.loads(body))
