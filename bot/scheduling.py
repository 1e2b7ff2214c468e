"""When things happen by themselves. APScheduler says when; what is due is read from the database."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot import threads
from bot.cases import closing, reminding, warning
from bot.cases.desk import Desk
from bot.cases.warning import Group
from bot.clock import ZONE
from bot.events import quiz, reminders
from bot.files import Files
from bot.officials import signing_in
from bot.privacy import retention
from bot.settings import Privacy
from bot.storage import (
    conversations,
    deletions,
    drafts,
    events,
    inbox,
    invitations,
    kept_files,
    notices,
    people,
    questions,
    quizzes,
    web_messages,
)
from bot.storage.backup import Shelf
from bot.storage.database import Database, StorageError, Transaction
from bot.texts import Texts

log = logging.getLogger(__name__)

QUARANTINE_DAYS = 7  # how long what a broken update said is kept for whoever looks into it
JUST_COME = timedelta(hours=1)  # a file is kept before the message it came with
NOT_NAMED = "không còn nơi nào dùng"
LATE_SECONDS = 3_600  # APScheduler's default drops a job that is one second late


def scheduler(database: Database, privacy: Privacy, *, now: Callable[[], datetime]) -> AsyncIOScheduler:
    """Return the scheduler with its jobs, not yet started."""
    jobs = AsyncIOScheduler(timezone=ZONE, job_defaults={"misfire_grace_time": LATE_SECONDS, "coalesce": True})
    nightly = CronTrigger(hour=2, minute=30, timezone=ZONE)
    jobs.add_job(forget_old, nightly, args=(database, privacy), kwargs={"now": now}, id="forget-old")
    return jobs


def add_cases(
    jobs: AsyncIOScheduler, database: Database, desk: Desk, group: Group | None, *, now: Callable[[], datetime]
) -> None:
    """Remind of drafts, close what is settled and, where officials have a group, tell it what presses."""
    add = jobs.add_job
    nightly, about = CronTrigger(hour=3, minute=0, timezone=ZONE), {"now": now}
    add(remind_of_drafts, "interval", minutes=10, args=(database, desk), kwargs=about, id="remind-of-drafts")
    add(close_settled, nightly, args=(database, desk), kwargs=about, id="close-settled")
    if group:
        add(warn, "interval", minutes=2, args=(database, desk, group), kwargs=about, id="warn")


def add_events(jobs: AsyncIOScheduler, database: Database, texts: Texts, *, now: Callable[[], datetime]) -> None:
    """Remind of events and tell the results of quizzes that have closed."""
    jobs.add_job(tell_of_events, "interval", minutes=1, args=(database, texts), kwargs={"now": now}, id="events")


async def tell_of_events(database: Database, texts: Texts, *, now: Callable[[], datetime]) -> None:
    """Remind and tell whoever is due; a fault is logged, for the next run tries again."""
    try:
        await reminders.remind(database, texts, now=now())
        await quiz.tell_results(database, texts, now=now())
    except StorageError as error:
        log.error("chưa nhắc được về sự kiện, cuộc thi: %s", error)


async def remind_of_drafts(database: Database, desk: Desk, *, now: Callable[[], datetime]) -> None:
    """Remind those who left a draft alone; a fault is logged, for the next run tries again."""
    try:
        await reminding.remind_of_drafts(database, desk.texts, now=now())
    except StorageError as error:
        log.error("chưa nhắc được người viết dở: %s", error)


async def close_settled(database: Database, desk: Desk, *, now: Callable[[], datetime]) -> None:
    """Close the cases whose answer nobody objected to; what could not be closed is tried again tomorrow."""
    try:
        log.info("đã tự đóng %d việc", await closing.close_settled(database, desk, now=now))
    except StorageError as error:
        log.error("chưa tự đóng được các việc đã trả lời: %s", error)


async def warn(database: Database, desk: Desk, group: Group, *, now: Callable[[], datetime]) -> None:
    """Tell the officials' group what presses; a fault is logged, for the next run tries again."""
    try:
        await warning.warn(database, desk, group, now=now())
    except StorageError as error:
        log.error("chưa nhắc hạn được: %s", error)


