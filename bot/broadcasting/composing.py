"""An announcement as it leaves: its words, its pictures and files, the buttons of what it invites to."""

from dataclasses import replace
from datetime import datetime

from bot.broadcasting import rendering
from bot.events import invitation
from bot.messages import Reply
from bot.storage import announcement_files, announcements
from bot.storage.announcements import Announcement
from bot.storage.database import Transaction
from bot.texts import Texts


async def message(transaction: Transaction, one: Announcement, texts: Texts, *, now: datetime) -> Reply:
    """Return an announcement as each citizen gets it."""
    corrected = await announcements.find(transaction, one.corrects) if one.corrects else None
    files = await announcement_files.of(transaction, one.id)
    words = rendering.message(one, texts, corrected=corrected, files=files)
    return replace(words, choices=await invitation.choices(transaction, one, texts, now=now))
