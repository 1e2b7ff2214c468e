"""The officials' group: messages, edits and topics in it. Replies here are one message each."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from telegram import Bot, Message, ReplyParameters

from bot.channels.telegram import rendering
from bot.messages import DeliveryError, DeliveryOutcome, Reply

T = TypeVar("T")


class Deliver(Protocol):
    """How a call to Telegram is made: once, or until it succeeds."""

    async def __call__(self, chat: str, call: Callable[[], Awaitable[T]]) -> T:
        """Return what the call gives; raise DeliveryError."""


class Group:
    """One group, through one bot. Every call may raise DeliveryError."""

    def __init__(self, bot: Bot, chat: str, deliver: Deliver) -> None:
        self._bot, self.chat, self._deliver = bot, chat, deliver

    def wrote(self, message: Message) -> bool:
        """Tell whether a message is the bot's own."""
        return message.from_user is not None and str(message.from_user.id) == self._bot.token.partition(":")[0]

    async def post(self, reply: Reply, *, topic: int | None = None, to: int | None = None) -> int:
        """Send a message, perhaps into a topic or as the reply to another; return its number."""
        text, markup = rendering.to_html(reply.text), rendering.keyboard(reply.choices)
        target = ReplyParameters(to, allow_sending_without_reply=True) if to else None
        sent = await self._deliver(
            self.chat,
            lambda: self._bot.send_message(
                self.chat,
                text,
                parse_mode="HTML",
                reply_markup=markup,
                message_thread_id=topic,
                reply_parameters=target,
            ),
        )
        return sent.message_id

    async def edit(self, message: int, reply: Reply) -> bool:
        """Change a message; False when Telegram has it no more or will not change it."""
        text, markup = rendering.to_html(reply.text), rendering.keyboard(reply.choices)
        try:
            await self._deliver(
                self.chat,
                lambda: self._bot.edit_message_text(
                    text, chat_id=self.chat, message_id=message, parse_mode="HTML", reply_markup=markup
                ),
            )
        except DeliveryError as error:
            if error.outcome is not DeliveryOutcome.REFUSED:
                raise
            return "not modified" in str(error).lower()
        return True

    async def has_topics(self) -> bool:
        """Tell whether the group is a forum."""
        found = await self._deliver(self.chat, lambda: self._bot.get_chat(self.chat))
        return bool(found.is_forum)

    async def open_topic(self, name: str) -> int:
        """Create a topic; return its number. The bot must be an administrator who may manage topics."""
        created = await self._deliver(self.chat, lambda: self._bot.create_forum_topic(self.chat, name))
        return created.message_thread_id

    async def set_topic(self, topic: int, *, is_open: bool) -> None:
        """Close or reopen a topic; one that is so already, or is gone, is left as it is."""
        call = self._bot.reopen_forum_topic if is_open else self._bot.close_forum_topic
        try:
            await self._deliver(self.chat, lambda: call(self.chat, topic))
        except DeliveryError as error:
            if error.outcome is not DeliveryOutcome.REFUSED:
                raise
