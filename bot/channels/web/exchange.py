"""One turn of the chat, kept in the conversation's own transaction: what was said, and what came back."""

from collections.abc import Sequence
from typing import Any

from bot.channels.web import rendering, said
from bot.channels.web.pages import Pages, choices_in
from bot.messages import Choice, Incoming, Reply, pack
from bot.storage import web_messages
from handlers.services import Turn


class Exchange:
    """What one message and its replies are on the page; filled by `keep`."""

    def __init__(self, incoming: Incoming, pages: Pages) -> None:
        self._incoming, self._pages = incoming, pages
        self.person = 0
        self.body = ""  # as `said.body` has it
        self.replies: list[dict[str, Any]] = []

    async def keep(self, turn: Turn, offered: Sequence[Choice], replies: Sequence[Reply]) -> None:
        """Store the turn beside the conversation's state."""
        self.person = turn.person
        self.body = said.body(await self._said(turn, offered), self._incoming.attachments)
        bodies = [pack(reply) for reply in replies]
        ids = await web_messages.add(turn.transaction, turn.person, bodies, said=self.body, now=turn.now())
        self.replies = [{"number": number, **rendering.as_json(r)} for number, r in zip(ids, replies, strict=True)]

    async def _said(self, turn: Turn, offered: Sequence[Choice]) -> str:
        """Return the words that were written, or those on the button, also an old one, as this visitor saw it."""
        pressed = self._incoming.choice
        if not pressed:
            return self._incoming.text
        label = _on(offered, pressed)
        if label is None:
            history = await web_messages.latest(turn.transaction, turn.person)
            label = _on([choice for message in history for choice in choices_in(message)], pressed)
        return self._pages.label(pressed) if label is None else label


def _on(choices: Sequence[Choice], pressed: str) -> str | None:
    return next((choice.label for choice in reversed(choices) if choice.id == pressed), None)
