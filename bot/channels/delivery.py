"""Sending at a platform's pace, and trying again while that can help."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence

import httpx

from bot.messages import DeliveryError, DeliveryOutcome, Enclosure
from bot.texts import Texts

log = logging.getLogger(__name__)

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)  # after any other fault it may have arrived
LONGEST_PAUSE = 60.0
LONGEST_WAIT = 600.0  # a platform that asks for a longer pause will not be waited for by somebody who just wrote

Send = Callable[[], Awaitable[None]]
Deliver = Callable[[Send], Awaitable[None]]


class Pace:
    """Gives out the moments at which a message may leave, so many a second, evenly spaced.

    Replies book the next free moment; a bulk message takes one only when it has come and no reply has booked it, so
    however many are to be sent, a reply leaves at once. Bulk waits for as long as replies fill the rate.
    """

    def __init__(self, rate: float) -> None:
        self._gap, self._next = 1.0 / rate, 0.0

    async def wait(self) -> None:
        """Return when the next message may leave."""
        at = max(time.monotonic(), self._next)
        self._next = at + self._gap
        await until(at)

    async def wait_in_bulk(self) -> None:
        """Return when a message that is one of many may leave."""
        free = time.monotonic()
        while free < self._next:
            free = self._next
            await until(free)
        self._next = free + self._gap


async def until(moment: float) -> None:
    """Return at a moment of the monotonic clock."""
    wait = moment - time.monotonic()
    if wait > 0:
        await asyncio.sleep(wait)


def once(wait: Callable[[], Awaitable[None]]) -> Deliver:
    """Return what sends the parts of one delivery, each tried once, when `wait` returns: behind answers to citizens.

    What fails after a part has arrived is uncertain: to begin again would repeat that part.
    """
    has_arrived = False

    async def deliver(send: Send) -> None:
        nonlocal has_arrived
        await wait()
        try:
            await send()
        except DeliveryError as error:
            if has_arrived and error.outcome is DeliveryOutcome.FAILED:
                said = f"mới gửi được phần đầu: {error}"
                raise DeliveryError(DeliveryOutcome.UNCERTAIN, said) from error
            raise
        has_arrived = True

    return deliver


async def deliver_or_name(deliver: Deliver, send: Send, instead: Sequence[Send]) -> None:
    """Deliver something with a file; when the platform refuses it, deliver `instead`: words that name the file.

    Whether it is the file that was refused or the person, the second try shows: the words are refused too, then.
    """
    try:
        await deliver(send)
    except DeliveryError as error:
        if error.outcome is not DeliveryOutcome.REFUSED:
            raise
        log.warning("tệp kèm theo không gửi được, chỉ gửi lời: %s", error)
        for words in instead:
            await deliver(words)


def named(
    text: str, files: Sequence[Enclosure], texts: Texts, *, link: Callable[[Enclosure], str] | None = None
) -> str:
    """Return a text with a line for each file that cannot be shown: what it is, and its address where it has one."""
    lines = [text] if text else []
    for one in files:
        where = link(one) if link else ""
        told = texts.say("enclosed.elsewhere", name=one.label, link=where) if where else ""
        lines.append(told or texts.say("enclosed.missing", name=one.label))
    return "\n".join(lines)


async def persist(pace: Pace, send: Send) -> None:
    """Send until it succeeds; raise DeliveryError when trying again cannot help.

    What may have arrived is sent again too: to somebody who waits for an answer, two are better than none.
    """
    pause = 1.0
    while True:
        await pace.wait()
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
