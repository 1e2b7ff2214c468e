"""What the tests of both Zalo channels use: settings for our own Zalo, the channels at work and called from outside."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx

from bot.channels.web.app import create_app
from bot.channels.zalo_bot import service as zalo_bot
from bot.channels.zalo_bot.service import WEBHOOK_PATH as BOT_PATH
from bot.channels.zalo_bot.service import ZaloBotChannel
from bot.channels.zalo_oa import service as zalo_oa
from bot.channels.zalo_oa.service import WEBHOOK_PATH as OA_PATH
from bot.channels.zalo_oa.service import ZaloOaChannel
from bot.settings import ZaloBot, ZaloOa
from handlers.services import Services
from tests.channels.shared import AtWork
from tests.conftest import NOW
from tests.doubles_zalo import APP_ID, APP_SECRET, FIRST_REFRESH, OA_SECRET, FakeOa, Follower
from tests.doubles_zalo_bot import BOT_SECRET, BOT_TOKEN, BotFriend, FakeBotPlatform
from tests.serving import served

NOW_MS = int(NOW.timestamp() * 1000)
SITE = "https://tro-ly.xa"
PAPERS, PAPERS_CARD = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"


def texts(person: Follower | BotFriend) -> str:
    """Return all that somebody was told."""
    return "\n".join(message.text for message in person.seen)


async def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a body to a webhook, as anybody can; return the status."""
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.post(url, content=body, headers=encoded)).status_code


def oa_settings(url: str) -> ZaloOa:
    """Return settings that point at our own OpenAPI."""
    return ZaloOa(
        app_id=APP_ID,
        secret=APP_SECRET,
        oa_secret=OA_SECRET,
        refresh_token=FIRST_REFRESH,
        api_url=url,
        oauth_url=url,
        template_url=url,
    )


def with_oa(services: Services, url: str, **more: object) -> Services:
    """Return services whose settings point at our own OpenAPI."""
    settings = replace(oa_settings(url), **more)  # type: ignore[arg-type]
    return replace(services, config=replace(services.config, zalo_oa=settings))


def with_bot(services: Services, url: str, **more: object) -> Services:
    """Return services whose settings point at our own Bot Platform, and whose page Zalo reaches."""
    settings = replace(ZaloBot(token=BOT_TOKEN, secret=BOT_SECRET, api_url=url), **more)  # type: ignore[arg-type]
    web = replace(services.config.web, public_url=SITE)
    return replace(services, config=replace(services.config, zalo_bot=settings, web=web))


@dataclass
class OaDesk:
    """The Official Account at work, its webhook open to our own Zalo."""

    services: Services
    zalo: FakeOa
    work: AtWork[ZaloOaChannel]

    async def idles(self) -> int:
        """Wait until every event kept so far is acted on; return how many are in quarantine."""
        return await self.work.idles()


@asynccontextmanager
async def oa_at_work(services: Services, zalo: FakeOa) -> AsyncIterator[OaDesk]:
    channel = ZaloOaChannel(services)
    async with (
        served(create_app(services, routes=[*channel.routes, *zalo_oa.links(services).routes])) as url,
        AtWork(services, channel, "zalo_oa") as work,
    ):
        zalo.webhook = url + OA_PATH
        yield OaDesk(services, zalo, work)


@dataclass
class BotDesk:
    """The bot at work."""

    services: Services
    zalo: FakeBotPlatform
    work: AtWork[ZaloBotChannel]

    async def answered(self) -> int:
        """Wait until everything sent so far is fetched and acted on; return how many are in quarantine."""
        await self.zalo.until(lambda: self.zalo.is_taken)
        return await self.work.idles()


@asynccontextmanager
async def bot_at_work(services: Services, zalo: FakeBotPlatform) -> AsyncIterator[BotDesk]:
    channel = ZaloBotChannel(services)
    async with (
        served(create_app(services, routes=[*channel.routes, *zalo_bot.links(services).routes])) as url,
        AtWork(services, channel, "zalo_bot") as work,
    ):
        zalo.webhook, zalo.site = url + BOT_PATH, url
        yield BotDesk(services, zalo, work)
