"""People with a phone in our own Telegram: what they write and press, and what they see of the bot."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.channels import telegram_rules as rules

if TYPE_CHECKING:
    from tests.doubles import FakeTelegram

BOT = {"id": 7000000001, "is_bot": True, "first_name": "Một Cửa", "username": "motcua_thu_bot"}


@dataclass
class Message:
    """A message of the bot as the person sees it now."""

    id: int
    text: str
    choices: list[tuple[str, str]]
    edits: int = 0
    files: tuple[str, ...] = ()  # the names of those above the text


@dataclass
class Person:
    """Somebody with a phone."""

    name: str
    id: int
    telegram: "FakeTelegram"
    has_blocked: bool = False
    seen: list[Message] = field(default_factory=list)

    def say(self, text: str) -> int:
        """Write to the bot; return the update's number."""
        assert 0 < len(text.strip()) <= rules.MOST_UNITS, "a phone sends no empty message and cuts a long one"
        return self._send(text=text)

    def send(self, kind: str, data: bytes | None = None, *, named: str = "", size: int = 0, **more: Any) -> int:
        """Send something that is not words, one of MEDIA, perhaps with a `caption`; `size` is what is said of it."""
        sent = self.telegram.shelve(kind, rules.CONTENT.get(kind, b"") if data is None else data, size=size)
        if named:
            sent["file_name"] = named
        also = {"document": sent} if kind == "animation" else {"location": sent["location"]} if kind == "venue" else {}
        return self._send(**{kind: sent}, **also, **more)

    def album(self, *captions: str) -> list[int]:
        """Send as many pictures at once as there are captions; most have an empty one."""
        group = str(self.telegram.number())
        worded: list[dict[str, Any]] = [{"caption": caption} if caption else {} for caption in captions]
        return [self.send("photo", media_group_id=group, **more) for more in worded]

    def press(self, data: str, on: Message | None = None) -> int:
        """Press a button of a message, by default the last; outdated or forged `data` is sent all the same."""
        seen = on or self.seen[-1]
        query = {"id": str(self.telegram.number()), "from": self._here["from"], "chat_instance": "1", "data": data}
        self.telegram.queries.add(query["id"])
        message = {"message_id": seen.id, "text": seen.text, **self._here}
        return self.telegram.push({"callback_query": {**query, "message": message}})

    def block(self, *, unnoticed: bool = False) -> None:
        """Block the bot; `unnoticed` as when Telegram's word of it is lost. Writing again unblocks."""
        self.has_blocked = True
        was, now = {"user": BOT, "status": "member"}, {"user": BOT, "status": "kicked", "until_date": 0}
        if not unnoticed:
            self.telegram.push({"my_chat_member": {**self._here, "old_chat_member": was, "new_chat_member": now}})

    async def hears(self, count: int = 1) -> Message:
        """Wait until the bot has written `count` messages in all; return the last."""
        await self.telegram.until(lambda: len(self.seen) >= count)
        return self.seen[-1]

    @property
    def _here(self) -> dict[str, Any]:
        sender = {"id": self.id, "is_bot": False, "first_name": self.name}
        return {"from": sender, "chat": {"id": self.id, "type": "private"}, "date": 1}

    def _send(self, **content: Any) -> int:
        self.has_blocked = False
        return self.telegram.push({"message": {"message_id": self.telegram.number(), **self._here, **content}})
