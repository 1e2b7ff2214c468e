"""A double of Zalo for the bot: its Bot Platform, as strict as we know it to be."""

import contextlib
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.channels import zalo_rules as rules
from tests.channels.zalo_rules import Refused
from tests.serving import Message, Platform

BOT_TOKEN, BOT_SECRET = "1459232241454765289:chi-de-thu-nghiem", "bi-mat-webhook-cua-xa"


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
