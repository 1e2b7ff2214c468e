"""How a channel that is called fares with its webhook: what its platform told, and how long nothing came."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.health import Answer, ChannelHealth
from bot.settings import Config, Telegram, ZaloBot, ZaloOa
from bot.storage import channel_health
from bot.storage.channel_health import Vitals
from bot.storage.database import Database
from bot.watchdog import hearing, pulse
from bot.watchdog.hearing import NOBODY_TELLS
from bot.watchdog.judging import Condition, State
from tests.conftest import NOW


def on(settings: Config, mode: str) -> Config:
    return replace(
        settings,
        telegram=Telegram(token="1:a", mode=mode),
        zalo_bot=ZaloBot(token="1:b", mode=mode),
        zalo_oa=ZaloOa(app_id="1"),
    )


def row(channel: str, **values: object) -> State:
    return State(channel, Condition.WELL, vitals=replace(Vitals(channel, NOW), **values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("channel", "values", "webhook"),
    [
        ("telegram", {"webhook": True}, "ok"),
        ("telegram", {"webhook": False}, "failing"),
        ("telegram", {"webhook": None}, "unknown"),
        ("telegram", {"webhook": True, "seen_at": NOW - timedelta(minutes=5)}, "unknown"),
        ("zalo_bot", {"webhook": True}, "ok"),
        ("zalo_oa", {"webhook": None, "last_update": NOW}, "unknown"),
    ],
)
def test_a_webhook_is_what_its_platform_told_lately(
    settings: Config, channel: str, values: dict[str, object], webhook: str
) -> None:
    heard = hearing.of(row(channel, **values), on(settings, "webhook"), now=NOW)
    assert heard
    assert heard.webhook == webhook
    assert (heard.told == NOBODY_TELLS) is (channel == "zalo_oa")


def test_only_what_is_called_has_a_webhook(settings: Config) -> None:
    channels = ("web", "telegram", "zalo_bot", "zalo_oa")

    def called(config: Config) -> list[str]:
        return [name for name in channels if hearing.of(State(name, Condition.UNSEEN), config, now=NOW)]

    assert called(settings) == []
    assert called(on(settings, "polling")) == ["zalo_oa"]
    assert called(on(settings, "webhook")) == ["telegram", "zalo_bot", "zalo_oa"]


@pytest.mark.parametrize(
    ("channel", "last", "remark"),
    [
        ("zalo_oa", None, ""),
        ("zalo_oa", NOW - timedelta(days=6, hours=23), ""),
        ("zalo_oa", NOW - timedelta(days=7), "đã 7 ngày không nhận được tin nào: xem webhook trong trang của Zalo"),
        ("zalo_bot", NOW - timedelta(days=9, hours=5), "đã 9 ngày không nhận được tin nào: nhắn thử một tin"),
    ],
)
def test_a_long_silence_is_remarked(settings: Config, channel: str, last: datetime | None, remark: str) -> None:
    heard = hearing.of(row(channel, last_update=last), on(settings, "webhook"), now=NOW)
    assert heard
    assert heard.remark.startswith(remark)
    assert bool(heard.remark) is bool(remark)


async def test_what_a_platform_tells_reaches_the_other_processes(database: Database) -> None:
    for told in (True, False, None):
        async with database.transaction() as transaction:
            vitals = pulse.told(Vitals("telegram", NOW), Answer(webhook=told), ChannelHealth(), now=NOW)
            await channel_health.tell(transaction, vitals)
        async with database.transaction() as transaction:
            assert (await channel_health.everything(transaction))["telegram"].webhook is told
