"""A double of Zalo for the Official Account: its OpenAPI, as strict as we know it to be."""

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
                Route("/v3.0/oa/quota/message", self._quota, methods=["POST"]),
                Route("/message/template", self._template, methods=["POST"]),
            ]
        )
        self.refresh_token, self.access = FIRST_REFRESH, set[str]()
        self.lasts: object = "90000"
        self.uploads: dict[str, dict[str, Any]] = {}
        self.templates: list[dict[str, Any]] = []
        self.quotas: Any = [rules.quota()]
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

    @property
    def people(self) -> list[Follower]:
        return list(self._people.values())

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

    async def _quota(self, request: Request) -> Response:
        return await self._answer("quota", request, await request.json(), self._count)

    async def _template(self, request: Request) -> Response:
        return await self._answer("template", request, await request.json(), self._deliver_template)

    async def _answer(
        self, call: str, request: Request, given: dict[str, Any], do: Callable[[dict[str, Any]], Any]
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
        return {"user_id": given["user_id"], **rules.DETAIL}

    def _count(self, given: dict[str, Any]) -> Any:
        if given != {"quota_owner": "OA", "product_type": "cs"}:
            raise Refused(-201, "params is invalid")
        return self.quotas

    def _deliver_template(self, given: dict[str, Any]) -> dict[str, Any]:
        self.templates.append(given)
        return {"msg_id": f"t{self.number()}", "quota": {"dailyQuota": "500", "remainingQuota": "499"}}
