"""When things happen by themselves. APScheduler says when; what is due is read from the database."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.clock import ZONE
from bot.config import Privacy
from bot.officials import signing_in
from bot.storage import conversations, inbox, invitations, people, questions, web_messages
from bot.storage.database import Database, StorageError

log = logging.getLogger(__name__)

LATE_SECONDS = 3_600  # APScheduler's default drops a job that is one second late


def scheduler(database: Database, privacy: Privacy, *, now: Callable[[], datetime]) -> AsyncIOScheduler:
    """Return the scheduler with its jobs, not yet started."""
    jobs = AsyncIOScheduler(timezone=ZONE, job_defaults={"misfire_grace_time": LATE_SECONDS, "coalesce": True})
    nightly = CronTrigger(hour=2, minute=30, timezone=ZONE)
    jobs.add_job(forget_old, nightly, args=(database, privacy), kwargs={"now": now}, id="forget-old")
    return jobs


async def forget_old(database: Database, privacy: Privacy, *, now: Callable[[], datetime]) -> dict[str, int]:
    """Delete what has been kept as long as the settings allow; return how many rows of each kind."""
    messages = now() - timedelta(days=privacy.keep_messages_days)
    asked = now() - timedelta(days=privacy.keep_questions_days)
    try:
        async with database.transaction() as transaction:
            gone = {
                "web_messages": await web_messages.purge(transaction, before=messages),
                "conversations": await conversations.purge(transaction, before=messages),
                "inbox": await inbox.purge(transaction, before=messages),
                "questions": await questions.purge(transaction, before=asked),
                "people": await people.purge(transaction, before=asked),
                "official_sessions": await signing_in.forget_old(transaction, now=now()),
                "invitations": await invitations.purge(transaction, before=now()),
            }
    except StorageError as error:
        log.error("chưa xóa được dữ liệu cũ: %s", error)
        return {}
    log.info("đã xóa dữ liệu quá hạn: %s", gone)
    return gone
