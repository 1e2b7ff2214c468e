"""Replies as the messages that Telegram has: words, or files with words under the first.

Limits: 1,024 UTF-16 units a caption after entity parsing, 2 to 10 items a media group and no buttons under one, 10 MB a
photo (https://core.telegram.org/bots/api#sendphoto, #sendmediagroup).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.splitting import units
from bot.channels.telegram import rendering
from bot.messages import Choice, Enclosure, Reply, plain

MOST_CAPTION = 1_024
MOST_GROUPED = 10
MOST_PHOTO_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message: words with buttons under them, or files of one kind with words under the first."""

    text: str
    choices: tuple[Choice, ...] = ()
    files: tuple[Enclosure, ...] = ()


def parcels(reply: Reply) -> list[Parcel]:
    """Return the messages of a reply: one where words and files fit together, else words first, then the files."""
    photos, rest = [one for one in reply.files if is_photo(one)], [one for one in reply.files if not is_photo(one)]
    groups = [*_groups(photos), *_groups(rest)]
    is_one = len(groups) == 1 and units(plain(reply.text)) <= MOST_CAPTION
    if is_one and (len(groups[0]) == 1 or not reply.choices):
        return [Parcel(reply.text, reply.choices, groups[0])]
    *parts, last = rendering.split(reply.text)
    return [*map(Parcel, parts), Parcel(last, reply.choices), *(Parcel("", files=group) for group in groups)]


def is_photo(one: Enclosure) -> bool:
    """Tell whether Telegram shows it; what it does not, it lets people open."""
    return one.is_picture and one.file.size <= MOST_PHOTO_BYTES


def _groups(files: Sequence[Enclosure]) -> list[tuple[Enclosure, ...]]:
    return [tuple(files[place : place + MOST_GROUPED]) for place in range(0, len(files), MOST_GROUPED)]
