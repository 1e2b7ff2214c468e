"""Doubles for Zalo: an Official Account's OpenAPI and a Bot Platform, as strict as we know them to be."""

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.channels import zalo_rules as rules
from tests.channels.zalo_rules import Refused
from tests.serving import Message, Platform

APP_ID, APP_SECRET, OA_SECRET, OA_ID = "2411122334455667788", "khoa-ung-dung", "khoa-oa", "579745863508352884"
FIRST_REFRESH = "lam-moi-0"
BOT_TOKEN, BOT_SECRET = "1459232241454765289:chi-de-thu-nghiem", "bi-mat-webhook-cua-xa"


# ---- the Official Account


@dataclass
class Follower:
    """Somebody who writes to the Official Account; every doing is pushed to the webhook, and its status returned."""

    id: str
    zalo: "FakeOa"
    has_left: bool = False
    seen: list[Message] = field(default_factory=list)

    async def say(self, text: str) -> int:
        return await self.zalo.push(self.event("text", {"text": text}))

    async def send(self, kind: str) -> int:
        name, message = rules.OA_MEDIA[kind]
        return await self.zalo.push(self.event(name, message))

    async def follow(self) -> int:
        self.has_left = False
        return await self.zalo.push(self._membership("follow"))

    async def leave(self, *, unnoticed: bool = False) -> int:
        self.has_left = True
        return 0 if unnoticed else await self.zalo.push(self._membership("unfollow"))

    def event(self, name: str, message: dict[str, Any]) -> dict[str, Any]:
        self.has_left = False
        numbered = {"msg_id": f"b8de{self.zalo.number()}", **message}
        people = {"sender": {"id": self.id}, "recipient": {"id": OA_ID}}
        return {**self.zalo.envelope(), **people, "event_name": f"user_send_{name}", "message": numbered}

    def _membership(self, name: str) -> dict[str, Any]:
        return {**self.zalo.envelope(), "oa_id": OA_ID, "follower": {"id": self.id}, "event_name": name}


