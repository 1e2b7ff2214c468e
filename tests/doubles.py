"""Doubles for the outside world: our own Telegram on this machine, as strict as the real one and as moody."""

import asyncio
import contextlib
import itertools
import json
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, Protocol, Self

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.channels import telegram_rules as rules
from tests.channels.telegram_rules import Refused
from tests.phones import BOT, Message, Person
from tests.telegram_uploads import Uploads, as_json

__all__ = ["BOT", "PATIENCE", "TOKEN", "FakeTelegram", "Message", "Person"]

TOKEN = "7000000001:AAH-only-for-tests_abcdefghijklmnopq"
PATIENCE = 20.0  # seconds until a test that waits for something gives up; never how long something takes


class Call(NamedTuple):
    """One request of the bot, its parameters decoded."""

    method: str
    given: dict[str, Any]


@dataclass
class Fault:
    """What goes wrong, with which calls, how often; without a refusal the calls wait until it is over.

    With `too_late` it goes wrong after the call has been acted on: the answer is lost, not the message.
    """

    method: str
    chat: int | None
    times: int
    refusal: Refused | None = None
    too_late: bool = False
    passes: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Room(Protocol):
    """A chat that answers for itself what is done in it: a group."""

    def do(self, method: str, given: dict[str, Any]) -> Any: ...


