"""What an announcement would cost on Zalo, told before anybody approves it. Zalo has no free broadcast."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.health import Quota
from bot.settings import ZaloOa
from bot.storage import announcement_files, audience, channel_health
from bot.storage.announcements import Announcement
from bot.storage.audience import Windows
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Estimate:
    """Whom Zalo takes on what terms, and what that comes to; `money` is in đồng, None where a price is not known.

    `paid` and `template` are those who will be sent what costs money: none where that is switched off.
    """

    windows: Windows
    paid: int
    template: int
    money: int | None
    quota: Quota | None  # what Zalo last told it still takes beyond the free ones
    has_files: bool

    @property
    def left_out(self) -> int:
        """Return how many would need what is switched off."""
        return self.windows.paid - self.paid + self.windows.template - self.template


async def on_zalo(
    transaction: Transaction, announcement: Announcement, settings: ZaloOa, *, now: datetime
) -> Estimate | None:
    """Return what an announcement would cost if it went out now; None when nobody would get it on Zalo OA."""
    found = await audience.windows(
        transaction,
        announcement,
        free_since=now - timedelta(hours=settings.free_hours),
        most_free=settings.free_replies,
        paid_since=now - timedelta(days=settings.consult_days),
    )
    if found == Windows(0, 0, 0):
        return None
    paid, template = found.paid if settings.paid else 0, found.template if settings.template_id else 0
    known = (settings.paid_price or not paid) and (settings.template_price or not template)
    money = paid * settings.paid_price + template * settings.template_price
    vitals = (await channel_health.everything(transaction)).get("zalo_oa")
    files = await announcement_files.of(transaction, announcement.id)
    quota = vitals.quota if vitals else None
    return Estimate(found, paid, template, money if known else None, quota, has_files=bool(files))


def told(estimate: Estimate, settings: ZaloOa) -> list[str]:
    """Return an estimate in sentences."""
    found, left_out = estimate.windows, estimate.left_out
    lines = [f"Zalo OA: {found.free} người nhận không mất tiền."]
    if found.paid:
        lines.append(f"{found.paid} người chỉ nhận được tin mất tiền{_off(settings.paid)}.")
    if found.template:
        lines.append(
            f"{found.template} người chỉ nhận được tin theo mẫu, có mất tiền{_off(bool(settings.template_id))}."
        )
    if estimate.template and estimate.has_files:
        lines.append(f"Tin theo mẫu không kèm được ảnh, tệp: {estimate.template} người ấy chỉ đọc được tên tệp.")
    if left_out:
        lines.append(f"{left_out} người sẽ không nhận được trên Zalo; phiếu gửi ghi rõ từng người.")
    if estimate.money is None:
        lines.append("Chưa ước được tiền: điền zalo_oa.paid_price, template_price trong config.toml.")
    elif estimate.money:
        lines.append(f"Ước hết {estimate.money:,} đồng.".replace(",", "."))
    return [*lines, *_short_of(estimate)]


def _short_of(estimate: Estimate) -> list[str]:
    """Return what is to be said of a quota that is known and less than what would be sent."""
    quota, needed = estimate.quota, estimate.paid
    if quota is None or quota.left is None or quota.left >= needed:
        return []
    remedy = "mua thêm, không thì có người chưa nhận được"
    return [f"Hạn mức của OA {quota.said}, ít hơn {needed} tin mất tiền cần gửi: {remedy}."]


def _off(is_on: bool) -> str:
    return "" if is_on else " (đang tắt)"
