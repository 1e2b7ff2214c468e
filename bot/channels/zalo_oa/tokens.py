"""The right to speak for the Official Account: an access token of 25 hours, refreshed ahead, its chain never torn.

Each refresh token works once and is good for three months; two processes that use the same one lose the chain, and only
the account's administrator can start it again (https://developers.zalo.me/docs/official-account/bat-dau/xac-thuc-va-uy-quyen).
"""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx

from bot.health import ChannelHealth
from bot.messages import DeliveryError, DeliveryOutcome
from bot.settings import ZaloOa
from bot.storage import zalo_tokens
from bot.storage.database import Database, StorageError
from bot.storage.zalo_tokens import Tokens

log = logging.getLogger(__name__)

AHEAD = timedelta(hours=6)  # refreshed when this little is left, so that a whole night of trouble costs nothing
SPARE = timedelta(minutes=1)  # not used any more when this little is left
CHECK_SECONDS = 600.0
ASK_SECONDS = 20.0
LEASE = timedelta(seconds=60)  # longer than one may ask; a process that died while asking holds up the others so long
RETRY_SECONDS, RETRY_SOON = 60.0, 5.0
MOST_ANSWER = 20_000  # characters; a real one has a few hundred
MOST_SECONDS = 30 * 24 * 3_600
RUNBOOK = "docs/runbooks/zalo-mat-quyen.md"


