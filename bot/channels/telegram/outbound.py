"""Sending to Telegram: paced, edited in place where asked, every refusal one of the closed list of outcomes."""

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram import rendering
from bot.messages import DeliveryError, DeliveryOutcome, Reply

log = logging.getLogger(__name__)

CHAT_BURST = 3  # "short bursts" pass Telegram's one message a second a chat (Bots FAQ)
LONGEST_PAUSE = 60.0
GONE_SIGNS = ("chat not found", "user is deactivated", "bot was blocked", "user not found")


class Pacer:
    """Gives out the moments at which a message may leave: so many a second in all, one a second a chat."""

    def __init__(self, rate: float, *, most: int = 10_000) -> None:
        self._gap, self._next, self._most = 1.0 / rate, 0.0, most
        self._recent: OrderedDict[str, deque[float]] = OrderedDict()

    async def wait(self, chat: str) -> None:
        """Return when a message to this chat may leave: first its own turn, then the next moment of all."""
        await _until(self._turn_of(chat))
        at = max(time.monotonic(), self._next)
        self._next = at + self._gap
        await _until(at)

    def _turn_of(self, chat: str) -> float:
        now = time.monotonic()
        recent = self._recent.pop(chat, None) or deque(maxlen=CHAT_BURST)
        turn = max(now, recent[0] + CHAT_BURST) if len(recent) == CHAT_BURST else now
        recent.append(turn)
        self._recent[chat] = recent
        if len(self._recent) > self._most:
            self._recent.popitem(last=False)
        return turn


async def _until(moment: float) -> None:
    wait = moment - time.monotonic()
    if wait > 0:
        await asyncio.sleep(wait)


class Outbox:
    """Sends replies to citizens through one bot."""

    def __init__(self, bot: Bot, *, rate: float) -> None:
        self._bot, self._pacer = bot, Pacer(rate)

    async def acknowledge(self, query: str) -> None:
        """Stop the button's spinner; a query too old to acknowledge is no trouble."""
        with contextlib.suppress(TelegramError):
            await self._bot.answer_callback_query(query)

    async def send(self, address: str, replies: Sequence[Reply], *, pressed: int | None = None) -> None:
        """Deliver replies in order; raise DeliveryError when the chat refuses.

        While Telegram cannot be reached this waits and tries again: a reply twice is better than none.
        """
        for reply in replies:
            parts = rendering.split(reply.text)
            for part in parts[:-1]:
                await self._deliver(address, part, None)
            markup = rendering.keyboard(reply.choices)
            edited = reply.edits and pressed is not None and len(parts) == 1
            if not (edited and pressed and await self._edit(address, pressed, parts[0], markup)):
                await self._deliver(address, parts[-1], markup)

    async def _deliver(self, chat: str, text: str, markup: InlineKeyboardMarkup | None) -> None:
        async def send() -> None:
            await self._bot.send_message(chat, rendering.to_html(text), parse_mode="HTML", reply_markup=markup)

        await self._persist(chat, send)

    async def _edit(self, chat: str, message: int, text: str, markup: InlineKeyboardMarkup | None) -> bool:
        """Change the message whose button was pressed; False when Telegram will not (too old, deleted)."""

        async def edit() -> None:
            shown = rendering.to_html(text)
            await self._bot.edit_message_text(
                shown, chat_id=chat, message_id=message, parse_mode="HTML", reply_markup=markup
            )

        try:
            await self._persist(chat, edit)
        except DeliveryError as error:
            if error.outcome is not DeliveryOutcome.REFUSED:
                raise
            return "not modified" in str(error).lower()
        return True

    async def _persist(self, chat: str, call: Callable[[], Awaitable[None]]) -> None:
        pause = 1.0
        while True:
            await self._pacer.wait(chat)
            try:
                await call()
            except RetryAfter as error:
                await asyncio.sleep(seconds(error))
            except (Forbidden, BadRequest, ChatMigrated, InvalidToken) as error:
                raise refusal(error) from error
            except TelegramError as error:  # the network, or somebody in between who answers for Telegram
                log.warning("telegram: %s, thử lại sau %.0f giây", type(error).__name__, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return


def seconds(error: RetryAfter) -> float:
    """Return how long Telegram asks us to wait."""
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)


def refusal(error: TelegramError) -> DeliveryError:
    """Return what a refusal of Telegram means for the recipient."""
    said = error.message.lower()
    if isinstance(error, Forbidden) or any(sign in said for sign in GONE_SIGNS):
        return DeliveryError(DeliveryOutcome.GONE, error.message)
    if isinstance(error, InvalidToken):
        return DeliveryError(DeliveryOutcome.FAILED, "Telegram không nhận mã bot")
    return DeliveryError(DeliveryOutcome.REFUSED, error.message)
