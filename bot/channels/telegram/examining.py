"""What Telegram says of our bot when it is asked: whether it knows us, and how it fares with our webhook."""

from datetime import datetime

from telegram import Bot, WebhookInfo
from telegram.error import EndPointNotFound, InvalidToken, TelegramError

from bot.health import Answer, ChannelHealth

REFUSED = "Telegram không nhận mã bot; lấy mã mới từ @BotFather, đặt lại MOTCUA_TELEGRAM__TOKEN"


async def examine(bot: Bot, health: ChannelHealth, *, url: str) -> Answer:
    """Return how it is between Telegram and us. `url` is where Telegram is to call us, "" when we ask it instead."""
    try:
        found = await bot.get_webhook_info()
    except (InvalidToken, EndPointNotFound):
        return Answer(REFUSED, is_final=True)
    except TelegramError as error:
        return Answer(f"không hỏi được Telegram ({type(error).__name__})")
    trouble = _webhook_trouble(found, health, url)
    own = f"hỏi tin Telegram bị lỗi ({health.last_error})" if health.last_error else ""
    return Answer(trouble or own, pending=found.pending_update_count, webhook=not trouble if url else None)


def _webhook_trouble(found: WebhookInfo, health: ChannelHealth, url: str) -> str:
    if found.url != url:
        return "Telegram gọi webhook ở chỗ khác; chạy lại chương trình" if found.url else "Telegram chưa gọi webhook"
    if url and found.pending_update_count and _is_newer(found.last_error_date, health.last_update):
        return f"Telegram gọi webhook bị lỗi: {found.last_error_message}"
    return ""


def _is_newer(error: datetime | None, update: datetime | None) -> bool:
    return error is not None and (update is None or error > update)
