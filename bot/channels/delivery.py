"""Sending at a platform's pace, and trying again while that can help."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import httpx

from bot.messages import DeliveryError, DeliveryOutcome

log = logging.getLogger(__name__)

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)  # after any other fault it may have arrived
LONGEST_PAUSE = 60.0
LONGEST_WAIT = 600.0  # a platform that asks for a longer pause will not be waited for by somebody who just wrote


class Pace:
    """Gives out moments, so many a second, evenly spaced."""

    def __init__(self, rate: float) -> None:
        self._gap, self._next = 1.0 / rate, 0.0

    async def wait(self) -> None:
        """Return when the next message may leave."""
        now = time.monotonic()
        at = max(now, self._next)
        self._next = at + self._gap
        if at > now:
            await asyncio.sleep(at - now)


async def persist(send: Callable[[], Awaitable[None]]) -> None:
    """Send until it succeeds; raise DeliveryError when trying again cannot help.

    What may have arrived is sent again too: to somebody who waits for an answer, two are better than none.
    """
    pause = 1.0
    while True:
        try:
            await send()
        except DeliveryError as error:
            wait = error.retry_after or 0.0
            may_help = error.outcome is DeliveryOutcome.UNCERTAIN or error.retry_after is not None
            if not may_help or wait > LONGEST_WAIT:
                raise
            pause = max(pause, wait)
            log.warning("%s, thử lại sau %.0f giây", error, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return