def add_backups(jobs: AsyncIOScheduler, shelf: Shelf, *, now: Callable[[], datetime]) -> None:
    """Back up every night, and at once when the last night's backup is missing, as on a machine that was off."""
    nightly = CronTrigger(hour=2, minute=0, timezone=ZONE)
    jobs.add_job(back_up, nightly, args=(shelf,), kwargs={"now": now}, id="back-up")
    if shelf.is_due(now()):
        jobs.add_job(back_up, args=(shelf,), kwargs={"now": now}, id="back-up-missed")


def add_sweeping(jobs: AsyncIOScheduler, database: Database, files: Files, *, now: Callable[[], datetime]) -> None:
    """Remove every night the files that nothing names, after what named them was forgotten."""
    nightly = CronTrigger(hour=3, minute=30, timezone=ZONE)
    jobs.add_job(sweep_files, nightly, args=(database, files), kwargs={"now": now}, id="sweep-files")


async def back_up(shelf: Shelf, *, now: Callable[[], datetime]) -> None:
    """Make one nightly backup; a fault is logged, for tomorrow it is tried again."""
    moment = now()
    try:
        archive = await threads.beside(lambda: shelf.add(moment))
    except StorageError as error:
        log.error("chưa sao lưu được: %s", error)
    else:
        log.info("đã sao lưu vào %s (%d KB)", archive, archive.stat().st_size // 1024)


async def forget_old(database: Database, privacy: Privacy, *, now: Callable[[], datetime]) -> dict[str, int]:
    """Delete what has been kept long enough, and log it; return how many rows of each kind.

    Of cases and of updates set aside, what is personal is emptied and the row stays.
    """
    moment = now()
    try:
        async with database.transaction() as transaction:
            gone = await _forget(transaction, privacy, now=moment)
            for what, rows in gone.items():
                await deletions.record(transaction, what, rows, retention.KEPT_LONG_ENOUGH, now=moment)
        gone["cases"] = await retention.forget_cases(database, months=privacy.keep_cases_months, now=moment)
    except StorageError as error:
        log.error("chưa xóa được dữ liệu cũ: %s", error)
        return {}
    log.info("đã xóa dữ liệu quá hạn: %s", gone)
    return gone


async def _forget(transaction: Transaction, privacy: Privacy, *, now: datetime) -> dict[str, int]:
    messages = now - timedelta(days=privacy.keep_messages_days)
    asked = now - timedelta(days=privacy.keep_questions_days)
    return {
        "web_messages": await web_messages.purge(transaction, before=messages),
        "conversations": await conversations.purge(transaction, before=messages),
        "drafts": await drafts.purge(transaction, before=messages),
        "notices": await notices.purge(transaction, before=messages),
        "inbox": await inbox.purge(transaction, before=messages),
        "quarantined": await inbox.empty_quarantined(transaction, before=now - timedelta(days=QUARANTINE_DAYS)),
        "questions": await questions.purge(transaction, before=asked),
        "event_sign_ups": await events.purge(transaction, before=asked),
        "quiz_tries": await quizzes.purge(transaction, before=asked),
        "people": await people.purge(transaction, before=asked),
        "official_sessions": await signing_in.forget_old(transaction, now=now),
        "invitations": await invitations.purge(transaction, before=now),
    }


async def sweep_files(database: Database, files: Files, *, now: Callable[[], datetime]) -> int:
    """Remove the files that nothing names any more, and log it; return how many. What has just come is spared."""
    moment = now()
    try:
        async with database.transaction() as transaction:
            needed = await kept_files.digests(transaction)
        gone = await files.sweep(needed, older_than=moment - JUST_COME)
        async with database.transaction() as transaction:
            await deletions.record(transaction, "files", gone, NOT_NAMED, now=moment)
    except (StorageError, OSError) as error:
        log.error("chưa dọn được tệp: %s", error)
        return 0
    return gone
