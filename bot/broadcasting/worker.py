"""The worker: starts what is due, mends what a crash left, ends what is done; one sender a channel beside it."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot import quiet
from bot.broadcasting import schedule
from bot.broadcasting.approval import CANCELLED
from bot.broadcasting.delivery import Sender
from bot.broadcasting.office import PROGRAM, Office, unbroken
from bot.messages import Channel
from bot.storage import announcement_files, announcements, audience, recipients
from bot.storage.announcements import Announcement, Draft, State
from bot.storage.database import StorageError, Transaction

log = logging.getLogger(__name__)

TICK_SECONDS = 5.0
TEND_EVERY = timedelta(minutes=1)
MISSED = "đã quá giờ gửi ({due:%H:%M %d/%m/%Y}) mà chương trình không chạy; xem lại rồi cho gửi hoặc hủy"
INTERRUPTED = "đang gửi thì chương trình ngừng từ {since:%H:%M %d/%m/%Y}; xem lại rồi cho gửi tiếp hoặc hủy"


async def work(office: Office, channels: Mapping[str, Channel]) -> None:
    """Send announcements until cancelled; several workers on one database share the work."""
    senders = [Sender(office, name, channel) for name, channel in channels.items()]
    async with asyncio.TaskGroup() as tasks:
        for sender in senders:
            tasks.create_task(sender.run())
        while True:
            if await unbroken(_tick(office, frozenset(channels))):
                for sender in senders:
                    sender.wake()
            await asyncio.sleep(TICK_SECONDS)


async def _tick(office: Office, channels: frozenset[str]) -> bool:
    """Do what is due; tell whether anything is being sent. A database or disk that is away is waited out."""
    try:
        return await tick(office, channels)
    except (StorageError, OSError) as error:
        log.error("thông báo: %s", error)
        return False


async def tick(office: Office, channels: frozenset[str]) -> bool:
    """Mend, end and start announcements as of now; tell whether any is being sent."""
    now = office.now()
    await office.stop_if_restored()
    async with office.database.transaction() as transaction:
        lost = await recipients.reconcile(transaction, now=now)
        await _end(transaction, now)
        await _stop_abandoned(transaction, now)
        waiting = await announcements.due(transaction, now=now)
    if lost:
        log.warning("thông báo: %d tin đang gửi dở khi chương trình dừng", lost)
    for one in waiting:
        async with office.database.transaction() as transaction:
            await _start(transaction, office, one, channels, now)
    async with office.database.transaction() as transaction:
        return bool(await recipients.being_sent(transaction, urgent_only=False))


async def _stop_abandoned(transaction: Transaction, now: datetime) -> None:
    """Pause what nobody looked after for longer than its limit: its words may no longer be true."""
    for one in await announcements.listed(transaction, states=(State.SENDING,)):
        since = one.tended_at or now
        if now - since > timedelta(hours=one.stale_hours):
            note = INTERRUPTED.format(since=since)
            await announcements.move(transaction, one, State.PAUSED, who=PROGRAM, now=now, note=note)
            log.warning("thông báo %d: %s", one.id, note)
    await announcements.tend(transaction, now=now, before=now - TEND_EVERY)


async def _start(
    transaction: Transaction, office: Office, one: Announcement, channels: frozenset[str], now: datetime
) -> None:
    """Start one that is due: by making this occurrence of it, asking when it is too late, or freezing its audience."""
    assert one.due_at is not None
    if schedule.parse(one.plan).is_recurring:
        await _make_occurrence(transaction, office, one, now)
    elif now - one.due_at > timedelta(hours=one.stale_hours):
        note = MISSED.format(due=one.due_at)
        await announcements.move(transaction, one, State.PAUSED, who=PROGRAM, now=now, note=note)
        log.warning("thông báo %d: %s", one.id, note)
    elif one.urgent or not quiet.is_quiet(now):
        await _freeze(transaction, one, channels, now)


async def _freeze(transaction: Transaction, one: Announcement, channels: frozenset[str], now: datetime) -> None:
    if await announcements.move(transaction, one, State.SENDING, who=PROGRAM, now=now, started_at=now, tended_at=now):
        number = await audience.freeze(transaction, one, channels=channels, now=now)
        due = recipients.Due("", now, schedule.start_of_day(now) if one.is_ordinary else None)
        later = await recipients.put_off(transaction, one.id, due, until=schedule.next_day(now))
        log.info("thông báo %d: gửi %d người, %d người vào hôm sau", one.id, number - later, later)


async def _make_occurrence(transaction: Transaction, office: Office, series: Announcement, now: datetime) -> None:
    """Set a recurring announcement to its next moment and schedule the one that is due; those missed before are not."""
    assert series.due_at is not None
    plan, after = schedule.parse(series.plan), max(series.due_at, now)
    following = plan.following(after, office.calendar, urgent=bool(series.urgent))
    if not await announcements.postpone(transaction, series, following):
        return
    copied = {name: getattr(series, name) for name in Draft.__dataclass_fields__} | {"plan": series.due_at.isoformat()}
    number = await announcements.create(transaction, Draft(**copied), now=now, series=series.id)
    await announcement_files.put(transaction, number, await announcement_files.of(transaction, series.id))
    made = await announcements.find(transaction, number)
    assert made is not None
    await announcements.move(
        transaction, made, State.SCHEDULED, who=PROGRAM, now=now, approver=series.approver, due_at=series.due_at
    )


async def _end(transaction: Transaction, now: datetime) -> None:
    """Finish what has an outcome for everybody, and leave nothing to be sent of what was cancelled."""
    for one in await announcements.listed(transaction, states=(State.SENDING,)):
        await recipients.skip_erased(transaction, one.id, now=now)
        await recipients.skip_stopped(transaction, one, now=now)
        if await recipients.is_finished(transaction, one.id):
            await recipients.recount(transaction, one.id)
            await announcements.move(transaction, one, State.FINISHED, who=PROGRAM, now=now, finished_at=now)
    for number in await recipients.left_behind(transaction):
        await recipients.skip(transaction, number, CANCELLED, now=now)
