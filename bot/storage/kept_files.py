"""Which kept files are still needed: named by an attachment, an announcement, a notice, or in somebody's web chat."""

import re

from sqlalchemy import select

from bot.storage.broadcast_tables import announcement_files
from bot.storage.case_tables import attachments, notices
from bot.storage.database import Transaction
from bot.storage.tables import web_messages

_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
_WITH_FILES = '"files": [['  # as bot.messages.pack and bot.channels.web.said write a message that has any


async def digests(transaction: Transaction) -> set[str]:
    """Return the digests of all files that something kept still names."""
    attached = select(attachments.c.digest).where(attachments.c.digest.is_not(None))
    named = attached.union(select(announcement_files.c.digest))
    found = set((await transaction.execute(named)).scalars())
    for kept in (web_messages.c.body, notices.c.body):
        bodies = select(kept).where(kept.contains(_WITH_FILES, autoescape=True))
        for body in (await transaction.execute(bodies)).scalars():
            found.update(_DIGEST.findall(body))
    return found
