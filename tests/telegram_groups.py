"""A group in our own Telegram: its messages, its members, its topics, and who may do what in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.channels import telegram_rules as rules
from tests.channels.telegram_rules import Refused
from tests.doubles import BOT, FakeTelegram, Message

MOST_TOPIC_NAME = 128


@dataclass
class Said(Message):
    """A message of the bot in a group: in which topic, and which message it replies to."""

    topic: int | None = None
    to: int | None = None


@dataclass
class Topic:
    """A topic of a forum."""

    name: str
    is_open: bool = True


@dataclass
class Group:
    """A supergroup that the bot is in; `may_manage` is its right over topics."""

    telegram: FakeTelegram
    is_forum: bool = False
    may_manage: bool = True
    has_bot: bool = True
    seen: list[Said] = field(default_factory=list)
    topics: dict[int, Topic] = field(default_factory=dict)
    _raw: dict[int, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.id = -1_000_000_000_000 - self.telegram.number()
        self.telegram.rooms[self.id] = self

    def member(self, name: str) -> "Member":
        """Return somebody new in the group."""
        return Member(name, 200_000 + self.telegram.number(), self)

    async def shows(self, count: int = 1) -> Said:
        """Wait until the bot has written `count` messages in all; return the last."""
        await self.telegram.until(lambda: len(self.seen) >= count)
        return self.seen[-1]

    def write(self, content: dict[str, Any], sender: dict[str, Any], to: int | None, topic: int | None) -> int:
        """Keep a message as Telegram would show it; return its number."""
        number = self.telegram.number()
        message = {"message_id": number, "date": 1, "chat": self._chat, "from": sender, **content}
        if topic:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        if to or topic:
            message["reply_to_message"] = self.shown(to or topic or 0)
        self._raw[number] = message
        return number

    def whole(self, number: int) -> dict[str, Any]:
        """Return a message with the one it replies to."""
        return self._raw[number]

    def shown(self, number: int) -> dict[str, Any]:
        """Return a message as it appears inside a reply to it: without what that one replies to."""
        return {key: value for key, value in self._raw[number].items() if key != "reply_to_message"}

    @property
    def _chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "supergroup", "title": "Cán bộ xã", "is_forum": self.is_forum}

    def do(self, method: str, given: dict[str, Any]) -> Any:
        """Answer a call about this group."""
        if not self.has_bot:
            raise Refused(403, "Forbidden: bot was kicked from the supergroup chat")
        answers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "sendMessage": self._send,
            "editMessageText": self._edit,
            "getChat": self._describe,
            "createForumTopic": self._open_topic,
            "closeForumTopic": lambda given: self._set_topic(given, is_open=False),
            "reopenForumTopic": lambda given: self._set_topic(given, is_open=True),
        }
        return answers[method](given)

    def _send(self, given: dict[str, Any]) -> dict[str, Any]:
        topic = int(given.get("message_thread_id") or 0) or None
        if topic and topic not in self.topics:
            raise rules.bad_request("message thread not found")
        target = given.get("reply_parameters", {})
        to = target.get("message_id")
        if to and to not in self._raw:
            if not target.get("allow_sending_without_reply"):
                raise rules.bad_request("message to be replied not found")
            to = None
        text, choices = rules.read_text(given), rules.read_choices(given)
        number = self.write({"text": text}, BOT, to, topic)
        self.seen.append(Said(number, text, choices, topic=topic, to=to))
        return self._raw[number]

    def _edit(self, given: dict[str, Any]) -> dict[str, Any]:
        message = next((m for m in self.seen if m.id == int(given["message_id"])), None)
        if message is None:
            raise rules.bad_request("message to edit not found")
        text, choices = rules.read_text(given), rules.read_choices(given)
        if (text, choices) == (message.text, message.choices):
            raise rules.bad_request("message is not modified: specified new message content is exactly the same")
        message.text, message.choices, message.edits = text, choices, message.edits + 1
        self._raw[message.id]["text"] = text
        return self._raw[message.id]

    def _describe(self, _: dict[str, Any]) -> dict[str, Any]:
        gifts = dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        )
        return {**self._chat, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}

    def _open_topic(self, given: dict[str, Any]) -> dict[str, Any]:
        if not self.is_forum or not self.may_manage:
            raise rules.bad_request("not enough rights to create a topic")
        name = str(given["name"])
        assert 1 <= len(name) <= MOST_TOPIC_NAME
        created = {"name": name, "icon_color": 7_322_096}
        number = self.write({"forum_topic_created": created}, BOT, None, None)
        self.topics[number] = Topic(name)
        return {"message_thread_id": number, **created}

    def _set_topic(self, given: dict[str, Any], *, is_open: bool) -> bool:
        topic = self.topics[int(given["message_thread_id"])]
        if topic.is_open is is_open:
            raise rules.bad_request("TOPIC_NOT_MODIFIED")
        topic.is_open = is_open
        return True


@dataclass
class Member:
    """Somebody in the group with a phone."""

    name: str
    id: int
    group: Group

    def reply(self, to: Said | int, text: str = "", *, photo: bool = False, **more: Any) -> int:
        """Reply to a message, perhaps with a photo; return the update's number. `write` of the group keeps it."""
        content: dict[str, Any] = {"caption" if photo else "text": text} if text else {}
        if photo:
            content["photo"] = self.group.telegram.shelve("photo", rules.CONTENT["photo"])
        number = to if isinstance(to, int) else to.id
        written = self.group.write({**content, **more}, self._me, number, self._topic_of(number))
        return self.group.telegram.push({"message": self.group.whole(written)})

    def say(self, text: str, topic: int | None = None) -> int:
        """Write to everybody."""
        written = self.group.write({"text": text}, self._me, None, topic)
        return self.group.telegram.push({"message": self.group.whole(written)})

    def press(self, label: str, on: Said | None = None) -> int:
        """Press a button by its label, by default of the last message."""
        seen = on or self.group.seen[-1]
        data = next(data for shown, data in seen.choices if shown == label)
        return self.press_id(data, seen)

    def press_id(self, data: str, on: Said) -> int:
        """Press a button that may be gone meanwhile."""
        telegram = self.group.telegram
        number = str(telegram.number())
        telegram.queries.add(number)
        query = {"id": number, "from": self._me, "chat_instance": "1", "data": data}
        return telegram.push({"callback_query": {**query, "message": self.group.whole(on.id)}})

    def _topic_of(self, message: int) -> int | None:
        return self.group.whole(message).get("message_thread_id")

    @property
    def _me(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.name}
