"""Sending to Telegram: paced, edited in place where asked, every refusal one of the closed list of outcomes."""

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

import httpx
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot import metrics
from bot.channels.delivery import NEVER_LEFT, Deliver, Pace, Send, deliver_or_name, named, once, until
from bot.channels.telegram import rendering
from bot.channels.telegram.inbound import NAME
from bot.channels.telegram.parcels import Parcel, parcels
from bot.channels.telegram.shipping import Shipper
from bot.files import Files
from bot.messages import DeliveryError, DeliveryOutcome, Reply
from bot.texts import Texts

log = logging.getLogger(__name__)

T = TypeVar("T")

CHAT_BURST, CHAT_SECONDS = 3, 3.0  # "short bursts" pass Telegram's one message a second a chat (Bots FAQ)
GROUP_BURST, GROUP_SECONDS = 20, 60.0  # a group takes 20 messages a minute (Bots FAQ)
LONGEST_PAUSE = 60.0
MOST_NOTICE = 200  # letters of a callback answer
GONE_SIGNS = ("chat not found", "user is deactivated", "bot was blocked", "user not found")


class Pacer:
    """Gives out the moments at which a message may leave: so many a second in all, one a second a chat,
    twenty a minute a group.
    """

    def __init__(self, rate: float, *, most: int = 10_000) -> None:
        self._pace, self._most = Pace(rate), most
        self._recent: OrderedDict[str, deque[float]] = OrderedDict()

    async def wait(self, chat: str) -> None:
        """Return when a message to this chat may leave: first its own turn, then the next moment of all."""
        await until(self._turn_of(chat))
        await self._pace.wait()

    async def wait_in_bulk(self, chat: str) -> None:
        """Return when a message that is one of many may leave to this chat."""
        await until(self._turn_of(chat))
        await self._pace.wait_in_bulk()

    def _turn_of(self, chat: str) -> float:
        now = time.monotonic()
        burst, span = (GROUP_BURST, GROUP_SECONDS) if chat.startswith("-") else (CHAT_BURST, CHAT_SECONDS)
        recent = self._recent.pop(chat, None) or deque(maxlen=burst)
        turn = max(now, recent[0] + span) if len(recent) == burst else now
        recent.append(turn)
        self._recent[chat] = recent
        if len(self._recent) > self._most:
            self._recent.popitem(last=False)
        return turn


