"""An author's Markdown as a reply: the one small markup that every channel knows how to show.

That markup is lines, `**bold**` within a line, and lines that begin with "- " or "1. "; a link is written out. What
channels make of it is theirs: Telegram's HTML, safe HTML on the web, plain text on Zalo and at a terminal.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.messages import Enclosure, Reply, plain
from bot.storage.announcements import Announcement, Draft
from bot.texts import Texts, day

LONGEST = 3_500  # characters: one message on Telegram (4,096), so that an announcement arrives whole or not at all

_APART = "\u2060"  # word joiner: unseen, keeps asterisks that are meant from being read as marks
_BLANKS = re.compile(r"\s+")

Line = list[tuple[str, bool]]  # pieces of text, and whether each is bold


def message(
    announcement: Draft, texts: Texts, *, corrected: Announcement | None = None, files: Sequence[Enclosure] = ()
) -> Reply:
    """Return an announcement as the citizen gets it: title, words, and in small print whose it is and how to stop.

    A picture that nobody described is described by the title.
    """
    title = _safe(announcement.title)
    if announcement.urgent:
        title = texts.say("announce.urgent", title=title)
    lines = [f"**{title}**"] if title else []
    if corrected:
        at = day((corrected.started_at or corrected.created_at).date())
        lines.append(texts.say("announce.corrects", title=_safe(corrected.title), day=at))
    lines += words(announcement.body)
    described = tuple(replace(one, alt=one.alt or plain(title)) for one in files)
    return Reply("\n".join(lines) + "\n\n" + texts.say("announce.footer"), files=described)


def headed(title: str, body: str) -> list[str]:
    """Return a title and Markdown as the lines of a reply."""
    return [f"**{title}**" for title in [_safe(title)] if title] + words(body)


def words(markdown: str) -> list[str]:
    """Return Markdown as the lines of a reply, none of them blank."""
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(_storable(markdown))
    return [line for line in map(_written, _lines(tokens)) if line.strip()]


def _storable(text: str) -> str:
    return text.encode(errors="replace").decode()  # half an emoji cannot be stored or sent


def _safe(text: str) -> str:
    return _written([(" ".join(_storable(text).split()), False)])


def _lines(tokens: Sequence[Token]) -> Iterator[Line]:
    """Yield the lines of a text, block by block; the first line of a list's item begins with its mark."""
    lists: list[int | None] = []  # the next number of each open list, None for bullets
    row: Line | None = None  # of a table: its cells on one line
    mark, is_bold = "", False
    for token in tokens:
        is_bold = _BOLD.get(token.type, is_bold)
        mark = _mark(token, lists) or mark
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield row or []
            row = None
        elif token.type == "inline" and row is not None:
            row += [(" | " if row else "", False), *sum(_inline(token.children or (), is_bold=is_bold), Line())]
        elif token.type in ("inline", "code_block", "fence"):
            for line in _inline(token.children, is_bold=is_bold) if token.children else _code(token):
                yield [(mark, False), *line]
                mark = ""


_BOLD = {"heading_open": True, "heading_close": False, "th_open": True, "th_close": False}


def _code(token: Token) -> list[Line]:
    return [[(line, False)] for line in token.content.splitlines()]


def _mark(token: Token, lists: list[int | None]) -> str:
    """Return the mark of the list item that a token opens; keep account of the lists it opens and closes."""
    if token.type in ("bullet_list_open", "ordered_list_open"):
        is_numbered = token.type == "ordered_list_open"
        lists.append(int(token.attrGet("start") or 1) if is_numbered else None)
    elif token.type in ("bullet_list_close", "ordered_list_close"):
        lists.pop()
    if token.type != "list_item_open":
        return ""
    indent, number = "  " * (len(lists) - 1), lists[-1]
    if number is None:
        return f"{indent}- "
    lists[-1] = number + 1
    return f"{indent}{number}. "


def _inline(tokens: Iterable[Token], *, is_bold: bool) -> list[Line]:
    lines: list[Line] = [[]]
    strong, links = int(is_bold), []
    for token in tokens:
        match token.type:
            case "strong_open":
                strong += 1
            case "strong_close":
                strong -= 1
            case "softbreak" | "hardbreak":
                lines.append([])
            case "link_open":
                links.append((str(token.attrGet("href") or ""), len(lines[-1])))
            case "link_close":
                lines[-1].append((_written_out(*links.pop(), lines[-1]), False))
            case "text" | "code_inline" | "image":
                lines[-1].append((_BLANKS.sub(" ", token.content), strong > 0))
    return lines


def _written_out(address: str, begins: int, line: Line) -> str:
    """Return what follows a link's words: the address, unless it is what they say."""
    said = "".join(text for text, _ in line[begins:])
    shown = address.removeprefix("mailto:").removeprefix("tel:")
    return "" if not shown or shown.rstrip("/") == said.rstrip("/") else f" ({shown})"


def _written(line: Line) -> str:
    """Return a line with its bold pieces marked, so that no asterisk of the text is taken for a mark."""
    pieces: list[str] = []
    for is_bold, group in groupby(line, key=lambda piece: piece[1]):
        text = "".join(text for text, _ in group).replace("\n", " ")
        text = re.sub(r"\*(?=\*)", f"*{_APART}", text)
        core = text.strip()
        if is_bold and core:
            inner = re.sub(r"^\*|\*$", lambda found: f"{_APART}{found[0]}{_APART}", core)
            before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
            pieces.append(f"{before}**{inner}**{after}")
        else:
            pieces.append(re.sub(r"^\*|\*$", lambda found: f"{_APART}{found[0]}{_APART}", text))
    return "".join(pieces)
