"""Replies as messages of a Zalo bot, which has no buttons: plain text in parts that fit, choices numbered.

Limits: 2,000 characters a text or under a picture, one picture a message, no other files
(https://bot.zaloplatforms.com/docs/apis/sendMessage, /sendPhoto).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.channels.splitting import split, units
from bot.messages import Enclosure, Reply, plain

MOST_TEXT = 2_000

Name = Callable[[str, Sequence[Enclosure]], str]


@dataclass(frozen=True, slots=True)
class Message:
    """One message: plain text, or a picture with the text under it."""

    text: str
    picture: Enclosure | None = None


def messages(replies: Sequence[Reply], *, lead: str, name: Name) -> Iterator[Message]:
    """Yield the messages of replies in order; choices follow `lead`, numbered as the conversation counts: through all.

    Words go under the first picture where they fit; `name` adds to them what files that are no pictures are called.
    """
    first = 1
    for reply in replies:
        text = name(plain(reply.text), reply.documents)
        if reply.choices:
            lines = (f"{number}. {choice.label}" for number, choice in enumerate(reply.choices, first))
            text = "\n".join((text, "", lead, *lines))
        pictures = reply.pictures
        if pictures and units(text) <= MOST_TEXT:
            yield Message(text, pictures[0])
            pictures = pictures[1:]
        else:
            yield from map(Message, split(text, MOST_TEXT))
        yield from (Message(one.alt, one) for one in pictures)
        first += len(reply.choices)