class Outbox:
    """Sends replies to citizens through one bot."""

    def __init__(self, bot: Bot, files: Files, texts: Texts, *, rate: float) -> None:
        self._bot, self._pacer, self._texts = bot, Pacer(rate), texts
        self._shipper = Shipper(bot, files)

    async def acknowledge(self, query: str, said: str = "", *, is_alert: bool = False) -> bool:
        """Stop the button's spinner and tell its presser something; False when the query is too old for that."""
        with contextlib.suppress(TelegramError):
            return await self._bot.answer_callback_query(query, said[:MOST_NOTICE] or None, show_alert=is_alert)
        return False

    async def send(self, address: str, replies: Sequence[Reply], *, pressed: int | None = None) -> None:
        """Deliver replies in order; raise DeliveryError when the chat refuses.

        While Telegram cannot be reached this waits and tries again: a reply twice is better than none.
        """
        deliver = partial(self.persist, address)
        for reply in replies:
            messages = parcels(reply)
            may_edit = reply.edits and len(messages) == 1 and not reply.files
            if may_edit and pressed and await self._edit(address, pressed, messages[0]):
                continue
            for parcel in messages:
                await self._leave(address, parcel, deliver)

    async def send_once(self, address: str, replies: Sequence[Reply]) -> None:
        """Deliver replies in order, behind the answers to citizens and each tried once; raise DeliveryError.

        What fails after a part has arrived is uncertain: to begin again would repeat that part.
        """
        in_turn = once(partial(self._pacer.wait_in_bulk, address))

        async def deliver(send: Send) -> None:
            await in_turn(partial(_judged, send))

        for reply in replies:
            for parcel in parcels(reply):
                await self._leave(address, parcel, deliver)

    async def _leave(self, chat: str, parcel: Parcel, deliver: Deliver) -> None:
        """Deliver one message; files that Telegram refuses are named in words."""
        with metrics.delivery(NAME):
            if not parcel.files:
                await deliver(partial(self._post, chat, parcel))
                return
            words = replace(parcel, text=named(parcel.text, parcel.files, self._texts), files=())
            instead = [partial(self._post, chat, words)]
            await deliver_or_name(deliver, partial(self._shipper.send, chat, parcel), instead)

    async def _post(self, chat: str, parcel: Parcel) -> None:
        markup = rendering.keyboard(parcel.choices)
        await self._bot.send_message(chat, rendering.to_html(parcel.text), parse_mode="HTML", reply_markup=markup)

    async def _edit(self, chat: str, message: int, parcel: Parcel) -> bool:
        """Change the message whose button was pressed; False when Telegram will not (too old, deleted)."""

        async def edit() -> None:
            shown, markup = rendering.to_html(parcel.text), rendering.keyboard(parcel.choices)
            await self._bot.edit_message_text(
                shown, chat_id=chat, message_id=message, parse_mode="HTML", reply_markup=markup
            )

        try:
            await self.persist(chat, edit)
        except DeliveryError as error:
            if error.outcome is not DeliveryOutcome.REFUSED:
                raise
            return "not modified" in str(error).lower()
        return True

    async def once(self, chat: str, call: Callable[[], Awaitable[T]]) -> T:
        """Return what a call to Telegram gives, tried once; raise DeliveryError."""
        await self._pacer.wait(chat)
        try:
            return await call()
        except TelegramError as error:
            raise outcome(error) from error

    async def persist(self, chat: str, call: Callable[[], Awaitable[T]]) -> T:
        """Return what a call to Telegram gives, tried until it does; raise DeliveryError when Telegram refuses."""
        pause = 1.0
        while True:
            await self._pacer.wait(chat)
            try:
                return await call()
            except RetryAfter as error:
                await asyncio.sleep(seconds(error))
            except (Forbidden, BadRequest, ChatMigrated, InvalidToken) as error:
                raise refusal(error) from error
            except TelegramError as error:  # the network, or somebody in between who answers for Telegram
                log.warning("telegram: %s, thử lại sau %.0f giây", type(error).__name__, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)


async def _judged(send: Send) -> None:
    """Send once; raise DeliveryError."""
    try:
        await send()
    except TelegramError as error:
        raise outcome(error) from error


def seconds(error: RetryAfter) -> float:
    """Return how long Telegram asks us to wait."""
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)


def refusal(error: TelegramError) -> DeliveryError:
    """Return what a refusal of Telegram means for the recipient."""
    said = error.message.lower()
    if isinstance(error, Forbidden) or any(sign in said for sign in GONE_SIGNS):
        return DeliveryError(DeliveryOutcome.GONE, error.message)
    if isinstance(error, ChatMigrated):
        return DeliveryError(DeliveryOutcome.FAILED, error.message, moved_to=str(error.new_chat_id))
    if isinstance(error, InvalidToken):
        return DeliveryError(DeliveryOutcome.FAILED, "Telegram không nhận mã bot")
    return DeliveryError(DeliveryOutcome.REFUSED, error.message)


def outcome(error: TelegramError) -> DeliveryError:
    """Return what became of a message that was tried once.

    When the line broke after the request was written, or something else than Telegram answered 200, nobody can know
    whether it arrived: sendMessage has no key by which Telegram would recognise a second try.
    """
    if isinstance(error, RetryAfter):
        return DeliveryError(DeliveryOutcome.FAILED, "Telegram bảo chờ", retry_after=seconds(error))
    if isinstance(error, Forbidden | BadRequest | ChatMigrated | InvalidToken):
        return refusal(error)
    cause = error.__cause__
    is_known = isinstance(error, NetworkError) and not isinstance(cause, httpx.HTTPError)  # it answered, with 5xx
    if is_known or isinstance(error, Conflict) or isinstance(cause, NEVER_LEFT):
        return DeliveryError(DeliveryOutcome.FAILED, f"Telegram: {_name(error)}")
    return DeliveryError(DeliveryOutcome.UNCERTAIN, f"không rõ đã tới chưa: {_name(error)}")


def _name(error: TelegramError) -> str:
    return type(error.__cause__ or error).__name__
