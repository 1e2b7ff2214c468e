"""The announcements of the example, in each state in which one can rest, and the people who receive them."""

from datetime import timedelta

from bot.broadcasting import approval
from bot.storage import announcements, people, subscribers
from bot.storage.announcements import Announcement, Draft
from bot.storage.database import Transaction
from handlers.services import Services

AUTHOR, APPROVER = "mau-bien-tap", "mau-lanh-dao"
SUBSCRIBERS = ("cô Người Nhận (mẫu)", "chú Đăng Ký (mẫu)", "bác Đọc Tin (mẫu)")


async def subscribe(services: Services) -> None:
    """Let some people of the example agree to every topic, and one stop again."""
    topics = list(services.config.announcements.topic_names)
    async with services.database.transaction() as transaction:
        for name in SUBSCRIBERS:
            at = services.now() - timedelta(days=20)
            person = await people.recognise(transaction, "web", name, now=at)
            await subscribers.choose(transaction, person, topics, source="web", now=at)
        await subscribers.choose(transaction, person, (), source="web", now=services.now())


async def write(services: Services) -> None:
    """Write the announcements: one waiting for approval, approved, scheduled, recurring, paused, cancelled, due now."""
    later = (services.now() + timedelta(days=3)).replace(hour=8, minute=0, second=0, microsecond=0).isoformat()
    async with services.database.transaction() as transaction:
        await _draft(transaction, services, "Lịch phun thuốc muỗi", "Bản nháp này **chờ người khác duyệt**.")
        await _approved(transaction, services, "Thay đổi giờ làm việc mùa hè", "Đã duyệt, chưa hẹn giờ gửi.")
        await _approved(transaction, services, "Tập huấn dịch vụ công trực tuyến", "Gửi sau ba ngày nữa.", later)
        await _approved(transaction, services, "Lịch tiếp công dân", "Gửi thứ Hai đầu mỗi tháng.", "30 7 * * mon#1")
        paused = await _approved(transaction, services, "Cuộc thi tìm hiểu cải cách hành chính", "Đang dừng.", later)
        await approval.pause(transaction, paused, who=APPROVER, now=services.now())
        cancelled = await _approved(transaction, services, "Họp dân thôn (đã hủy)", "Tin này đã hủy.", later)
        await approval.cancel(transaction, cancelled, who=APPROVER, now=services.now())
        await _approved(transaction, services, "Trang mẫu đã sẵn sàng", "Tin này gửi ngay khi mở bản mẫu.", "now")


async def _draft(transaction: Transaction, services: Services, title: str, body: str, plan: str = "") -> Announcement:
    draft = Draft(title=f"{title} (mẫu)", body=body, author=AUTHOR, plan=plan)
    number = await announcements.create(transaction, draft, now=services.now())
    return await _found(transaction, number)


async def _approved(
    transaction: Transaction, services: Services, title: str, body: str, plan: str = ""
) -> Announcement:
    seen = await _draft(transaction, services, title, body, plan)
    calendar = services.desk.calendar
    await approval.approve(transaction, seen, APPROVER, two_person=True, calendar=calendar, now=services.now())
    return await _found(transaction, seen.id)


async def _found(transaction: Transaction, number: int) -> Announcement:
    found = await announcements.find(transaction, number)
    assert found is not None
    return found
