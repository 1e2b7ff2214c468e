"""Replies as messages of a Zalo bot, which has no buttons: plain text in parts that fit, choices numbered.

Limits: 2,000 characters a text (https://bot.zaloplatforms.com/docs/apis/sendMessage).
"""

from collections.abc import Iterator, Sequence

from bot.channels.splitting import split
from bot.messages import Reply, plain

MOST_TEXT = 2_000


def messages(replies: Sequence[Reply], *, lead: str) -> Iterator[str]:
    """Yield the texts of replies in order; choices follow `lead`, numbered as the conversation counts: through all."""
    first = 1
    for reply in replies:
        text = plain(reply.text)
        if reply.choices:
            lines = (f"{number}. {choice.label}" for number, choice in enumerate(reply.choices, first))
            text = "\n".join((text, "", lead, *lines))
        yield from split(text, MOST_TEXT)
        first += len(reply.choices)
