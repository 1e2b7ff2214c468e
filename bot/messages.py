"""What passes between a channel and the conversation: the same for web, Telegram, Zalo and terminal."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.files import DRAWN, StoredFile
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
class Place:
    """A point on the map, degrees, and its name when the phone gave one."""

    latitude: float
    longitude: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """What came beside words. `file` is kept already; `refused` names the sentence that says why it could not be.

    `phone` and `name` are those in a shared contact.
    """

    kind: AttachmentKind
    file: StoredFile | None = None
    place: Place | None = None
    phone: str = ""
    refused: str = ""
    name: str = ""

    @classmethod
    def of(cls, file: StoredFile) -> "Attachment":
        """Return a kept file as an attachment, its kind by its content: a photo sent as a file is a photo."""
        main, _, _ = file.media_type.partition("/")
        return cls(_BY_CONTENT.get(main, AttachmentKind.FILE), file)


_BY_CONTENT = {"image": AttachmentKind.PHOTO, "video": AttachmentKind.VIDEO, "audio": AttachmentKind.VOICE}


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a citizen. `address` is the chat on that channel; `choice` is the id of a pressed button.

    Pictures sent together arrive as several messages of one `album`. `greeted` says that the channel itself has shown
    who is speaking and what is kept, as our web page does. `shown_name` is the name that the sender shows there: ""
    where the platform is asked for it only once they allow it (`Reply.wants_name`), None where there is none. It is
    kept when they press the button that allows it, never otherwise.
    """

    channel: str
    address: str
    text: str = ""
    choice: str | None = None
    attachments: tuple[Attachment, ...] = ()
    album: str = ""
    greeted: bool = False
    shown_name: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A button, or a numbered line where a channel has no buttons. The id is at most 64 bytes of ASCII."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A kept file that goes out with a message; `alt` says in words what a picture shows, for who cannot see it."""

    file: StoredFile
    alt: str = ""

    @property
    def is_picture(self) -> bool:
        """Tell whether it is a picture that we drew: JPEG or PNG."""
        return self.file.media_type in DRAWN

    @property
    def label(self) -> str:
        """Return what to call it in words: what a picture shows, else the file's name."""
        return self.alt if self.is_picture and self.alt else self.file.name


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a citizen.

    In `text`, `**…**` is bold and nothing else is markup. `files` go with the words in one message where the platform
    has such messages, else right after them; one that a platform refuses is named in words instead, and the words
    arrive. `edits` asks a channel that can to change the message whose button was pressed instead of sending a new
    one. `answer` tells tools what was decided. `wants_name` is the choice to be pressed once more with the sender's
    shown name, by a channel that asks its platform for it only now.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    edits: bool = False
    answer: Answer | None = None
    files: tuple[Enclosure, ...] = ()
    wants_name: str = ""

    @property
    def pictures(self) -> tuple[Enclosure, ...]:
        return tuple(one for one in self.files if one.is_picture)

    @property
    def documents(self) -> tuple[Enclosure, ...]:
        """Return the files that are no pictures."""
        return tuple(one for one in self.files if not one.is_picture)


def pack(reply: Reply) -> str:
    """Return what citizens see of a reply as it is stored."""
    choices = [[choice.id, choice.label] for choice in reply.choices]
    files = [[f.file.digest, f.file.name, f.file.media_type, f.file.size, f.alt] for f in reply.files]
    return json.dumps({"text": reply.text, "choices": choices, "files": files}, ensure_ascii=False)


def unpack(body: str) -> Reply:
    """Return the reply that `pack` stored."""
    raw = json.loads(body)
    choices = tuple(Choice(*choice) for choice in raw.get("choices", ()))
    files = tuple(Enclosure(StoredFile(*file), alt) for *file, alt in raw.get("files", ()))
    return Reply(raw["text"], choices, files=files)


class DeliveryOutcome(StrEnum):
    """The closed list of what can become of a message."""

    DELIVERED = "delivered"
    GONE = "gone"
    REFUSED = "refused"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"  # the platform's window or quota for this person is used up; nothing was sent


class DeliveryError(Exception):
    """A message did not reach the citizen; `outcome` says what to do about it.

    FAILED with `retry_after` (seconds) may be tried again then; `moved_to` is the address that the chat has now.
    """

    def __init__(
        self, outcome: DeliveryOutcome, reason: str, *, retry_after: float | None = None, moved_to: str = ""
    ) -> None:
        self.outcome, self.retry_after, self.moved_to = outcome, retry_after, moved_to
        super().__init__(reason)


class Channel(Protocol):
    """What the rest of the house asks of a channel."""

    async def send(self, address: str, replies: Sequence[Reply]) -> None:
        """Deliver replies in order, each tried once; raise DeliveryError when one did not arrive or may not have."""


def plain(text: str) -> str:
    """Return a reply's text without the marks for bold."""
    return text.replace("**", "")
