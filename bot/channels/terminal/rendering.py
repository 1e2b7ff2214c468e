"""Replies as lines for a terminal: bold by ANSI codes, files by name, choices numbered."""

import re

from bot.messages import Reply

BOLD, PLAIN = "\033[1m", "\033[0m"


def render(reply: Reply, *, first: int = 1, colour: bool) -> str:
    """Return a reply's lines; its choices are numbered from `first`."""
    shown = f"{BOLD}\\1{PLAIN}" if colour else "\\1"
    lines = [re.sub(r"\*\*(.+?)\*\*", shown, reply.text)]
    lines += [f"[ảnh] {one.label} ({one.file.name})" for one in reply.pictures]
    lines += [f"[tệp] {one.file.name}" for one in reply.documents]
    lines += [f"  {number}. {choice.label}" for number, choice in enumerate(reply.choices, first)]
    return "\n".join(lines)
