"""A test copy of an announcement, marked as one, for the official who wants to see it; the ledger knows nothing."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.broadcasting import composing
from bot.notices import tell
from bot.storage.announcements import Announcement
from bot.storage.database import Transaction
from bot.storage.official_chats import Chat
from bot.texts import Texts


async def send(
    transaction: Transaction,
    seen: Announcement,
    chats: Collection[Chat],
    texts: Texts,
    *,
    name: str,
    now: datetime,
) -> None:
    """Send an announcement as it stands to these chats of the official of this name."""
    message = await composing.message(transaction, seen, texts, now=now)
    copy = replace(message, text=f"{texts.say('staff.test_copy', name=name)}\n{message.text}")
    for chat in chats:
        await tell(transaction, chat.id, [copy], now=now)
