"""The few calls of the Bot Platform that we make, each failure told without the token, which is part of the address."""

import re
from collections.abc import Mapping
from typing import Any

import httpx

from bot.channels.delivery import NEVER_LEFT
from bot.messages import DeliveryError, DeliveryOutcome

CALL_SECONDS = 20.0
POLL_SECONDS = 30
PHOTO_SECONDS = 150.0  # Zalo fetches the picture before it answers
IDLE, UNAUTHORISED, FORBIDDEN, TOO_MANY = 408, 401, 403, 429
RETRY_SECONDS, RETRY_TOKEN_SECONDS = 30.0, 300.0


class Unreachable(Exception):
    """The Bot Platform did not answer as it should; `was_sent` when it may have done what was asked all the same."""

    def __init__(self, why: str, *, was_sent: bool) -> None:
        self.was_sent = was_sent
        super().__init__(why)


class Refused(Exception):
    """The Bot Platform said no, with a code that is mostly an HTTP status."""

    def __init__(self, code: int, description: str, retry_after: float | None) -> None:
        self.code, self.retry_after = code, retry_after
        super().__init__(f"{code} {description}"[:200])


class Client:
    """One bot's methods."""

    def __init__(self, token: str, api_url: str, http: httpx.AsyncClient) -> None:
        self._token, self._base, self._http = token, f"{api_url.rstrip('/')}/bot{token}", http

    async def call(self, method: str, given: Mapping[str, str], *, seconds: float = CALL_SECONDS) -> Any:
        """Return the result of a method; raise Refused or Unreachable."""
        timeout = httpx.Timeout(seconds, connect=10.0)
        try:
            response = await self._http.post(f"{self._base}/{method}", json=dict(given), timeout=timeout)
            answer = response.json()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(type(error).__name__, was_sent=not isinstance(error, NEVER_LEFT)) from None
        except ValueError:
            raise Unreachable(f"HTTP {response.status_code}", was_sent=True) from None
        if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool) or response.status_code >= 500:
            raise Unreachable(f"HTTP {response.status_code}", was_sent=True)
        if not answer["ok"]:
            code = answer.get("error_code")
            known = code if isinstance(code, int) else response.status_code
            said = str(answer.get("description", "")).replace(self._token, "…")
            raise Refused(known, said, _retry_after(response))
        return answer.get("result")

    async def update(self) -> dict[str, Any] | None:
        """Wait for the next update and return it, None when there was none for a while. It is not given twice."""
        try:
            found = await self.call("getUpdates", {"timeout": str(POLL_SECONDS)}, seconds=POLL_SECONDS + 10)
        except Refused as error:
            if error.code == IDLE:
                return None
            raise
        return found if isinstance(found, dict) else None

    async def deliver(self, method: str, given: Mapping[str, str], *, seconds: float = CALL_SECONDS) -> None:
        """Send something to a chat; raise DeliveryError when it did not arrive or may not have."""
        try:
            await self.call(method, given, seconds=seconds)
        except Unreachable as error:
            said = f"không tới được Zalo ({error})"
            if error.was_sent:
                raise DeliveryError(DeliveryOutcome.UNCERTAIN, said) from None
            raise DeliveryError(DeliveryOutcome.FAILED, said, retry_after=1.0) from None
        except Refused as error:
            raise refusal(error) from None


def _retry_after(response: httpx.Response) -> float | None:
    given = response.headers.get("retry-after", "")
    return float(given) if given.isdecimal() else None


_GONE = re.compile(r"(?i)\b(chat|user)\b.*not found")


def refusal(error: Refused) -> DeliveryError:
    """Return what a refusal means for the recipient."""
    if error.code == TOO_MANY:
        return DeliveryError(DeliveryOutcome.FAILED, "gửi quá nhanh", retry_after=error.retry_after or RETRY_SECONDS)
    if error.code == IDLE:
        return DeliveryError(DeliveryOutcome.UNCERTAIN, "Zalo trả lời quá lâu")
    if error.code == UNAUTHORISED:
        said = "Zalo không nhận mã bot; kiểm tra MOTCUA_ZALO_BOT__TOKEN"
        return DeliveryError(DeliveryOutcome.FAILED, said, retry_after=RETRY_TOKEN_SECONDS)
    if error.code == FORBIDDEN or _GONE.search(str(error)):
        return DeliveryError(DeliveryOutcome.GONE, str(error))
    return DeliveryError(DeliveryOutcome.REFUSED, str(error))
