"""The pictures and files that go with an announcement, in order."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from bot.files import StoredFile
from bot.messages import Enclosure
from bot.storage.broadcast_tables import announcement_files
from bot.storage.database import Transaction


async def of(transaction: Transaction, announcement: int) -> tuple[Enclosure, ...]:
    """Return what goes with an announcement."""
    c = announcement_files.c
    query = select(c.digest, c.name, c.media_type, c.size, c.alt)
    rows = await transaction.execute(query.where(c.announcement_id == announcement).order_by(c.position))
    return tuple(Enclosure(StoredFile(*file), alt) for *file, alt in rows)


async def put(transaction: Transaction, announcement: int, files: Sequence[Enclosure]) -> None:
    """Let these and no others go with an announcement."""
    own = announcement_files.c.announcement_id == announcement
    await transaction.execute(delete(announcement_files).where(own))
    rows = [
        {
            "announcement_id": announcement,
            "position": position,
            "digest": one.file.digest,
            "name": one.file.name,
            "media_type": one.file.media_type,
            "size": one.file.size,
            "alt": one.alt,
        }
        for position, one in enumerate(files, 1)
    ]
    if rows:
        await transaction.execute(insert(announcement_files), rows)
