"""Our own public address, called from here as Zalo calls it: whether this program answers there.

Telegram tells itself how its calls fare, which `telegram` reads.
"""

import httpx

from bot import health
from bot.channels.zalo_bot import service as zalo_bot
from bot.channels.zalo_oa import service as zalo_oa
from bot.doctor.findings import Finding, look, well
from bot.settings import Config

PATHS = {"zalo_bot": zalo_bot.WEBHOOK_PATH, "zalo_oa": zalo_oa.WEBHOOK_PATH}
PATIENCE_SECONDS = 5.0
UNSIGNED = 403  # what both channels answer a call that is not Zalo's, with nothing in it; a proxy's has a page
REMEDY = (
    "xem tên miền, máy chủ web đứng trước, motcua run có đang chạy không; có bộ phát mạng không cho máy tự gọi tên "
    "miền của mình, nên thử thêm bằng điện thoại dùng 4G: mở {site}/healthz, phải thấy alive"
)


async def examine(settings: Config) -> list[Finding]:
    """Return what is found at each address that Zalo is to call. Nothing is signed, so nothing is taken in."""
    on = health.called(settings)
    return [await _tried(channel, path, settings.web.public_url) for channel, path in PATHS.items() if channel in on]


async def _tried(channel: str, path: str, public_url: str) -> Finding:
    what, site = f"kênh {health.NAMES[channel]}: webhook", public_url.rstrip("/")
    if not site:
        told = "Zalo cần gọi vào trang của xã, mà web.public_url còn trống nên không thử được"
        return look(what, told, "đặt [web] public_url là địa chỉ https của trang")
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            answer = await client.post(site + path, content=b"{}")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        told = f"gọi thử {site}{path} từ máy này không được ({type(error).__name__})"
        return look(what, told, REMEDY.format(site=site))
    if answer.status_code == UNSIGNED and not answer.content:
        return well(what, f"gọi thử {site}{path} từ máy này: chương trình trả lời")
    told = f"gọi thử {site}{path} từ máy này: nơi ấy trả lời {answer.status_code}, không phải chương trình này"
    return look(what, told, REMEDY.format(site=site))
