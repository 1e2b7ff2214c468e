"""Pictures and files of an announcement: kept, put to a draft, taken off again."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from bot.broadcasting import approval
from bot.broadcasting.approval import CHANGED, NotAllowed
from bot.files import FileRefused, Files
from bot.messages import Enclosure
from bot.storage import announcement_files, announcements
from bot.storage.announcements import Announcement
from bot.storage.database import Transaction
from bot.texts import Texts

MOST_FILES = 5  # on Zalo each is a message of its own, and of those only a few are free
LONGEST_ALT = 300  # what a screen reader says in one breath


async def keep(
    files: Files, data: bytes | Path | BinaryIO, texts: Texts, *, name: str, alt: str = "", is_photo: bool = False
) -> Enclosure:
    """Keep a file as citizens' are, judged by its content; raise NotAllowed, also for a photo that is none.

    `alt` says what a picture shows, to people who do not see it ("mô tả ảnh cho người dùng trình đọc màn hình").
    """
    described = " ".join(alt.encode(errors="replace").decode().split())
    if len(described) > LONGEST_ALT:
        raise NotAllowed(f"{name}: mô tả ảnh dài {len(described)} chữ, nhiều nhất {LONGEST_ALT}")
    try:
        enclosure = Enclosure(await files.keep(data, name=name), described)
    except FileRefused as error:
        raise NotAllowed(f"{name}: {texts.say(error.reason)}") from error
    if is_photo and not enclosure.is_picture:
        raise NotAllowed(f"{name}: không phải ảnh; gửi như tệp kèm theo")
    return enclosure


async def listed(transaction: Transaction, number: int) -> tuple[Enclosure, ...]:
    """Return what goes with an announcement, in order; the first is number 1."""
    return await announcement_files.of(transaction, number)


async def attach(
    transaction: Transaction, seen: Announcement, added: Sequence[Enclosure], *, who: str, now: datetime
) -> None:
    """Put more files to an announcement as it was seen; it needs to be approved anew. NotAllowed when it cannot be."""
    await put(transaction, seen, [*await listed(transaction, seen.id), *added], who=who, now=now)


async def detach(transaction: Transaction, seen: Announcement, position: int, *, who: str, now: datetime) -> None:
    """Take one file off an announcement as it was seen; it needs to be approved anew. NotAllowed when it cannot be."""
    kept = await listed(transaction, seen.id)
    if not 1 <= position <= len(kept):
        raise NotAllowed(f"thông báo {seen.id} không có tệp thứ {position}")
    await put(transaction, seen, [*kept[: position - 1], *kept[position:]], who=who, now=now)


async def put(
    transaction: Transaction, seen: Announcement, files: Sequence[Enclosure], *, who: str, now: datetime
) -> None:
    """Let these and no others go with an announcement as it was seen; NotAllowed when it cannot be changed."""
    check(files)
    approval.check_unsent(seen)
    if not await announcements.edit(transaction, seen, seen, who=who, now=now):
        raise NotAllowed(CHANGED)
    await announcement_files.put(transaction, seen.id, files)


def check(files: Sequence[Enclosure]) -> None:
    """Raise NotAllowed when these are too many for one announcement."""
    if len(files) > MOST_FILES:
        raise NotAllowed(f"kèm {len(files)} ảnh, tệp; nhiều nhất {MOST_FILES}")
