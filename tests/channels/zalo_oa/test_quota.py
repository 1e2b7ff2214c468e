"""What is left of the account's messages: asked rarely, read as captured, and no harm when Zalo does not tell."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.zalo_oa.service import ZaloOaChannel
from bot.health import Quota
from bot.messages import DeliveryError
from handlers.services import Services
from tests.broadcasting.shared import Clock
from tests.channels.zalo import with_oa
from tests.channels.zalo_rules import quota
from tests.conftest import NOW
from tests.doubles_zalo import FakeOa, Follower

MINUTE = timedelta(minutes=1)
UNKNOWN = Quota(NOW)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def channel(services: Services, zalo: FakeOa, clock: Clock) -> AsyncIterator[ZaloOaChannel]:
    made = ZaloOaChannel(replace(with_oa(services, zalo.url), now=clock))
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("assets", "known"),
    [
        ([quota()], Quota(NOW, 1_997, 2_000)),
        ([quota("7", "2000")], Quota(NOW, 7, 2_000)),
        ([quota(0), quota(50, 100, quota_type="purchase_quota")], Quota(NOW, 50, 2_100)),
        ([quota(), quota(9, 9, product_type="transaction")], Quota(NOW, 1_997, 2_000)),
        ([], UNKNOWN),
        ([quota(9, 9, product_type="gmf10")], UNKNOWN),
        ({"remain": 450, "total": 1_000, "type": "active"}, UNKNOWN),
        ([{"product_type": "cs"}], UNKNOWN),
        ([quota("nhiều")], UNKNOWN),
        ([quota(-1)], UNKNOWN),
        ([quota(10**12, 10**12)], UNKNOWN),
        (["cs"], UNKNOWN),
        (None, UNKNOWN),
    ],
)
async def test_it_is_read_as_captured_and_is_unknown_otherwise(
    channel: ZaloOaChannel, zalo: FakeOa, assets: Any, known: Quota
) -> None:
    zalo.quotas = assets
    answer = await channel.examine()
    assert (answer.quota, answer.trouble) == (known, "")


async def test_it_is_asked_once_an_hour(channel: ZaloOaChannel, zalo: FakeOa, clock: Clock) -> None:
    told = []
    for _ in range(121):
        told.append((await channel.examine()).quota)
        clock.passes(MINUTE)
    assert [minute for minute, found in enumerate(told) if found] == [0, 60, 120]
    assert len(zalo.said("quota")) == 3


@pytest.mark.parametrize("code", [-224, -240, -201, -99999])
async def test_a_refusal_is_an_unknown_quota_and_no_trouble(channel: ZaloOaChannel, zalo: FakeOa, code: int) -> None:
    zalo.fail("quota", code)
    answer = await channel.examine()
    assert (answer.quota, answer.trouble, answer.is_final) == (UNKNOWN, "", False)
    assert UNKNOWN.said == "không rõ (hỏi lúc 08:30 23/11, không có số)"


@pytest.mark.parametrize("code", [502, 503, 200])
async def test_what_is_known_stands_while_zalo_cannot_be_asked(channel: ZaloOaChannel, zalo: FakeOa, code: int) -> None:
    zalo.fail("quota", code, "<html>")
    answer = await channel.examine()
    assert (answer.quota, answer.trouble) == (None, "")


async def test_zalo_that_does_not_answer_about_it_is_not_waited_for(
    channel: ZaloOaChannel, zalo: FakeOa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo_oa.quota.ASK_SECONDS", 0.05)
    zalo.hold("quota")
    answer = await channel.examine()
    assert (answer.quota, answer.trouble) == (None, "")


async def test_it_is_asked_again_when_a_message_was_refused_for_it(
    channel: ZaloOaChannel, zalo: FakeOa, lan: Follower, clock: Clock
) -> None:
    assert (await channel.examine()).quota == Quota(NOW, 1_997, 2_000)
    zalo.fail("send", -211)
    zalo.quotas = [quota(0)]
    with pytest.raises(DeliveryError):
        await channel.client.send(lan.id, {"text": "a"})
    clock.passes(MINUTE)
    answer = await channel.examine()
    assert answer.quota == Quota(NOW + MINUTE, 0, 2_000)
    assert "hết hạn mức" in answer.trouble
    assert (await channel.examine()).quota is None


def test_little_is_less_than_a_tenth() -> None:
    assert [Quota(NOW, left, 2_000).is_low for left in (0, 199, 200, 2_000)] == [True, True, False, False]
    assert not UNKNOWN.is_low
    assert not Quota(NOW, 0, 0).is_low
    assert Quota(NOW, 1_997, 2_000).said == "còn 1.997 trên 2.000 tin (hỏi lúc 08:30 23/11)"
