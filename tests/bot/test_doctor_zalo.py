"""The examination of the Zalo channels: what is told of them, and that no secret is in it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.doctor import channels, zalo
from bot.doctor.findings import Finding, Verdict
from bot.settings import Config, ZaloBot
from bot.storage import channel_health, zalo_tokens
from bot.storage.channel_health import Vitals
from bot.storage.database import Database, upgrade
from bot.storage.zalo_tokens import Tokens
from tests.channels.zalo import oa_settings
from tests.conftest import NOW
from tests.doubles_zalo import APP_ID
from tests.doubles_zalo_bot import BOT_TOKEN, FakeBotPlatform


@pytest.fixture
async def platform() -> AsyncIterator[FakeBotPlatform]:
    async with FakeBotPlatform() as server:
        yield server


async def examined(settings: Config, now: datetime = NOW) -> tuple[Finding, Finding]:
    bot, oa = await zalo.examine(settings, now=lambda: now)
    assert not any(secret in f"{bot} {oa}" for secret in (BOT_TOKEN, "khoa-ung-dung", "khoa-oa", "lam-moi"))
    return bot, oa


def with_bot(settings: Config, url: str, *, mode: str = "webhook", token: str = BOT_TOKEN) -> Config:
    return replace(settings, zalo_bot=ZaloBot(token=token, mode=mode, api_url=url))


async def test_both_are_off_while_nothing_is_set(settings: Config) -> None:
    assert ["tắt" in finding.told for finding in await examined(settings)] == [True, True]


@pytest.mark.parametrize(("mode", "verdict"), [("webhook", Verdict.WELL), ("polling", Verdict.LOOK)])
async def test_a_bot_that_zalo_knows(settings: Config, platform: FakeBotPlatform, mode: str, verdict: Verdict) -> None:
    bot, _ = await examined(with_bot(settings, platform.url, mode=mode))
    assert (bot.verdict, "Bot xã" in bot.told) == (verdict, True)
    assert ("ảnh, tệp gửi đi chỉ được nêu tên" in bot.told) == (mode == "polling"), "no address of ours is set"


async def test_a_bot_that_zalo_refuses_or_that_cannot_be_asked(settings: Config, platform: FakeBotPlatform) -> None:
    refused, _ = await examined(with_bot(settings, platform.url, token="1:sai"))
    assert (refused.verdict, "MOTCUA_ZALO_BOT__TOKEN" in refused.remedy) == (Verdict.BROKEN, True)
    away, _ = await examined(with_bot(settings, "http://127.0.0.1:9"))
    assert (away.verdict, "không hỏi được Zalo" in away.told) == (Verdict.BROKEN, True)
    platform.fail("getMe", 429, f"at /bot{BOT_TOKEN}")
    busy, _ = await examined(with_bot(settings, platform.url))
    assert busy.verdict is Verdict.LOOK


async def test_the_account_is_told_by_its_tokens(settings: Config) -> None:
    on = replace(settings, zalo_oa=oa_settings("http://127.0.0.1:9"))
    assert "chưa lấy mã" in (await examined(on))[1].told, "no database yet"
    upgrade(on.database.url)
    database = Database.open(on.database.url)
    assert "chưa lấy mã" in (await examined(on))[1].told
    async with database.transaction() as transaction:
        await zalo_tokens.begin(transaction, APP_ID, "lam-moi-0", seed="0")
        fresh = Tokens("lam-moi-1", "truy-cap", NOW + timedelta(hours=25), None, None, None)
        await zalo_tokens.renew(transaction, APP_ID, "lam-moi-0", fresh)
    assert (await examined(on))[1].verdict is Verdict.WELL
    assert (await examined(on, NOW + timedelta(hours=26)))[1].verdict is Verdict.LOOK
    async with database.transaction() as transaction:
        await zalo_tokens.drop_answer(transaction, APP_ID, "lam-moi-1", lost_at=NOW)
    await database.close()
    _, lost = await examined(on)
    assert (lost.verdict, "zalo-mat-quyen.md" in lost.remedy) == (Verdict.BROKEN, True)
    assert "mất quyền từ 08:30 23/11/2026" in lost.told


async def test_a_database_without_the_tables_is_told(settings: Config) -> None:
    on = replace(settings, zalo_oa=oa_settings("http://127.0.0.1:9"))
    database = Database.open(on.database.url)
    async with database.transaction():
        pass
    await database.close()
    assert (await examined(on))[1].verdict is Verdict.BROKEN


@pytest.mark.parametrize(
    ("left", "verdict", "told"),
    [
        (1_997, Verdict.WELL, "còn 1.997 trên 2.000 tin (hỏi lúc 08:30 23/11)"),
        (199, Verdict.LOOK, "còn 199 trên 2.000 tin (hỏi lúc 08:30 23/11)"),
        (None, Verdict.WELL, "không rõ (hỏi lúc 08:30 23/11, không có số)"),
    ],
)
async def test_what_is_left_of_the_quota_is_told(
    settings: Config, left: int | None, verdict: Verdict, told: str
) -> None:
    on = replace(settings, zalo_oa=oa_settings("http://127.0.0.1:9"))
    upgrade(on.database.url)
    database = Database.open(on.database.url)
    async with database.transaction() as transaction:
        total = 2_000 if left else None
        await channel_health.tell(transaction, Vitals("zalo_oa", NOW, quota_at=NOW, quota_left=left, quota_total=total))
    await database.close()
    (found,) = await channels.examine(on, now=lambda: NOW)
    assert (found.verdict, found.told.partition("phí: ")[2]) == (verdict, told)
    assert ("trang quản lý OA" in found.remedy) is (verdict is Verdict.LOOK)
