"""Named people in a chat, for stories without a channel."""

from typing import Any

from sqlalchemy import select

import handlers
from bot.messages import Attachment, AttachmentKind, Incoming, Reply
from handlers.services import Services


class Citizen:
    """A named person in a chat; `last` holds the newest replies."""

    def __init__(self, name: str, services: Services, *, channel: str = "web") -> None:
        self._name, self._services, self._channel = name, services, channel
        self.last: list[Reply] = []

    async def say(self, text: str) -> Reply:
        return await self.does(text=text)

    async def press(self, label: str) -> Reply:
        choice = next(c for reply in self.last for c in reply.choices if c.label == label)
        return await self.press_id(choice.id)

    async def press_id(self, choice: str) -> Reply:
        return await self.does(choice=choice)

    async def send(self, kind: AttachmentKind, **values: Any) -> Reply:
        return await self.does(attachments=(Attachment(kind, **values),))

    async def does(self, **values: Any) -> Reply:
        """Send any message; return the newest reply, an empty one when there was none."""
        incoming = Incoming(self._channel, self._name, greeted=True, **values)
        self.last = await handlers.converse(incoming, self._services)
        return self.last[-1] if self.last else Reply("")

    def labels(self) -> list[str]:
        return [choice.label for reply in self.last for choice in reply.choices]


async def rows(services: Services, table: Any) -> list[dict[str, Any]]:
    """Return all rows of a table."""
    async with services.database.transaction() as transaction:
        return [dict(row) for row in (await transaction.execute(select(table))).mappings()]