class FakeTelegram:
    """A Bot API server, an async context. Its address is known before it starts; until then it refuses connections."""

    def __init__(self) -> None:
        self._socket = socket.socket(proto=socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.calls: list[Call] = []
        self.queries: set[str] = set()
        self.files: dict[str, tuple[bytes, int]] = {}
        self.webhook: dict[str, Any] | None = None
        self.webhook_trouble: dict[str, Any] = {}  # what getWebhookInfo tells beside
        self.date = ""  # what it says the time is
        self.number = itertools.count(1_000).__next__
        self.most_a_second = 0  # messages in any second, 0 for no limit; more are refused with 429
        self.refused = 0
        self._sent: deque[float] = deque()
        self.rooms: dict[int, Room] = {}
        self.uploads = Uploads()
        self._people: dict[int, Person] = {}
        self._waiting: list[dict[str, Any]] = []
        self._allowed: list[str] = []
        self._faults: list[Fault] = []
        self._polls, self._closing, self._changed = 0, False, asyncio.Event()

    async def __aenter__(self) -> Self:
        answer = Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"])
        application = Starlette(routes=[answer, Route("/file/bot{token}/{path:path}", self._give_out)])
        settings = uvicorn.Config(application, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
        self._server = Server(settings)
        self._serving = asyncio.create_task(self._server._serve([self._socket]))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing = self._server.force_exit = True
        for fault in self._faults:
            fault.over.set()
        self._wake()
        self._server.over.set()
        await self._serving

    def person(self, name: str) -> Person:
        """Return somebody new who can write to the bot."""
        person = Person(name, 100_000 + self.number(), self)
        self._people[person.id] = person
        return person

    def shelve(self, kind: str, data: bytes, *, size: int = 0) -> Any:
        """Return what a message says of something sent, its file ready to be fetched, said to be of another size."""
        shape = rules.MEDIA[kind]
        if isinstance(shape, list):  # a photo comes in several sizes, the largest last
            small = [self._shelve(one, b"\xff\xd8", size=2) for one in shape[:-1]]
            return [*small, self._shelve(shape[-1], data, size=size)]
        return self._shelve(shape, data, size=size) if "file_id" in shape else dict(shape)

    def _shelve(self, shape: dict[str, Any], data: bytes, *, size: int) -> dict[str, Any]:
        number = f"AgAD{self.number()}"
        self.files[number] = (data, size or len(data))
        return {**shape, "file_id": number, "file_unique_id": number, "file_size": size or len(data)}

    def push(self, update: dict[str, Any]) -> int:
        """Send the bot an update, well-formed or not, under its own number or a new one; return the number."""
        numbered = {"update_id": self.number(), **update}
        if not self._allowed or set(update) & set(self._allowed):
            self._waiting.append(numbered)
        self._wake()
        return int(numbered["update_id"])

    def is_confirmed(self, number: int) -> bool:
        """Tell whether the bot will not be sent this update again."""
        return all(update["update_id"] != number for update in self._waiting)

    def fail(self, method: str, status: int = 0, said: str = "", *, chat: int | None = None, times: int = 1) -> None:
        """Make calls fail as Refused says; a 429 says `retry_after` in its words, like Telegram."""
        retry_after = int(said.rpartition(" ")[2]) if status == 429 else 0
        self._faults.append(Fault(method, chat, times, Refused(status, said, retry_after)))

    def fail_after(self, calls: int, method: str, status: int, said: str) -> None:
        """Let so many calls pass, then fail one."""
        self._faults.append(Fault(method, None, 1, Refused(status, said), passes=calls))

    def migrate(self, chat: int, to: int) -> None:
        """Say from now on that a group has become a supergroup with another id."""
        said = "Bad Request: group chat was upgraded to a supergroup chat"
        self._faults.append(Fault("sendMessage", chat, 1_000, Refused(400, said, migrate_to=to)))

    def lose_answer(self, method: str, *, chat: int | None = None, times: int = 1) -> None:
        """Break the line after a call has been acted on."""
        self._faults.append(Fault(method, chat, times, Refused(0, ""), too_late=True))

    def hold(self, method: str, *, chat: int | None = None, times: int = 1) -> Fault:
        """Make calls wait until the fault is over."""
        self._faults.append(Fault(method, chat, times))
        return self._faults[-1]

    def said(self, method: str) -> list[dict[str, Any]]:
        """Return the parameters of every call of a method."""
        return [call.given for call in self.calls if call.method == method]

    async def until(self, happened: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Wait until something has happened here; TimeoutError when it does not."""
        async with asyncio.timeout(seconds):
            while not happened():
                await self._changed.wait()

    async def deliver(self, client: httpx.AsyncClient) -> list[int]:
        """Push what waits to the webhook, keep what is not answered 200; return the statuses."""
        assert self.webhook, "no webhook is set"
        path, headers = httpx.URL(self.webhook["url"]).path, {rules.SECRET_HEADER: self.webhook["secret_token"]}
        statuses = [(await client.post(path, json=update, headers=headers)).status_code for update in self._waiting]
        self._waiting = [u for u, status in zip(self._waiting, statuses, strict=True) if status != 200]
        return statuses

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _answer(self, request: Request) -> Response:
        method, given = request.path_params["method"], await rules.read_parameters(request)
        self.calls.append(Call(method, given))
        self._wake()
        try:
            if request.path_params["token"] != TOKEN:
                raise Refused(401, "Unauthorized")
            chat = int(given.get("chat_id") or 0)
            await self._suffer(method, chat, too_late=False)
            result = await self._do(method, given)
            await self._suffer(method, chat, too_late=True)
        except Refused as refusal:
            return refusal.response()
        self._wake()
        body = json.dumps({"ok": True, "result": result})  # escapes all but ASCII, as Telegram does
        return Response(body, media_type="application/json", headers={"date": self.date} if self.date else {})

    async def _give_out(self, request: Request) -> Response:
        """Let a file be downloaded under the path that getFile named."""
        path = request.path_params["path"]
        self.calls.append(Call("download", {"path": path}))
        self._wake()
        try:
            await self._suffer("download", 0, too_late=False)
            if request.path_params["token"] != TOKEN or path not in self.files:
                raise Refused(404, "Not Found")
        except Refused as refusal:
            return refusal.response()
        return Response(self.files[path][0], media_type="application/octet-stream")

    def _get_file(self, given: dict[str, Any]) -> dict[str, Any]:
        found = self.files.get(given["file_id"])
        if found is None:
            raise rules.bad_request("wrong file_id or the file is temporarily unavailable")
        if found[1] > rules.MOST_BYTES_OUT:
            raise rules.bad_request("file is too big")
        number = given["file_id"]
        return {"file_id": number, "file_unique_id": number, "file_size": found[1], "file_path": number}

    async def _suffer(self, method: str, chat: int, *, too_late: bool) -> None:
        for fault in self._faults:
            is_meant = fault.method == method and fault.chat in (None, chat) and fault.too_late is too_late
            if fault.times and is_meant and fault.passes:
                fault.passes -= 1
            elif fault.times and is_meant:
                fault.times -= 1
                if fault.refusal:
                    raise fault.refusal
                await fault.over.wait()

    async def _do(self, method: str, given: dict[str, Any]) -> Any:
        if room := self.rooms.get(int(given.get("chat_id") or 0)):
            return room.do(method, given)
        answers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "getMe": lambda _: BOT,
            "sendMessage": self._send_within_limits,
            "sendPhoto": partial(self._send_file, "sendPhoto"),
            "sendDocument": partial(self._send_file, "sendDocument"),
            "sendMediaGroup": self._send_group,
            "editMessageText": self._edit,
            "getFile": self._get_file,
            "getWebhookInfo": self._get_webhook_info,
        }
        if method in answers:
            return answers[method](given)
        match method:
            case "getUpdates":
                return await self._get_updates(given)
            case "answerCallbackQuery" if given.get("callback_query_id") not in self.queries:
                raise rules.bad_request("query is too old and response timeout expired or query ID is invalid")
            case "setWebhook":
                rules.check_webhook(given)
                self.webhook, self._allowed = given, given.get("allowed_updates") or self._allowed
            case "deleteWebhook":
                self.webhook = None
            case "answerCallbackQuery" | "setMyCommands":
                pass
            case _:
                raise Refused(404, "Not Found")
        return True

    def _get_webhook_info(self, _: dict[str, Any]) -> dict[str, Any]:
        known = {"url": "", **(self.webhook or {}), "pending_update_count": len(self._waiting)}
        return {**known, "has_custom_certificate": False, **self.webhook_trouble}

    async def _get_updates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        self._allowed = given.get("allowed_updates") or self._allowed
        offset = int(given.get("offset") or 0)
        self._waiting = [update for update in self._waiting if update["update_id"] >= offset]
        self._polls += 1
        mine = self._polls
        self._wake()
        with contextlib.suppress(TimeoutError):
            seconds = float(given.get("timeout") or 0)
            await self.until(lambda: self._waiting or self._closing or self._polls != mine, seconds)
        if self._polls != mine:
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        return self._waiting[: int(given.get("limit") or 100)]

    def _limit(self) -> None:
        now = time.monotonic()
        while self._sent and self._sent[0] <= now - 1:
            self._sent.popleft()
        if self.most_a_second and len(self._sent) >= self.most_a_second:
            self.refused += 1
            raise Refused(429, "Too Many Requests: retry after 1", 1)
        self._sent.append(now)

    def _send_within_limits(self, given: dict[str, Any]) -> dict[str, Any]:
        self._limit()
        return self._send(given)

    def _send(self, given: dict[str, Any]) -> dict[str, Any]:
        person = self._recipient(given)
        message = Message(self.number(), rules.read_text(given), rules.read_choices(given))
        person.seen.append(message)
        return _as_json(message, person)

    def _send_file(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        self._limit()
        person, caption, choices = self._recipient(given), rules.read_caption(given), rules.read_choices(given)
        kind, name, file = self.uploads.one(method, given)
        message = Message(self.number(), caption, choices, files=(f"{kind} {file.name}",))
        person.seen.append(message)
        return _as_json(message, person) | as_json(kind, name, file)

    def _send_group(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        self._limit()
        person, captions = self._recipient(given), [rules.read_caption(item) for item in given["media"]]
        taken = self.uploads.group(given)
        names = tuple(f"{kind} {file.name}" for kind, _, file in taken)
        person.seen.append(Message(self.number(), "\n".join(filter(None, captions)), [], files=names))
        return [_as_json(person.seen[-1], person) | as_json(*one) for one in taken]

    def _edit(self, given: dict[str, Any]) -> dict[str, Any]:
        person = self._recipient(given)
        message = next((m for m in person.seen if m.id == int(given["message_id"])), None)
        if message is None:
            raise rules.bad_request("message to edit not found")
        text, choices = rules.read_text(given), rules.read_choices(given)
        if (text, choices) == (message.text, message.choices):
            raise rules.bad_request("message is not modified: specified new message content is exactly the same")
        message.text, message.choices, message.edits = text, choices, message.edits + 1
        return _as_json(message, person)

    def _recipient(self, given: dict[str, Any]) -> Person:
        person = self._people.get(int(given["chat_id"]))
        if person is None:
            raise rules.bad_request("chat not found")
        if person.has_blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return person


class Server(uvicorn.Server):
    """uvicorn without its clock and its signal handlers, so that it stops at once."""

    def __init__(self, settings: uvicorn.Config) -> None:
        super().__init__(settings)
        self.over = asyncio.Event()

    async def main_loop(self) -> None:
        await self.over.wait()


def _as_json(message: Message, person: Person) -> dict[str, Any]:
    return {"message_id": message.id, "date": 1, "chat": {"id": person.id, "type": "private"}, "text": message.text}
