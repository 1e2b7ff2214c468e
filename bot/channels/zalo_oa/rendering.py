"""Replies as messages of an Official Account: plain text in parts that fit, five buttons, the other choices numbered.

Limits: 2,000 characters a text (the 2,001st is refused, code -210), 5 buttons, 100 characters a title, 1,000 a payload.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.splitting import split
from bot.channels.zalo_oa.inbound import MARK
from bot.messages import Choice, Reply, plain

MOST_TEXT = 2_000
MOST_BUTTONS = 5
LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class Message:
    """One message: plain text, and the choices that are its buttons."""

    text: str
    buttons: tuple[Choice, ...] = ()

    def as_json(self, button: str) -> dict[str, Any]:
        """Return the message as Zalo takes it; `button` is the kind its buttons are of."""
        if not self.buttons:
            return {"text": self.text}
        buttons = [
            {"title": _short(choice.label), "type": button, "payload": f"{_short(choice.label)} {MARK}{choice.id}"}
            for choice in self.buttons
        ]
        return {"text": self.text, "attachment": {"type": "template", "payload": {"buttons": buttons}}}


def messages(replies: Sequence[Reply], *, lead: str) -> Iterator[Message]:
    """Yield the messages of replies in order, the buttons of each under its last part.

    Choices beyond the fifth are lines after `lead`, numbered as the conversation counts them: through all replies.
    """
    first = 1
    for reply in replies:
        buttons, rest = reply.choices[:MOST_BUTTONS], reply.choices[MOST_BUTTONS:]
        text = plain(reply.text)
        if rest:
            lines = (f"{number}. {choice.label}" for number, choice in enumerate(rest, first + MOST_BUTTONS))
            text = "\n".join((text, "", lead, *lines))
        *parts, last = split(text, MOST_TEXT)
        yield from map(Message, parts)
        yield Message(last, buttons)
        first += len(reply.choices)


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_TITLE else label[: LONGEST_TITLE - 1].rstrip() + "…"
