"""What the Bot Platform says of our bot when it is asked."""

from bot.channels.zalo_bot.client import UNAUTHORISED, Client, Refused, Unreachable
from bot.health import Answer, ChannelHealth

ASK_SECONDS = 10.0
NOT_SET = 404  # measured: what getWebhookInfo answers while there is no webhook
REFUSED = "Zalo không nhận mã bot; lấy mã mới từ Zalo Bot Manager, đặt lại MOTCUA_ZALO_BOT__TOKEN"


async def examine(client: Client, health: ChannelHealth, *, url: str) -> Answer:
    """Return how it is between Zalo and us. `url` is where Zalo is to call us, "" when we ask it instead."""
    try:
        await client.call("getMe", {}, seconds=ASK_SECONDS)
        called = await _webhook(client)
    except Refused as error:
        if error.code == UNAUTHORISED:
            return Answer(REFUSED, is_final=True)
        return Answer(f"Zalo trả lời lỗi {error.code}")
    except Unreachable as error:
        return Answer(f"không hỏi được Zalo ({error})")
    trouble = _trouble(called, health, url)
    return Answer(trouble, webhook=called == url if url else None)


def _trouble(called: str, health: ChannelHealth, url: str) -> str:
    if called != url:
        return "Zalo gọi webhook ở chỗ khác; chạy lại chương trình" if called else "Zalo chưa gọi webhook"
    return f"hỏi tin Zalo bị lỗi ({health.last_error})" if health.last_error else ""


async def _webhook(client: Client) -> str:
    try:
        found = await client.call("getWebhookInfo", {}, seconds=ASK_SECONDS)
    except Refused as error:
        if error.code == NOT_SET:
            return ""
        raise
    return str(found.get("url", "")) if isinstance(found, dict) else ""