class FakeOa(Platform):
    """OpenAPI v3 and the OAuth server in one. A refresh token works once; access tokens until `expire`."""

    def __init__(self, *, now_ms: int) -> None:
        super().__init__(
            [
                Route("/v4/oa/access_token", self._refresh, methods=["POST"]),
                Route("/v3.0/oa/message/cs", self._send, methods=["POST"]),
                Route("/v2.0/oa/upload/{kind}", self._upload, methods=["POST"]),
                Route("/v3.0/oa/user/detail", self._detail),
                Route("/v2.0/oa/getoa", self._account),
                Route("/message/template", self._template, methods=["POST"]),
            ]
        )
        self.refresh_token, self.access = FIRST_REFRESH, set[str]()
        self.lasts: object = "90000"
        self.uploads: dict[str, dict[str, Any]] = {}
        self.templates: list[dict[str, Any]] = []
        self._now_ms = now_ms
        self._people: dict[str, Follower] = {}
        self._client = httpx.AsyncClient(trust_env=False)

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()
        await super().__aexit__()

    def person(self) -> Follower:
        person = Follower(f"2512523625412{self.number()}", self)
        self._people[person.id] = person
        return person

    def envelope(self) -> dict[str, Any]:
        return {"app_id": APP_ID, "user_id_by_app": "7263528362", "timestamp": str(self._now_ms)}

    async def push(self, event: dict[str, Any], *, retry: int = 0) -> int:
        """Send an event to the webhook, signed; return the status."""
        body = rules.as_bytes(event)
        mac = rules.signed(event["app_id"], body, event["timestamp"], OA_SECRET)
        headers = {rules.SIGNATURE_HEADER: f"mac={mac}", "content-type": "application/json"}
        headers |= {"num_retry": str(retry)} if retry else {}
        return (await self._client.post(self.webhook, content=body, headers=headers)).status_code

    def expire(self) -> None:
        """Let every access token given so far be worth nothing."""
        self.access.clear()

    async def _refresh(self, request: Request) -> Response:
        given = dict(await request.form())
        try:
            await self._suffer("refresh", given)
        except Refused as refusal:
            return refusal.response()
        is_ours = request.headers.get("secret_key") == APP_SECRET and given.get("app_id") == APP_ID
        if not is_ours or given.get("grant_type") != "refresh_token" or given["refresh_token"] != self.refresh_token:
            return JSONResponse({"error": -14014, "error_name": "Invalid refresh token.", "error_reason": "…"})
        number = self.number()
        self.refresh_token = f"lam-moi-{number}"
        self.access.add(f"truy-cap-{number}")
        answer = {"access_token": f"truy-cap-{number}", "refresh_token": self.refresh_token, "expires_in": self.lasts}
        return JSONResponse(answer)

    async def _send(self, request: Request) -> Response:
        return await self._answer("send", request, await request.json(), self._deliver)

    async def _upload(self, request: Request) -> Response:
        async with request.form() as form:
            file = form["file"]
            assert isinstance(file, UploadFile)
            given = {"kind": request.path_params["kind"], "name": file.filename, "content": await file.read()}
        return await self._answer("upload", request, given, self._keep)

    async def _detail(self, request: Request) -> Response:
        return await self._answer("detail", request, json.loads(request.query_params["data"]), self._describe)

    async def _account(self, request: Request) -> Response:
        return await self._answer("getoa", request, {}, lambda _: {"oa_id": OA_ID, "name": "UBND xã"})

    async def _template(self, request: Request) -> Response:
        return await self._answer("template", request, await request.json(), self._deliver_template)

    async def _answer(
        self, call: str, request: Request, given: dict[str, Any], do: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Response:
        try:
            await self._suffer(call, given)
            if request.headers.get("access_token") not in self.access:
                raise Refused(-216, "Access token is invalid")
            data = do(given)
        except Refused as refusal:
            return refusal.response()
        self._wake()
        return JSONResponse({"error": 0, "message": "Success", "data": data})

    def _deliver(self, given: dict[str, Any]) -> dict[str, Any]:
        person = self._people.get(given["recipient"]["user_id"])
        if person is None:
            raise Refused(-201, "user_id is invalid")
        if person.has_left:
            raise Refused(-213, "User has not followed OA")
        attachment = given["message"].get("attachment", {})
        person.seen.append(Message(*rules.read_message(given["message"]), files=self._check_uploads(attachment)))
        return {"message_id": f"m{self.number()}", "user_id": person.id}

    def _check_uploads(self, attachment: dict[str, Any]) -> tuple[str, ...]:
        """Return the names of the files of a message, uploaded as what they are sent as."""
        payload, is_file = attachment.get("payload", {}), attachment.get("type") == "file"
        named = [payload["token"]] if is_file else [e["attachment_id"] for e in payload.get("elements", ())]
        if not set(named) <= set(self.uploads):
            raise Refused(-100, "attachment is expired")
        kinds = {self.uploads[name]["kind"] for name in named}
        if kinds - {"file" if is_file else "image"} or len(named) > 1:
            raise Refused(-201, "attachment is invalid")
        return tuple(f"{self.uploads[name]['kind']} {self.uploads[name]['name']}" for name in named)

    def _keep(self, given: dict[str, Any]) -> dict[str, Any]:
        rules.check_upload(given["kind"], given["content"])
        name = f"u{self.number()}"
        self.uploads[name] = given
        return {"attachment_id" if given["kind"] == "image" else "token": name}

    def _describe(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"user_id": given["user_id"], "display_name": "Bà Lan"}

    def _deliver_template(self, given: dict[str, Any]) -> dict[str, Any]:
        self.templates.append(given)
        return {"msg_id": f"t{self.number()}", "quota": {"dailyQuota": "500", "remainingQuota": "499"}}


# ---- the Bot Platform


@dataclass
class BotFriend:
    """Somebody who writes to the bot."""

    id: str
    zalo: "FakeBotPlatform"
    has_blocked: bool = False
    seen: list[Message] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.zalo.give(self.update("text", text=text))

    def send(self, kind: str) -> None:
        name, more = rules.BOT_MEDIA[kind]
        self.zalo.give(self.update(name, **more))

    def update(self, name: str, **message: Any) -> dict[str, Any]:
        whole = {
            "message_id": f"2d758cb5e222177a{self.zalo.number()}",
            "date": 1750316131602,
            "from": {"id": self.id, "display_name": "Ông Minh", "is_bot": False},
            "chat": {"id": self.id, "chat_type": "PRIVATE"},
            **message,
        }
        return {"event_name": f"message.{name}.received", "message": whole}


class FakeBotPlatform(Platform):
    """The Bot Platform: one update a call and each given once, 408 when idle, no polling beside a webhook."""

    def __init__(self) -> None:
        super().__init__([Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"])])
        self.photos: list[bytes] = []
        self.site = ""
        self.set_to: dict[str, Any] = {}
        self._waiting: list[dict[str, Any]] = []
        self._people: dict[str, BotFriend] = {}
        self._polls, self._closing = 0, False

    async def __aexit__(self, *_: object) -> None:
        self._closing = True
        await super().__aexit__()

    def person(self) -> BotFriend:
        person = BotFriend(f"6ede9afa66b88fe6d6a{self.number()}", self)
        self._people[person.id] = person
        return person

    def give(self, update: dict[str, Any]) -> None:
        """Let an update be fetched or delivered, well-formed or not."""
        self._waiting.append(update)
        self._wake()

    @property
    def is_taken(self) -> bool:
        """Tell whether the bot has fetched everything and asks for more, so that what it fetched is kept."""
        return not self._waiting and (self._polls > 0 or bool(self.set_to))

    async def deliver(self, *, wrapped: bool = False) -> list[int]:
        """Push what waits to the webhook; return the statuses."""
        headers = {rules.BOT_SECRET_HEADER: self.set_to["secret_token"]}
        waiting, self._waiting = self._waiting, []
        async with httpx.AsyncClient(trust_env=False) as client:
            bodies = [{"ok": True, "result": update} if wrapped else update for update in waiting]
            return [(await client.post(self.webhook, json=body, headers=headers)).status_code for body in bodies]

    async def _answer(self, request: Request) -> Response:
        method, given = request.path_params["method"], dict(await request.json())
        try:
            await self._suffer(method, given)
            if request.path_params["token"] != BOT_TOKEN:
                raise Refused(401, "Unauthorized")
            result = await self._do(method, given)
        except Refused as refusal:
            if refusal.code >= 500:
                return refusal.response()
            body = {"ok": False, "error_code": refusal.code, "description": str(refusal)}
            return JSONResponse(body, refusal.code)
        self._wake()
        answer = {"ok": True, **({} if result is None else {"result": result})}
        return Response(json.dumps(answer), media_type="application/json")  # escapes all but ASCII

    async def _do(self, method: str, given: dict[str, Any]) -> Any:
        if method in ("getMe", "getWebhookInfo"):
            return self._describe(method)
        match method:
            case "getUpdates":
                return await self._next(given)
            case "sendMessage":
                return self._send(given)
            case "sendPhoto":
                return await self._send_photo(given)
            case "sendSticker":
                self._recipient(given).seen.append(Message(f"[{given['sticker']}]", []))
            case "sendChatAction" if given.get("action") == "typing":
                return None
            case "setWebhook":
                is_safe = str(given.get("url")).startswith("https://")
                if not is_safe or not 8 <= len(str(given.get("secret_token", ""))) <= 256:
                    raise Refused(400, "Bad Request: url or secret_token is invalid")
                self.set_to = given
            case "deleteWebhook" if not self.set_to:
                raise Refused(404, "Webhook not found")
            case "deleteWebhook":
                self.set_to = {}
            case _:
                raise Refused(400, "Bad request - invalid API name")
        return {"message_id": str(self.number()), "date": 1}

    def _describe(self, method: str) -> dict[str, Any]:
        if method == "getMe":
            return {"id": "1459232241454765289", "account_name": "Bot xã", "account_type": "BASIC"}
        if not self.set_to:
            raise Refused(404, "Webhook not found")
        return {"url": self.set_to["url"], "updated_at": 1}

    async def _next(self, given: dict[str, Any]) -> dict[str, Any]:
        if self.set_to:
            raise Refused(400, "Webhook is configured; delete it before using getUpdates")
        if not isinstance(given.get("timeout"), str):
            raise Refused(400, "timeout must be a string")
        self._polls += 1
        self._wake()
        with contextlib.suppress(TimeoutError):
            await self.until(lambda: self._waiting or self._closing, float(given["timeout"]))
        self._polls -= 1
        if not self._waiting:
            raise Refused(408, "Request timeout")
        return self._waiting.pop(0)

    def _send(self, given: dict[str, Any]) -> dict[str, Any]:
        if not 1 <= len(given.get("text", "").strip()) <= rules.MOST_TEXT:
            raise Refused(400, "Bad Request: text must be 1 to 2000 characters")
        self._recipient(given).seen.append(Message(given["text"], []))
        return {"message_id": str(self.number()), "date": 1}

    async def _send_photo(self, given: dict[str, Any]) -> dict[str, Any]:
        """Fetch the picture as Zalo does; our public name leads to where the tests serve it."""
        person, caption = self._recipient(given), given.get("caption", "")
        if len(caption) > rules.MOST_TEXT or not given["photo"].startswith("https://"):
            raise Refused(400, "Bad Request: caption or photo is invalid")
        path = httpx.URL(given["photo"]).raw_path.decode()
        async with httpx.AsyncClient(trust_env=False) as client:
            fetched = await client.get(self.site + path)
        if fetched.status_code != 200 or fetched.headers["content-type"] not in ("image/jpeg", "image/png"):
            raise Refused(400, "Bad Request: photo could not be fetched")
        self.photos.append(fetched.content)
        person.seen.append(Message(caption, [], files=(f"image {path.rpartition('/')[2]}",)))
        return {"message_id": str(self.number()), "date": 1}

    def _recipient(self, given: dict[str, Any]) -> BotFriend:
        person = self._people.get(given.get("chat_id", ""))
        if person is None:
            raise Refused(400, "Bad Request: chat not found")
        if person.has_blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return person


# ---- where Zalo keeps what people send


class FakeCdn(Platform):
    """The servers that Zalo's addresses of files point to, all of them."""

    def __init__(self) -> None:
        super().__init__([Route("/{host}/{path:path}", self._serve)])
        self.redirects: dict[str, str] = {}
        self.contents: dict[str, bytes] = {}

    def client(self) -> httpx.AsyncClient:
        """Return a client whose every https address leads here."""
        return httpx.AsyncClient(transport=_Rerouted(self.url), follow_redirects=False)

    async def _serve(self, request: Request) -> Response:
        path = request.path_params["path"]
        try:
            await self._suffer("get", {"host": request.path_params["host"], "path": path})
        except Refused as refusal:
            return refusal.response()
        if path in self.redirects:
            return Response(status_code=302, headers={"location": self.redirects[path]})
        content = self.contents.get(path) or rules.CONTENT.get(path.rpartition(".")[2])
        return Response(content) if content else Response(status_code=404)


class _Rerouted(httpx.AsyncHTTPTransport):
    def __init__(self, url: str) -> None:
        super().__init__(trust_env=False)
        self._url = url

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https", f"asked for {request.url}"
        url = httpx.URL(f"{self._url}/{request.url.host}{request.url.raw_path.decode()}")
        return await super().handle_async_request(httpx.Request(request.method, url))
