"""What an announcement would cost on Zalo, told before anybody approves it. Zalo has no free broadcast."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.settings import ZaloOa
from bot.storage import audience
from bot.storage.announcements import Draft
from bot.storage.audience import Windows
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Estimate:
    """Whom Zalo takes on what terms, and what that comes to; `money` is in đồng, None where a price is not known."""

    windows: Windows
    left_out: int  # those who would need what is switched off
    money: int | None


async def on_zalo(transaction: Transaction, announcement: Draft, settings: ZaloOa, *, now: datetime) -> Estimate | None:
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
    return Estimate(found, found.paid - paid + found.template - template, money if known else None)


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
    if left_out:
        lines.append(f"{left_out} người sẽ không nhận được trên Zalo; phiếu gửi ghi rõ từng người.")
    if estimate.money is None:
        lines.append("Chưa ước được tiền: điền zalo_oa.paid_price, template_price trong config.toml.")
    elif estimate.money:
        lines.append(f"Ước hết {estimate.money:,} đồng.".replace(",", "."))
    return lines


def _off(is_on: bool) -> str:
    return "" if is_on else " (đang tắt)"
