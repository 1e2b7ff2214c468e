"""Replies as messages of an Official Account: plain text in parts that fit, five buttons, the other choices numbered.

Limits: 2,000 characters a text (the 2,001st is refused, code -210), 5 buttons, 100 characters a title, 1,000 a payload;
one picture a message with words under it and no buttons, a file without words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.splitting import split
from bot.channels.zalo_oa.inbound import MARK
from bot.messages import Choice, Enclosure, Reply, plain
from bot.texts import Texts

MOST_TEXT = 2_000
MOST_BUTTONS = 5
LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class Message:
    """One message: plain text, and the choices that are its buttons, or a file with the text under it."""

    text: str
    buttons: tuple[Choice, ...] = ()
    file: Enclosure | None = None

    def with_upload(self, name: str) -> dict[str, Any]:
        """Return the message as Zalo takes it, its file named as Zalo named it when it was uploaded."""
        if self.file and not self.file.is_picture:
            return {"attachment": {"type": "file", "payload": {"token": name}}}
        element = {"media_type": "image", "attachment_id": name}
        payload = {"template_type": "media", "elements": [element]}
        return {"text": self.text, "attachment": {"type": "template", "payload": payload}}

    def as_json(self, button: str) -> dict[str, Any]:
        """Return the message as Zalo takes it; `button` is the kind its buttons are of."""
        if not self.buttons:
            return {"text": self.text}
        buttons = [_button(choice, button) for choice in self.buttons]
        return {"text": self.text, "attachment": {"type": "template", "payload": {"buttons": buttons}}}


def messages(replies: Sequence[Reply], *, lead: str) -> Iterator[Message]:
    """Yield the messages of replies in order, the buttons of each under its last part.

    Words go under the first picture where they fit and have no buttons; further pictures and files follow, each alone.
    Choices beyond the fifth are lines after `lead`, numbered as the conversation counts them: through all replies.
    """
    first = 1
    for reply in replies:
        buttons, rest = reply.choices[:MOST_BUTTONS], reply.choices[MOST_BUTTONS:]
        text = plain(reply.text)
        if rest:
            lines = (f"{number}. {choice.label}" for number, choice in enumerate(rest, first + MOST_BUTTONS))
            text = "\n".join((text, "", lead, *lines))
        yield from _with_files(text, buttons, (*reply.pictures, *reply.documents))
        first += len(reply.choices)


def in_template(replies: Sequence[Reply], texts: Texts, *, most: int) -> str:
    """Return the words of replies as a template of `most` characters takes them.

    It takes no files: its last line names them, or says how many there are, and has at most half of the room.
    """
    text = "\n".join(plain(reply.text) for reply in replies)
    files = [one for reply in replies for one in (*reply.pictures, *reply.documents)]
    if not files:
        return _short(text, most)
    named = (", ".join(one.label for one in files), texts.say("zalo.several_files", count=len(files)))
    lines = [texts.say("zalo.files_elsewhere", names=names) for names in named]
    last = next((line for line in lines if len(line) <= most // 2), _short(lines[-1], most // 2))
    return f"{_short(text, most - len(last) - 1)}\n{last}"


def _with_files(text: str, buttons: tuple[Choice, ...], files: Sequence[Enclosure]) -> Iterator[Message]:
    *parts, last = split(text, MOST_TEXT)
    if files and files[0].is_picture and not parts and not buttons:
        yield Message(last, file=files[0])
        files = files[1:]
    else:
        yield from map(Message, parts)
        yield Message(last, buttons)
    for one in files:
        yield Message(one.alt if one.is_picture else "", file=one)


def _button(choice: Choice, kind: str) -> dict[str, str]:
    title = _short(choice.label, LONGEST_TITLE)
    return {"title": title, "type": kind, "payload": f"{title} {MARK}{choice.id}"}


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(most - 1, 0)].rstrip() + "…"
