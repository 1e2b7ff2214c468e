"""What officials decide about an announcement: changed, approved by a second person, scheduled, paused, cancelled."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from bot.broadcasting import schedule
from bot.calendar.workdays import WorkCalendar
from bot.storage import announcements, recipients
from bot.storage.announcements import Announcement, Draft, State
from bot.storage.database import Transaction
from bot.storage.recipients import Standing

NAMES = {
    State.DRAFT: "bản nháp",
    State.APPROVED: "đã duyệt, chưa hẹn giờ",
    State.SCHEDULED: "đã hẹn giờ",
    State.SENDING: "đang gửi",
    State.PAUSED: "tạm dừng",
    State.FINISHED: "đã gửi xong",
    State.CANCELLED: "đã hủy",
}
CHANGED = "vừa có người khác đổi thông báo này; xem lại rồi làm tiếp"
PROPOSED = "trình duyệt"
ONE_PERSON = "một người vừa soạn vừa duyệt"
CANCELLED = "đã hủy"
STILL_SENT = (
    "thông báo {number} còn đang gửi hoặc tạm dừng, người nhận sau sẽ không có bản đính chính; "
    "chờ gửi xong hoặc hủy phần còn lại của nó rồi duyệt"
)
CORRECTED = "thông báo {number} đã có đính chính {by}, không gửi lại bản cũ nữa"


class NotAllowed(Exception):
    """What was asked cannot be done with an announcement as it stands; the sentence says why."""


async def edit(transaction: Transaction, seen: Announcement, draft: Draft, *, who: str, now: datetime) -> None:
    """Change what is not sent yet; it needs to be approved anew."""
    check_unsent(seen)
    if not await announcements.edit(transaction, seen, draft, who=who, now=now):
        raise NotAllowed(CHANGED)


def check_unsent(seen: Announcement) -> None:
    """Raise NotAllowed for an announcement whose words cannot be changed any more."""
    if State.DRAFT not in announcements.MOVES[seen.state]:
        raise NotAllowed(f"thông báo {seen.id} đang ở trạng thái “{NAMES[seen.state]}”, không sửa được nữa")


async def propose(transaction: Transaction, seen: Announcement, *, who: str, now: datetime) -> None:
    """Ask for approval of a draft."""
    _check(seen, State.DRAFT)
    await _move(transaction, seen, State.DRAFT, who=who, now=now, note=PROPOSED, proposed_at=now)


async def approve(
    transaction: Transaction, seen: Announcement, by: str, *, two_person: bool, calendar: WorkCalendar, now: datetime
) -> datetime | None:
    """Approve a draft as it was seen; return when it will be sent, None when no moment is set."""
    _check(seen, State.DRAFT)
    is_author = by.casefold() == seen.author.casefold()
    if two_person and is_author:
        raise NotAllowed("người soạn không tự duyệt được; nhờ người khác duyệt (announcements.two_person)")
    if seen.corrects is not None and not await recipients.is_over(transaction, seen.corrects):
        raise NotAllowed(STILL_SENT.format(number=seen.corrects))
    due = schedule.parse(seen.plan).first(now, calendar, urgent=bool(seen.urgent)) if seen.plan else None
    note = ONE_PERSON if is_author else ""
    to = State.SCHEDULED if due else State.APPROVED
    await _move(transaction, seen, to, who=by, now=now, note=note, approver=by, due_at=due)
    return due


async def schedule_for(
    transaction: Transaction, seen: Announcement, plan: str, *, who: str, calendar: WorkCalendar, now: datetime
) -> datetime:
    """Set when an approved announcement is sent; return the moment."""
    _check(seen, State.APPROVED)
    due = schedule.parse(plan).first(now, calendar, urgent=bool(seen.urgent))
    await _move(transaction, seen, State.SCHEDULED, who=who, now=now, plan=plan, due_at=due)
    return due


async def pause(transaction: Transaction, seen: Announcement, *, who: str, now: datetime) -> None:
    """Stop sending, or keep from being started; messages already under way arrive."""
    _check(seen, State.SENDING, State.SCHEDULED)
    await _move(transaction, seen, State.PAUSED, who=who, now=now, note=f"{who} tạm dừng")


async def resume(
    transaction: Transaction,
    seen: Announcement,
    *,
    who: str,
    calendar: WorkCalendar,
    now: datetime,
    again: Collection[Standing] = (),
) -> int:
    """Send on, or at its moment what was not started yet, at once when that is past.

    Return how many of the outcomes `again` are sent anew.

    What is uncertain may have arrived: only an official chooses a second copy.
    """
    _check(seen, State.PAUSED, *([State.FINISHED] if again else []))
    if again and (correction := await announcements.correction_of(transaction, seen.id)):
        raise NotAllowed(CORRECTED.format(number=seen.id, by=correction))
    if seen.started_at is None:
        plan, later = schedule.parse(seen.plan), max(now, seen.due_at or now)
        moment = plan if plan.is_recurring else schedule.Plan(at=later)
        due = moment.first(now, calendar, urgent=bool(seen.urgent))
        await _move(transaction, seen, State.SCHEDULED, who=who, now=now, due_at=due)
        return 0
    await _move(transaction, seen, State.SENDING, who=who, now=now, tended_at=now, finished_at=None)
    return await recipients.requeue(transaction, seen.id, again, now) if again else 0


async def cancel(transaction: Transaction, seen: Announcement, *, who: str, now: datetime) -> int:
    """End an announcement; return how many people are left out by it. Messages already under way arrive."""
    _check(seen, *(state for state in State if State.CANCELLED in announcements.MOVES[state]))
    await _move(transaction, seen, State.CANCELLED, who=who, now=now, finished_at=now)
    return await recipients.skip(transaction, seen.id, CANCELLED, now=now)


def _check(seen: Announcement, *states: State) -> None:
    if seen.state not in states:
        expected = " hoặc ".join(f"“{NAMES[state]}”" for state in states)
        raise NotAllowed(f"thông báo {seen.id} đang ở trạng thái “{NAMES[seen.state]}”; cần {expected}")


async def _move(
    transaction: Transaction, seen: Announcement, to: State, *, who: str, now: datetime, **values: Any
) -> None:
    if not await announcements.move(transaction, seen, to, who=who, now=now, **values):
        raise NotAllowed(CHANGED)
