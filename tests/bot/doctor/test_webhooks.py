"""The doctor calls our own public address as Zalo would, and hears whether this program answers there."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.web.app import create_app
from bot.channels.zalo_bot.service import ZaloBotChannel
from bot.channels.zalo_oa.service import ZaloOaChannel
from bot.doctor import channels, webhooks
from bot.doctor.findings import Finding, Verdict
from bot.settings import Config
from bot.storage import channel_health, inbox
from bot.storage.channel_health import Vitals
from handlers.services import Services
from tests.bot.doctor.looking import LOOK, WELL, now, one
from tests.channels.zalo import with_bot, with_oa
from tests.conftest import NOW
from tests.serving import served

NOWHERE = "http://127.0.0.1:9"
OA = "kênh Zalo OA: webhook"


@pytest.fixture
def zalo(services: Services) -> Services:
    return with_bot(with_oa(services, NOWHERE), NOWHERE, mode="webhook")


def at(zalo: Services, url: str) -> Config:
    return replace(zalo.config, web=replace(zalo.config.web, public_url=url))


@pytest.fixture
async def site(zalo: Services) -> AsyncIterator[str]:
    """The program at work, both channels' webhooks open."""
    bot, oa = ZaloBotChannel(zalo), ZaloOaChannel(zalo)
    async with served(create_app(zalo, routes=[*bot.routes, *oa.routes])) as url:
        yield url
    await bot.close()
    await oa.close()


async def examined(config: Config) -> list[Finding]:
    found = await webhooks.examine(config)
    assert not any(secret in str(found) for secret in (config.zalo_bot.token, config.zalo_bot.secret))
    return found


async def test_an_address_at_which_this_program_answers_is_well(zalo: Services, site: str) -> None:
    found = await examined(at(zalo, f"{site}/"))
    assert [finding.verdict for finding in found] == [WELL, WELL]
    assert f"{site}/webhook/zalo-oa " in one(found, OA).told
    async with zalo.database.transaction() as transaction:
        assert await inbox.waiting(transaction, "zalo_oa") == [], "nothing was taken in"


async def test_only_what_zalo_calls_is_tried(zalo: Services, site: str) -> None:
    polling = replace(zalo.config.zalo_bot, mode="polling")
    found = await examined(replace(at(zalo, site), zalo_bot=polling))
    assert [finding.what for finding in found] == [OA]


async def test_a_page_without_the_channel_is_told(zalo: Services) -> None:
    async with served(create_app(zalo)) as url:
        found = await examined(at(zalo, url))
    assert [finding.verdict for finding in found] == [LOOK, LOOK]
    assert "trả lời 404" in one(found, OA).told


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (PlainTextResponse("<html>403 Forbidden</html>", 403), "trả lời 403, không phải chương trình này"),
        (PlainTextResponse("Bad Gateway", 502), "trả lời 502"),
        (RedirectResponse("https://tro-ly.xa/webhook/zalo-oa", 301), "trả lời 301"),
        (Response(status_code=200), "trả lời 200"),
    ],
)
async def test_somebody_elses_answer_is_told(zalo: Services, answer: Response, told: str) -> None:
    async def proxy(request: Request) -> Response:
        return answer

    async with served(Starlette(routes=[Route("/{path:path}", proxy, methods=["POST"])])) as url:
        found = one(await examined(at(zalo, url)), OA)
    assert (found.verdict, told in found.told) == (LOOK, True)
    assert f"{url}/healthz" in found.remedy


@pytest.mark.parametrize("url", ["", NOWHERE, "https://[xa"])
async def test_an_address_that_cannot_be_called_is_told(zalo: Services, url: str) -> None:
    found = one(await examined(at(zalo, url)), OA)
    assert found.verdict is LOOK
    assert ("web.public_url còn trống" in found.told) is (url == "")


@pytest.mark.parametrize(("days", "verdict"), [(6, WELL), (8, LOOK)])
async def test_a_long_silence_is_remarked(zalo: Services, days: int, verdict: Verdict) -> None:
    async with zalo.database.transaction() as transaction:
        vitals = Vitals("zalo_oa", NOW, last_update=NOW - timedelta(days=days))
        await channel_health.tell(transaction, vitals)
    found = await channels.examine(zalo.config, now=now)
    account = one(found, "theo dõi kênh: Zalo OA")
    assert account.verdict is verdict
    assert "Zalo không cho biết webhook còn bật hay không" in account.told
    assert ("đã 8 ngày không nhận được tin nào" in account.told) is (days == 8)
    never = one(found, "theo dõi kênh: Zalo Bot")
    assert (never.verdict, "motcua run --only zalo," in never.told) == (LOOK, True)
    assert not any("Trang hỏi đáp" in finding.what for finding in found), "a commune may do without the page"
