"""What a message to somebody costs, known before it is sent.

Zalo answers "who wrote to us lately" free of charge and asks money for the rest; its figures are settings because its
sources disagree: docs/huong-dan/ket-noi-zalo.md.
"""

from datetime import datetime, timedelta

from bot.messages import DeliveryError, DeliveryOutcome
from bot.settings import ZaloOa
from bot.storage.zalo_windows import Terms


def obstacle(asked: Terms, settings: ZaloOa, now: datetime) -> DeliveryError | None:
    """Return why a message may not be sent on these terms, None when it may."""
    if asked is Terms.PAID and not settings.paid:
        return DeliveryError(
            DeliveryOutcome.SKIPPED,
            f"quá {settings.free_replies} tin hoặc {settings.free_hours} giờ từ tin cuối của người dân: "
            "gửi tiếp mất tiền, mà zalo_oa.paid đang tắt",
        )
    if asked is not Terms.TEMPLATE_ONLY:
        return None
    if not settings.template_id:
        return DeliveryError(
            DeliveryOutcome.SKIPPED,
            f"quá {settings.consult_days} ngày từ tin cuối của người dân: Zalo chỉ nhận tin theo mẫu, "
            "mà zalo_oa.template_id còn trống",
        )
    wait = quiet_seconds(now, settings)
    return DeliveryError(DeliveryOutcome.FAILED, "giờ yên tĩnh của Zalo", retry_after=wait) if wait else None


def quiet_seconds(now: datetime, settings: ZaloOa) -> float:
    """Return the seconds until the quiet hours are over, 0 outside them."""
    start, end = settings.quiet_from, settings.quiet_until
    is_quiet = start <= now.hour < end if start <= end else now.hour >= start or now.hour < end
    if not is_quiet:
        return 0.0
    over = now.replace(hour=end, minute=0, second=0, microsecond=0)
    return (over - now if over > now else over + timedelta(days=1) - now).total_seconds()
