"""The doctor on Telegram."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.doctor import telegram
from bot.doctor.findings import Finding
from bot.settings import Config
from tests.bot.doctor.looking import BROKEN, LOOK, WELL, now, one
from tests.conftest import NOW
from tests.doubles import TOKEN, FakeTelegram


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


def at(fake_url: str, settings: Config, *, mode: str = "polling", token: str = TOKEN) -> Config:
    return replace(settings, telegram=replace(settings.telegram, token=token, api_url=fake_url, mode=mode))


async def asked(settings: Config) -> list[Finding]:
    found = await telegram.examine(settings, now=now)
    assert TOKEN not in str(found)
    return found


async def test_without_a_token_telegram_is_off(settings: Config) -> None:
    assert "tắt" in one(await asked(settings), "kênh Telegram").told


async def test_a_token_that_telegram_knows_is_well(settings: Config, fake: FakeTelegram) -> None:
    fake.date = format_datetime(NOW)
    found = await asked(at(fake.url, settings))
    assert [finding.verdict for finding in found] == [WELL, WELL, WELL]
    assert "@motcua_thu_bot" in found[0].told


async def test_a_token_that_telegram_refuses_is_told(settings: Config, fake: FakeTelegram) -> None:
    refused = one(
        await asked(at(fake.url, settings, token="7000000002:AAH-khong-phai-ma-that_abcdefghij")), "kênh Telegram"
    )
    assert (refused.verdict, "MOTCUA_TELEGRAM__TOKEN" in refused.remedy) == (BROKEN, True)


@pytest.mark.parametrize("trouble", ["away", "gateway", "nonsense"])
async def test_a_telegram_that_cannot_be_asked_is_told(settings: Config, fake: FakeTelegram, trouble: str) -> None:
    url = "http://127.0.0.1:9" if trouble == "away" else "không phải địa chỉ" if trouble == "nonsense" else fake.url
    fake.fail("getMe", 502, "Bad Gateway")
    found = await asked(at(url, settings))
    assert (found[0].verdict, "không hỏi được" in found[0].told) == (BROKEN, True)


async def test_a_webhook_that_does_not_fit_the_settings_is_told(settings: Config, fake: FakeTelegram) -> None:
    assert one(await asked(at(fake.url, settings, mode="webhook")), "kênh Telegram: cách nhận tin").verdict is LOOK
    fake.webhook = {"url": "https://tro-ly.xa/webhook/telegram"}
    assert one(await asked(at(fake.url, settings)), "kênh Telegram: cách nhận tin").verdict is LOOK
    right = one(await asked(at(fake.url, settings, mode="webhook")), "kênh Telegram: cách nhận tin")
    assert right.verdict is WELL
    fake.webhook["last_error_message"] = "Connection timed out"
    failing = one(await asked(at(fake.url, settings, mode="webhook")), "kênh Telegram: cách nhận tin")
    assert (failing.verdict, "Connection timed out" in failing.told) == (LOOK, True)


@pytest.mark.parametrize(("minutes", "told"), [(-5, "chậm"), (5, "nhanh")])
async def test_a_clock_apart_from_telegrams_is_told(
    settings: Config, fake: FakeTelegram, minutes: int, told: str
) -> None:
    fake.date = format_datetime(NOW - timedelta(minutes=minutes))
    found = one(await asked(at(fake.url, settings)), "đồng hồ")
    assert (found.verdict, told in found.told) == (BROKEN, True)
