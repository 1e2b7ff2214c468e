"""What an official may say of an event, and telling those signed up when it changes."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot import notices
from bot.events import taking_part, words
from bot.events.invitation import may_carry
from bot.messages import Reply
from bot.officials.refused import Missing, Refused
from bot.storage import events
from bot.storage.database import Transaction
from bot.storage.events import Event, Plan
from bot.texts import Texts

LONGEST_TITLE, LONGEST_PLACE, LONGEST_DETAILS = 150, 200, 1_500
MOST_SEATS = 100_000
LONGEST_EVENT = timedelta(days=31)


class Action(StrEnum):
    """What is audited here."""

    SAVED = "luu_su_kien"
    CANCELLED = "huy_su_kien"
    LIST_TAKEN = "xuat_danh_sach_su_kien"


def check(plan: Plan, *, now: datetime) -> None:
    """Raise Refused, naming the field, for a plan that cannot be."""
    faults = (
        (not 0 < len(plan.name) <= LONGEST_TITLE, "name", f"Tên cần từ 1 đến {LONGEST_TITLE} chữ."),
        (not 0 < len(plan.place) <= LONGEST_PLACE, "place", f"Nơi cần từ 1 đến {LONGEST_PLACE} chữ."),
        (len(plan.details) > LONGEST_DETAILS, "details", f"Nội dung dài quá {LONGEST_DETAILS} chữ."),
        (plan.starts_at <= now, "starts_at", "Giờ bắt đầu đã qua."),
        (plan.ends_at <= plan.starts_at, "ends_at", "Giờ kết thúc phải sau giờ bắt đầu."),
        (plan.ends_at - plan.starts_at > LONGEST_EVENT, "ends_at", "Một sự kiện kéo dài nhiều nhất 31 ngày."),
        (plan.sign_up_until > plan.starts_at, "sign_up_until", "Hạn đăng ký phải trước giờ bắt đầu."),
        (
            plan.seats is not None and not 0 < plan.seats <= MOST_SEATS,
            "seats",
            "Số chỗ là một số từ 1; để trống là không giới hạn.",
        ),
    )
    for is_wrong, name, told in faults:
        if is_wrong:
            raise Refused(told, field=name)


async def create(transaction: Transaction, plan: Plan, *, now: datetime) -> int:
    """Keep a new event; return its id. Raise Refused for one that cannot be."""
    check(plan, now=now)
    await may_carry(transaction, plan.announcement_id, None)
    return await events.add(transaction, plan, now=now)


async def change(transaction: Transaction, number: int, plan: Plan, texts: Texts, *, now: datetime) -> bool:
    """Change an event that has not begun; tell whether those signed up were told that it moved."""
    event = await to_change(transaction, number, now=now)
    check(plan, now=now)
    await may_carry(transaction, plan.announcement_id, event.announcement_id)
    if plan.seats is not None and plan.seats < event.taken:
        raise Refused(f"Đã có {event.taken} người đăng ký; số chỗ không thể ít hơn.", field="seats")
    await events.change(transaction, event, plan, now=now)
    changed = await events.get(transaction, number)
    assert changed
    is_moved = _where_and_when(changed) != _where_and_when(event)
    if is_moved:
        await events.told_anew(transaction, number, now=now)
        reply = Reply(texts.say("events.moved", **words.about(changed)), (words.button(changed, "leave", texts),))
        await _tell_all(transaction, changed, reply, now=now)
    await taking_part.fill(transaction, changed, texts, now=now)
    return is_moved


async def cancel(transaction: Transaction, number: int, texts: Texts, *, now: datetime) -> Event:
    """Cancel an event that has not begun and tell all who signed up, those who wait too."""
    event = await to_change(transaction, number, now=now)
    await events.cancel(transaction, event, now=now)
    reply = Reply(texts.say("events.cancelled", **words.about(event)), (words.button(event, "others", texts),))
    await _tell_all(transaction, event, reply, now=now)
    return event


async def to_change(transaction: Transaction, number: int, *, now: datetime) -> Event:
    """Return an event that may still be changed, locked; raise Refused otherwise."""
    event = await events.get(transaction, number, lock=True)
    if event is None:
        raise Missing("Không có sự kiện này.")
    if event.cancelled_at is not None:
        raise Refused("Sự kiện này đã hủy.")
    if event.starts_at <= now:
        raise Refused("Sự kiện này đã bắt đầu nên không sửa được nữa.")
    return event


def _where_and_when(event: Event) -> tuple[datetime, datetime, str]:
    return event.starts_at, event.ends_at, event.place


async def _tell_all(transaction: Transaction, event: Event, reply: Reply, *, now: datetime) -> None:
    for person in await events.people_of(transaction, event.id):
        await notices.tell(transaction, person, [reply], now=now)