class TokenKeeper:
    """Gives out the access token. `trouble` says why there will soon be none, "" while all is well."""

    def __init__(
        self, settings: ZaloOa, database: Database, client: httpx.AsyncClient, *, now: Callable[[], datetime]
    ) -> None:
        self._settings, self._database, self._client, self._now = settings, database, client, now
        self._known: Tokens | None = None
        self._begun = False
        self._lock = asyncio.Lock()
        self._failure, self._again_at = "", 0.0
        self.trouble = ""

    async def keep_fresh(self, health: ChannelHealth) -> None:
        """Refresh ahead for ever, an idle account's token too; tell when that fails."""
        while True:
            try:
                async with self._lock:
                    await self._renew(AHEAD, rejected="")
            except (DeliveryError, StorageError) as error:
                log.warning("zalo_oa: chưa làm mới được mã truy cập: %s", error)
                health.failed(str(error), self._now())
            await asyncio.sleep(CHECK_SECONDS)

    async def current(self, *, rejected: str = "") -> str:
        """Return an access token other than one that Zalo just rejected; raise DeliveryError when there is none now."""
        if not self._serves(self._known, SPARE, rejected):
            async with self._lock:
                if not self._serves(self._known, SPARE, rejected):
                    await self._renew(SPARE, rejected=rejected)
        assert self._known
        return self._known.access

    def _serves(self, tokens: Tokens | None, spare: timedelta, rejected: str) -> bool:
        if tokens is None or tokens.expires_at is None or tokens.access == rejected:
            return False
        return tokens.expires_at - self._now() > spare

    async def _renew(self, spare: timedelta, *, rejected: str) -> None:
        """Obtain tokens; after a failure all who ask are told so for a while, and Zalo is left alone."""
        wait = self._again_at - time.monotonic()
        if wait > 0:
            raise DeliveryError(DeliveryOutcome.FAILED, self._failure, retry_after=wait)
        try:
            self._known = await self._obtain(spare, rejected=rejected)
        except DeliveryError as error:
            self._failure, self._again_at = str(error), time.monotonic() + (error.retry_after or 0.0)
            raise

    async def _obtain(self, spare: timedelta, *, rejected: str) -> Tokens:
        """Return tokens good for longer than `spare`, or those that Zalo just gave."""
        has_asked = False
        while True:
            tokens = await self._load()
            if tokens.answer is not None:  # ours, or that of a process that died before it read it
                await self._read(tokens)
            elif has_asked or self._serves(tokens, spare, rejected):
                return tokens
            elif await self._lease(tokens.refresh):
                asking = asyncio.create_task(self._ask(tokens.refresh))
                try:
                    await asyncio.shield(asking)
                finally:
                    await asyncio.wait([asking])  # a stop waits: an answer that nobody keeps is a chain lost
                has_asked = True
            else:
                await asyncio.sleep(1.0)

    async def _load(self) -> Tokens:
        app, first = self._settings.app_id, self._settings.refresh_token
        async with self._database.transaction() as transaction:
            if not self._begun:
                seed = hashlib.sha256(first.encode()).hexdigest()
                await zalo_tokens.begin(transaction, app, first, seed=seed)
            tokens = await zalo_tokens.load(transaction, app)
        self._begun = True
        assert tokens
        self.trouble = f"Zalo không nhận mã làm mới; làm theo {RUNBOOK}" if tokens.lost_at else ""
        return tokens

    async def _lease(self, refresh: str) -> bool:
        now = self._now()
        async with self._database.transaction() as transaction:
            return await zalo_tokens.lease(transaction, self._settings.app_id, refresh, now=now, until=now + LEASE)

    async def _ask(self, refresh: str) -> None:
        """Ask Zalo for the next tokens and keep its answer, whatever it is."""
        url = f"{self._settings.oauth_url.rstrip('/')}/v4/oa/access_token"
        form = {"refresh_token": refresh, "app_id": self._settings.app_id, "grant_type": "refresh_token"}
        try:
            async with asyncio.timeout(ASK_SECONDS):
                headers = {"secret_key": self._settings.secret}
                response = await self._client.post(url, data=form, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            await self._release(refresh)
            raise _unreachable(type(error).__name__) from None
        if response.status_code >= 500 and "access_token" not in response.text:
            await self._release(refresh)
            raise _unreachable(f"HTTP {response.status_code}")
        await self._keep(refresh, response.text.replace("\0", "")[:MOST_ANSWER])  # PostgreSQL keeps no zero bytes

    async def _release(self, refresh: str) -> None:
        async with self._database.transaction() as transaction:
            await zalo_tokens.release(transaction, self._settings.app_id, refresh)

    async def _keep(self, refresh: str, answer: str) -> None:
        while True:
            try:
                async with self._database.transaction() as transaction:
                    app, now = self._settings.app_id, self._now()
                    await zalo_tokens.keep_answer(transaction, app, refresh, answer, now=now)
            except StorageError as error:
                log.error("zalo_oa: chưa ghi được mã mới, đang thử lại, đừng tắt chương trình: %s", error)
                await asyncio.sleep(1.0)
            else:
                return

    async def _read(self, tokens: Tokens) -> None:
        """Put the tokens of a kept answer in place; raise DeliveryError when it brought none."""
        app = self._settings.app_id
        answer = _parsed(tokens.answer or "")
        new = _tokens_in(answer, tokens)
        is_refused = new is None and "error" in answer
        async with self._database.transaction() as transaction:
            if new:
                await zalo_tokens.renew(transaction, app, tokens.refresh, new)
            else:
                lost_at = self._now() if is_refused else None
                await zalo_tokens.drop_answer(transaction, app, tokens.refresh, lost_at=lost_at)
        if is_refused:
            raise self._alarm(answer)
        if not new:
            raise _unreachable("câu trả lời lạ")

    def _alarm(self, answer: dict[str, Any]) -> DeliveryError:
        said = f"mã {answer['error']} {answer.get('error_name', '')}".strip()[:100]
        self.trouble = f"Zalo không nhận mã làm mới ({said}); làm theo {RUNBOOK}"
        log.error("zalo_oa: %s. Tin đã nhận vẫn được giữ và sẽ được trả lời khi có mã mới", self.trouble)
        return DeliveryError(DeliveryOutcome.FAILED, self.trouble, retry_after=RETRY_SECONDS)


def _unreachable(why: str) -> DeliveryError:
    return DeliveryError(DeliveryOutcome.FAILED, f"không lấy được mã truy cập của Zalo ({why})", retry_after=RETRY_SOON)


def _parsed(answer: str) -> dict[str, Any]:
    try:
        parsed = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _tokens_in(answer: dict[str, Any], before: Tokens) -> Tokens | None:
    """Return the tokens in an answer; `expires_in` is seconds, as a string."""
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh and before.answered_at):
        return None
    try:
        seconds = min(int(answer["expires_in"]), MOST_SECONDS)
    except (KeyError, TypeError, ValueError):
        seconds = 3_600  # better a token refreshed too often than a chain thrown away over one field
    return replace(before, refresh=refresh, access=access, expires_at=before.answered_at + timedelta(seconds=seconds))
