"""How a channel that is called fares with its webhook, as far as anybody tells. No clock here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot import health
from bot.settings import Config
from bot.watchdog.judging import SILENT, State

QUIET = timedelta(days=7)  # a quiet commune is no fault: what is longer is remarked, and raises no alarm


class Webhook(StrEnum):
    """Whether a platform's calls reach us, as it tells; unknown where it does not tell, or none told lately."""

    OK = "ok"
    FAILING = "failing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Hearing:
    """How a webhook fares, the same in words, and what is remarked: "" unless nothing came for a long time."""

    webhook: Webhook
    told: str
    remark: str = ""


_TOLD = {
    Webhook.OK: "đã đặt đúng",
    Webhook.FAILING: "chưa đặt đúng, hoặc đang lỗi",
    Webhook.UNKNOWN: "chưa hỏi được",
}
NOBODY_TELLS = "Zalo không cho biết webhook còn bật hay không"  # and stops calling after failed calls, telling nobody
_LOOK = {"zalo_oa": "xem webhook trong trang của Zalo còn bật không"}
_TRY = "nhắn thử một tin từ điện thoại"


def of(state: State, config: Config, *, now: datetime) -> Hearing | None:
    """Return how a channel hears what is pushed to it; None for one that is not called."""
    if state.channel not in health.called(config):
        return None
    webhook = _webhook(state, now)
    told = NOBODY_TELLS if state.channel == "zalo_oa" else _TOLD[webhook]
    return Hearing(webhook, told, _remark(state, now))


def _webhook(state: State, now: datetime) -> Webhook:
    vitals = state.vitals
    if vitals is None or vitals.webhook is None or now - vitals.seen_at >= SILENT:
        return Webhook.UNKNOWN
    return Webhook.OK if vitals.webhook else Webhook.FAILING


def _remark(state: State, now: datetime) -> str:
    last = state.vitals.last_update if state.vitals else None
    if last is None or now - last < QUIET:
        return ""
    return f"đã {(now - last).days} ngày không nhận được tin nào: {_LOOK.get(state.channel, _TRY)}"
