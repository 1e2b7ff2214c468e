"""Telegram: whether it knows our bot, how it is set to reach us, and what time it thinks it is."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot.doctor.findings import Finding, broken, look, well
from bot.settings import Config

WHAT = "kênh Telegram"
PATIENCE_SECONDS = 5.0
MOST_CLOCK_SECONDS = 60.0
RUNBOOK = "xem docs/runbooks/telegram-khong-tra-loi.md"
TOKEN_REFUSED = (401, 404)  # Unauthorized; Not Found is what a token that never was one gets


async def examine(settings: Config, *, now: Callable[[], datetime]) -> list[Finding]:
    """Return what is found about the Telegram channel. An error's words are not repeated: they may hold the token."""
    telegram = settings.telegram
    if not telegram.token:
        return [well(WHAT, "tắt, vì chưa có MOTCUA_TELEGRAM__TOKEN")]
    base = f"{telegram.api_url.rstrip('/')}/bot{telegram.token}"
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            me, webhook = await client.get(f"{base}/getMe"), await client.get(f"{base}/getWebhookInfo")
        if me.status_code in TOKEN_REFUSED:
            return [
                broken(WHAT, "Telegram không nhận mã bot", "lấy mã mới từ @BotFather, đặt lại MOTCUA_TELEGRAM__TOKEN")
            ]
        name = me.raise_for_status().json()["result"]["username"]
        hook = webhook.raise_for_status().json()["result"]
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        told = f"không hỏi được Telegram ({type(error).__name__}); kênh khác vẫn chạy, tin chờ ở Telegram tới 24 giờ"
        return [broken(WHAT, told, RUNBOOK)]
    return [well(WHAT, f"Telegram nhận mã bot: @{name}"), *_webhook(settings, hook), *_clock(me, now())]


def _webhook(settings: Config, hook: dict[str, Any]) -> list[Finding]:
    what = f"{WHAT}: cách nhận tin"
    waiting = f"{hook.get('pending_update_count', 0)} tin chờ ở Telegram"
    registered = bool(hook.get("url"))
    if registered != (settings.telegram.mode == "webhook"):
        told = (
            f"đặt là {settings.telegram.mode}, nhưng Telegram {'đang' if registered else 'chưa'} gọi webhook; {waiting}"
        )
        return [look(what, told, "chạy lại motcua run; nó đặt lại cho đúng")]
    if registered and hook.get("last_error_message"):
        return [look(what, f"Telegram gọi webhook bị lỗi: {hook['last_error_message']}; {waiting}", RUNBOOK)]
    return [well(what, f"{settings.telegram.mode}; {waiting}")]


def _clock(response: httpx.Response, now: datetime) -> list[Finding]:
    """Compare this machine's clock with Telegram's, which answered within PATIENCE_SECONDS."""
    try:
        apart = (parsedate_to_datetime(response.headers["date"]) - now).total_seconds()
    except (KeyError, ValueError, TypeError):
        return []
    if abs(apart) <= MOST_CLOCK_SECONDS:
        return [well("đồng hồ", "khớp với đồng hồ của Telegram")]
    told = f"{'chậm' if apart > 0 else 'nhanh'} {abs(apart):.0f} giây so với Telegram"
    return [
        broken("đồng hồ", f"{told}; hạn xử lý và lịch gửi sẽ sai", "bật giờ tự động: sudo timedatectl set-ntp true")
    ]
