"""Drafts left alone: their writers are reminded once."""

from datetime import datetime, timedelta

from bot import notices, quiet
from bot.cases import drafts
from bot.messages import Choice, Reply
from bot.storage.database import Database
from bot.texts import Texts

LEFT_ALONE = timedelta(hours=2)
EXCERPT = 80
DRAFT_BUTTON = "g"  # the letter of a draft's buttons in the conversation (handlers.actions)


async def remind_of_drafts(database: Database, texts: Texts, *, now: datetime) -> int:
    """Remind everybody who left a draft alone, once and not at night; return how many."""
    if quiet.is_quiet(now):
        return 0
    async with database.transaction() as transaction:
        left = await drafts.take_unreminded(transaction, before=now - LEFT_ALONE, now=now)
        for person, draft in left:
            buttons = tuple(
                Choice(f"{DRAFT_BUTTON}:{draft.key}:{verb}", texts.say(f"feedback_buttons.{verb}"))
                for verb in ("resume", "cancel")
            )
            text = texts.say("feedback.reminder", text=draft.text[:EXCERPT] or texts.say("feedback.no_text"))
            await notices.tell(transaction, person, [Reply(text, buttons)], now=now)
    return len(left)
