"""What passes between a channel and the conversation: the same for web, Telegram, Zalo and terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from knowledge.answering import Answer

LONGEST_QUESTION = 1_000  # characters of a message that are read; what follows is not a question any more


class AttachmentKind(StrEnum):
    """What a phone can send beside words."""

    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    FILE = "file"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a citizen. `address` is the chat on that channel; `choice` is the id of a pressed button.

    `greeted` says that the channel itself has shown who is speaking and what is kept, as our web page does.
    """

    channel: str
    address: str
    text: str = ""
    choice: str | None = None
    attachments: tuple[AttachmentKind, ...] = ()
    greeted: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A button, or a numbered line where a channel has no buttons. The id is at most 64 bytes of ASCII."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a citizen.

    In `text`, `**…**` is bold and nothing else is markup. `edits` asks a channel that can to change the message
    whose button was pressed instead of sending a new one. `answer` tells tools what was decided.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    edits: bool = False
    answer: Answer | None = None


class DeliveryOutcome(StrEnum):
    """The closed list of what can become of a message."""

    DELIVERED = "delivered"
    GONE = "gone"
    REFUSED = "refused"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class DeliveryError(Exception):
    """A message did not reach the citizen; `outcome` says what to do about it."""

    def __init__(self, outcome: DeliveryOutcome, reason: str) -> None:
        self.outcome = outcome
        super().__init__(reason)


class Channel(Protocol):
    """What the rest of the house asks of a channel."""

    async def send(self, address: str, replies: Sequence[Reply]) -> None:
        """Deliver replies in order; raise DeliveryError when one cannot be."""


def plain(text: str) -> str:
    """Return a reply's text without the marks for bold."""
    return text.replace("**", "")
