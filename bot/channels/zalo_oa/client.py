"""The few calls of Zalo's OpenAPI that we make, each failure one of the closed list of outcomes."""

import asyncio
import json
import logging
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from bot.channels.delivery import NEVER_LEFT
from bot.channels.zalo_oa import errors, quota
from bot.channels.zalo_oa.tokens import TokenKeeper
from bot.channels.zalo_oa.windows import quiet_seconds
from bot.health import Answer, ChannelHealth, Quota
from bot.messages import DeliveryError, DeliveryOutcome
from bot.settings import ZaloOa

log = logging.getLogger(__name__)

RETRY_SECONDS = 30.0


class Client:
    """One Official Account's OpenAPI. What an operator must mend is told to `health`."""

    def __init__(
        self,
        settings: ZaloOa,
        tokens: TokenKeeper,
        http: httpx.AsyncClient,
        health: ChannelHealth,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._settings, self._tokens, self._http, self._health, self._now = settings, tokens, http, health, now
        self._base = settings.api_url.rstrip("/")
        self._hindrance = ""  # why nothing is sent to anybody, from Zalo's own mouth
        self._quota_due = now()

    async def examine(self) -> Answer:
        """Return whether Zalo lets us speak for the account.

        What stopped all sending is told until something is sent again: asking does not find out.
        """
        try:
            answer = await self._authorised("GET", f"{self._base}/v2.0/oa/getoa", {})
        except DeliveryError as error:
            return Answer(self._tokens.trouble or str(error), is_final=bool(self._tokens.trouble))
        if answer["error"]:
            refused = errors.refusal(answer["error"])
            return Answer(str(refused), is_final=isinstance(refused, errors.NeedsOperator))
        if self._tokens.trouble:
            return Answer(self._tokens.trouble, is_final=True)
        if not self._hindrance:
            self._health.works()
        return Answer(self._hindrance, is_final=bool(self._hindrance))

    async def quota(self) -> Quota | None:
        """Return what is left of the account's messages; None when that was asked lately or Zalo cannot be asked now.

        It is asked again after an hour, and when a message was refused for it.
        """
        now = self._now()
        if now < self._quota_due:
            return None
        self._quota_due = now + quota.EVERY
        try:
            async with asyncio.timeout(quota.ASK_SECONDS):
                answer = await self._authorised("POST", self._base + quota.PATH, {"json": quota.QUESTION})
        except (DeliveryError, TimeoutError):
            return None
        return quota.read(answer, now=now)

    async def send(self, user: str, message: dict[str, Any]) -> None:
        """Deliver a consultation message (tin tư vấn); raise DeliveryError when it did not arrive or may not have."""
        body = {"recipient": {"user_id": user}, "message": message}
        await self._call("POST", f"{self._base}/v3.0/oa/message/cs", json=body)

    async def send_template(self, user: str, text: str) -> None:
        """Deliver a text that fits inside the approved ZBS template, which costs money at any time."""
        url = f"{self._settings.template_url.rstrip('/')}/message/template"
        filled = {self._settings.template_field: text}
        body = {"user_id": user, "template_id": self._settings.template_id, "template_data": filled}
        await self._call("POST", url, json={**body, "tracking_id": uuid.uuid4().hex})

    async def upload(self, kind: str, content: bytes, *, name: str, media_type: str) -> str:
        """Return the name that Zalo gives an uploaded "image" or "file"; raise DeliveryError, when nothing was sent."""
        url = f"{self._base}/v2.0/oa/upload/{kind}"
        try:
            given = await self._call("POST", url, files={"file": (name, content, media_type)})
        except DeliveryError as error:
            if error.outcome is not DeliveryOutcome.UNCERTAIN:
                raise
            raise DeliveryError(DeliveryOutcome.FAILED, str(error), retry_after=RETRY_SECONDS) from None
        named = given.get("attachment_id" if kind == "image" else "token")
        if not isinstance(named, str) or not named:
            raise DeliveryError(DeliveryOutcome.FAILED, "Zalo nhận tệp mà không đặt tên", retry_after=RETRY_SECONDS)
        return named

    async def shown_name(self, user: str) -> str:
        """Return the name that somebody shows on Zalo, "" where Zalo does not tell; all else that it tells is let go.

        To be asked only when that person has just allowed it. DeliveryError when Zalo cannot be asked.
        """
        asked = {"params": {"data": json.dumps({"user_id": user})}}
        answer = await self._authorised("GET", f"{self._base}/v3.0/oa/user/detail", asked)
        detail = answer.get("data")
        name = detail.get("display_name") if isinstance(detail, dict) and not answer["error"] else ""
        return str(name or "").encode(errors="replace").decode()

    async def _call(self, method: str, url: str, **content: Any) -> dict[str, Any]:
        """Return the `data` of an answer; a token that Zalo rejects is replaced, once."""
        try:
            answer = await self._authorised(method, url, content)
        except DeliveryError as error:
            self._health.failed(str(error), self._now())
            raise
        if answer["error"]:
            raise self._refusal(answer["error"])
        self._hindrance = ""
        self._tell_health()
        data = answer.get("data")
        return data if isinstance(data, dict) else {}

    async def _authorised(self, method: str, url: str, content: dict[str, Any]) -> dict[str, Any]:
        rejected = ""
        for _ in range(2):
            token = await self._tokens.current(rejected=rejected)
            answer = await self._request(method, url, token, content)
            if answer["error"] not in errors.STALE_TOKEN:
                break
            rejected = token
        return answer

    def _tell_health(self) -> None:
        """All is well, unless what works today will stop when its token runs out."""
        if self._tokens.trouble:
            self._health.failed(self._tokens.trouble, self._now())
        else:
            self._health.works()

    async def _request(self, method: str, url: str, token: str, content: dict[str, Any]) -> dict[str, Any]:
        try:
            response = await self._http.request(method, url, headers={"access_token": token}, **content)
        except NEVER_LEFT as error:
            raise DeliveryError(
                DeliveryOutcome.FAILED, f"không tới được Zalo ({_name(error)})", retry_after=1.0
            ) from None
        except httpx.HTTPError as error:
            raise DeliveryError(DeliveryOutcome.UNCERTAIN, f"Zalo không trả lời ({_name(error)})") from None
        if response.status_code in (429, 503):
            raise DeliveryError(DeliveryOutcome.FAILED, "Zalo đang quá tải", retry_after=RETRY_SECONDS)
        try:
            answer = response.json()
            return {**answer, "error": int(answer["error"])}
        except (ValueError, TypeError, KeyError):
            said = f"Zalo trả lời lạ (HTTP {response.status_code})"
            raise DeliveryError(DeliveryOutcome.UNCERTAIN, said) from None

    def _refusal(self, code: int) -> DeliveryError:
        if code == errors.UPLOAD_EXPIRED:
            return UploadExpired(DeliveryOutcome.REFUSED, errors.meaning_of(code).reason)
        if code == errors.QUOTA_SPENT:
            self._quota_due = self._now()
        wait = quiet_seconds(self._now(), self._settings) if code == errors.QUIET_HOURS else None
        error = errors.refusal(code, retry_after=wait)
        if isinstance(error, errors.NeedsOperator):
            self._hindrance = str(error)
            self._health.failed(self._hindrance, self._now())
            log.error("zalo_oa: %s. Không gửi được cho ai đến khi xử lý xong", error)
        return error


class UploadExpired(DeliveryError):
    """Zalo has forgotten what was uploaded for this message, which did not leave."""


def _name(error: Exception) -> str:
    return type(error).__name__
