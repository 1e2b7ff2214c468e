"""Replies as Telegram messages: HTML, inline keyboard, parts that fit.

Limits: 4,096 UTF-16 units a text after entity parsing, 64 bytes a callback_data, 100 buttons
(https://core.telegram.org/bots/api#sendmessage, #inlinekeyboardbutton).
"""

import html
import re
from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels import splitting
from bot.messages import Choice

MOST_UNITS = 4_096
MOST_CALLBACK_BYTES = 64
MOST_BUTTONS = 100
SHORT_LABEL = 16  # two labels this short share a row on a narrow phone
LONGEST_LABEL = 60

_BOLD = re.compile(r"\*\*(.+?)\*\*")


def to_html(text: str) -> str:
    """Return a reply's text as Telegram's HTML; only our bold marks become tags."""
    return _BOLD.sub(r"<b>\1</b>", html.escape(text, quote=False))


def split(text: str) -> list[str]:
    """Return the text in parts that fit one message each."""
    return splitting.split(text, MOST_UNITS)


def keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """Return the buttons, two short ones a row; what Telegram would not take (long ids, the 101st) is left out."""
    fitting = [choice for choice in choices if len(choice.id.encode()) <= MOST_CALLBACK_BYTES][:MOST_BUTTONS]
    rows: list[list[InlineKeyboardButton]] = []
    room = False
    for choice in fitting:
        button = InlineKeyboardButton(_label(choice.label), callback_data=choice.id)
        is_short = len(choice.label) <= SHORT_LABEL
        if room and is_short:
            rows[-1].append(button)
            room = False
        else:
            rows.append([button])
            room = is_short
    return InlineKeyboardMarkup(rows) if rows else None


def _label(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"
