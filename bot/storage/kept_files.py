"""Which kept files are still needed: named by an attachment, or in what a visitor of the web chat said."""

import re

from sqlalchemy import select

from bot.storage.case_tables import attachments
from bot.storage.database import Transaction
from bot.storage.tables import web_messages

_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
_WITH_FILES = '"files": [['  # as bot.channels.web.said writes a message that has any


async def digests(transaction: Transaction) -> set[str]:
    """Return the digests of all files that something kept still names."""
    named = select(attachments.c.digest).where(attachments.c.digest.is_not(None)).distinct()
    found = set((await transaction.execute(named)).scalars())
    bodies = select(web_messages.c.body).where(
        web_messages.c.from_citizen, web_messages.c.body.contains(_WITH_FILES, autoescape=True)
    )
    for body in (await transaction.execute(bodies)).scalars():
        found.update(_DIGEST.findall(body))
    return found
