"""Zalo: whether the Bot Platform knows our bot, and whether the Official Account still lets us speak."""

from collections.abc import Callable
from datetime import datetime

import httpx

from bot.channels.zalo_bot.client import UNAUTHORISED, Client, Refused, Unreachable
from bot.doctor.findings import Finding, broken, look, well
from bot.settings import Config
from bot.storage import inspection, zalo_tokens
from bot.storage.database import Database, StorageError

BOT, OA = "kênh Zalo Bot", "kênh Zalo OA"
PATIENCE_SECONDS = 5.0
RUNBOOK = "làm theo docs/runbooks/zalo-mat-quyen.md"


async def examine(settings: Config, *, now: Callable[[], datetime]) -> list[Finding]:
    """Return what is found about both Zalo channels. The Official Account's tokens are looked at, not used."""
    return [await _bot(settings), await _oa(settings, now())]


async def _bot(settings: Config) -> Finding:
    bot = settings.zalo_bot
    if not bot.token:
        return well(BOT, "tắt, vì chưa có MOTCUA_ZALO_BOT__TOKEN")
    async with httpx.AsyncClient() as http:
        try:
            me = await Client(bot.token, bot.api_url, http).call("getMe", {}, seconds=PATIENCE_SECONDS)
        except Refused as error:
            if error.code == UNAUTHORISED:
                remedy = "lấy mã mới từ Zalo Bot Manager, đặt lại MOTCUA_ZALO_BOT__TOKEN"
                return broken(BOT, "Zalo không nhận mã bot", remedy)
            return look(BOT, f"Zalo trả lời lỗi {error.code}", "thử lại sau ít phút")
        except Unreachable as error:
            return broken(BOT, f"không hỏi được Zalo ({error}); kênh khác vẫn chạy", "xem mạng của máy")
    name = me.get("account_name", "?") if isinstance(me, dict) else "?"
    told = f"Zalo nhận mã bot: {name}; {bot.mode}"
    if bot.mode == "polling":
        told += ": tin đang tới lúc máy tắt đột ngột sẽ mất"
        if not settings.web.public_url.startswith("https://"):
            told += "; ảnh, tệp gửi đi chỉ được nêu tên, vì Zalo tải chúng từ trang của xã mà web.public_url còn trống"
        return look(BOT, told, "có tên miền thì đặt web.public_url là địa chỉ https của trang, đổi sang webhook")
    return well(BOT, told)


async def _oa(settings: Config, now: datetime) -> Finding:
    if not settings.zalo_oa.is_on:
        return well(OA, "tắt, vì chưa có MOTCUA_ZALO_OA__APP_ID")
    try:
        tokens = await _tokens(settings)
    except StorageError as error:
        return broken(OA, f"không đọc được mã trong cơ sở dữ liệu: {error}", "xem dòng cơ sở dữ liệu")
    if tokens is None:
        return look(OA, "chưa lấy mã truy cập lần nào", "chạy motcua run rồi khám lại")
    if tokens.lost_at:
        return broken(OA, f"mất quyền từ {tokens.lost_at:%H:%M %d/%m/%Y}", RUNBOOK)
    if tokens.expires_at is None or tokens.expires_at <= now:
        return look(OA, "mã truy cập hết hạn và chưa được làm mới", f"chạy motcua run; không qua thì {RUNBOOK}")
    return well(OA, f"mã truy cập còn dùng đến {tokens.expires_at:%H:%M %d/%m/%Y}, tự làm mới trước đó")


async def _tokens(settings: Config) -> zalo_tokens.Tokens | None:
    path = inspection.sqlite_file(settings.database.url)
    if path and not path.exists():
        return None
    database = Database.open(settings.database.url)
    try:
        async with database.transaction() as transaction:
            return await zalo_tokens.load(transaction, settings.zalo_oa.app_id)
    finally:
        await database.close()
