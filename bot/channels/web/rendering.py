"""Replies as JSON and as safe HTML. Nothing a citizen types is ever markup."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from bot.messages import Choice, Enclosure, Reply, plain
from handlers import actions

FILES = "/chat/tep"  # where a visitor fetches a file of their own chat
MEGABYTE = 1024 * 1024

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\b((?:https?://)?(?:[a-z0-9-]+\.)+gov\.vn(?:/(?:[\w./?=&%#-]*[\w/=#-])?)?)", re.IGNORECASE)
_ORDERED = re.compile(r"\d{1,2}\. ")


def as_json(reply: Reply) -> dict[str, Any]:
    """Return the shape of `POST /api/chat` (interface: HTTP), and the same reply as HTML for our own page."""
    return {
        "text": plain(reply.text),
        "choices": [{"id": choice.id, "label": choice.label} for choice in reply.choices],
        "files": [_file_as_json(one) for one in reply.files],
        "html": str(bubble(reply)),
    }


def _file_as_json(one: Enclosure) -> dict[str, Any]:
    file, kind = one.file, "photo" if one.is_picture else "file"
    return {"kind": kind, "url": f"{FILES}/{file.digest}", "name": file.name, "size": file.size, "alt": one.alt}


def bubble(reply: Reply) -> Markup:
    """Return a whole reply: pictures, text, files, its buttons in groups; the rating under the question for it."""
    groups = _groups(reply.choices)
    text, question = reply.text, ""
    if any(group == "rating" for group, _ in groups):
        text, _, question = text.rpartition("\n")
    shown = (_RATING.format(question, _buttons(c)) if group == "rating" else buttons(c, group) for group, c in groups)
    pictures, files = map(picture, reply.pictures), map(document, reply.documents)
    return Markup("").join((*pictures, html(text), *files, *shown))


def picture(one: Enclosure) -> Markup:
    """Return a picture, small, that leads to itself in full."""
    link = f"{FILES}/{one.file.digest}"
    return _PICTURE.format(link, link, one.label)


def document(one: Enclosure) -> Markup:
    """Return the way to save a file, with its size."""
    return _DOCUMENT.format(f"{FILES}/{one.file.digest}", one.file.name, megabytes(one.file.size))


def megabytes(size: int) -> str:
    """Return a size as people read it, at least 0,1."""
    return f"{max(0.1, size / MEGABYTE):.1f}".replace(".", ",")


_PICTURE = Markup('<p class="picture"><a href="{}" target="_blank"><img src="{}?nho" alt="{}" loading="lazy"></a></p>')
_DOCUMENT = Markup('<p class="file"><a href="{}" download>{}</a> ({}\u00a0MB)</p>')


def buttons(choices: Iterable[Choice], group: str = "") -> Markup:
    """Return choices as one group of buttons; "paths" stand one below the other, "common" in columns."""
    return Markup('<div class="{}">{}</div>').format(f"choices {group}".strip(), _buttons(choices))


def _groups(choices: Sequence[Choice]) -> list[tuple[str, list[Choice]]]:
    """Return choices by group, in order: parts of one entry side by side, ways elsewhere in a list, the rating."""
    subjects = Counter(_subject(choice) for choice in choices)

    def group(choice: Choice) -> str:
        letter, _ = actions.parse(choice.id)
        if letter == actions.USEFUL:
            return "rating"
        return "paths" if letter in _ELSEWHERE and subjects[_subject(choice)] == 1 else ""

    return [(name, list(members)) for name, members in groupby(choices, key=group)]


_ELSEWHERE = (actions.ENTRY, actions.FIELD, actions.NONE_OF_THESE)


def _subject(choice: Choice) -> str:
    letter, arguments = actions.parse(choice.id)
    return arguments[0] if letter == actions.ENTRY and arguments else choice.id


def _buttons(choices: Iterable[Choice]) -> Markup:
    return Markup("").join(_BUTTON.format(choice.id, choice.label) for choice in choices)


_BUTTON = Markup('<button name="choice" value="{}">{}</button>')
_RATING = Markup('<fieldset class="rating"><legend>{}</legend><div class="choices">{}</div></fieldset>')


def html(text: str) -> Markup:
    """Return a reply's text as paragraphs and lists, everything escaped; what follows an empty line is small print."""
    words, _, small = text.partition("\n\n")
    shown = Markup("").join(_blocks(words.split("\n")))
    return shown + Markup('<div class="small">{}</div>').format(html(small)) if small else shown


def _blocks(lines: Iterable[str]) -> Iterator[Markup]:
    for kind, group in groupby((line for line in lines if line.strip()), key=_kind):
        items = [_inline(_strip(line, kind)) for line in group]
        if kind == "p":
            yield Markup("").join(Markup("<p>{}</p>").format(item) for item in items)
        else:
            inner = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
            yield _LISTS[kind].format(inner)


_LISTS = {"ul": Markup("<ul>{}</ul>"), "ol": Markup("<ol>{}</ol>")}


def _kind(line: str) -> str:
    return "ul" if line.startswith("- ") else "ol" if _ORDERED.match(line) else "p"


def _strip(line: str, kind: str) -> str:
    return line if kind == "p" else line.split(" ", 1)[1]


def _inline(line: str) -> Markup:
    pieces = _LINK.split(line)  # words and links by turns
    shown = "".join(str(_anchor(piece) if number % 2 else escape(piece)) for number, piece in enumerate(pieces))
    return Markup(_BOLD.sub(r"<strong>\1</strong>", shown))  # noqa: S704 (escaped above)


def _anchor(link: str) -> Markup:
    address = link if link.lower().startswith("http") else f"https://{link}"
    return Markup('<a href="{}" target="_blank" rel="noopener">{}</a>').format(address, link)


def plain_html(text: str) -> Markup:
    """Return a citizen's own words, escaped, line by line."""
    return Markup("").join(Markup("<p>{}</p>").format(line) for line in text.split("\n") if line.strip())
