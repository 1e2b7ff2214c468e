"""Zalo is away, refuses, or rejects the token: what is waited out, what is told to whom."""

from dataclasses import replace

import pytest

from bot.channels.zalo_oa import inbound
from bot.messages import DeliveryError, DeliveryOutcome, Reply
from bot.storage import tables
from handlers.services import Services
from tests.channels.shared import FlyingTime, rows
from tests.channels.zalo import PAPERS, PAPERS_CARD, OaDesk, oa_at_work, post, texts, with_oa
from tests.channels.zalo_rules import SIGNATURE_HEADER
from tests.conftest import NOW
from tests.doubles_zalo import APP_SECRET, FIRST_REFRESH, OA_SECRET, FakeOa, Follower


async def test_a_token_that_expires_in_between_is_replaced_and_the_answer_arrives(
    desk: OaDesk, zalo: FakeOa, lan: Follower
) -> None:
    for _ in range(3):
        await lan.say(PAPERS)
        await desk.idles()
        zalo.expire()
    assert texts(lan).count(PAPERS_CARD) == 3
    assert len(zalo.said("refresh")) == 3


@pytest.mark.parametrize("code", [502, 503, 429, 500, 200, -32])
async def test_trouble_at_zalo_is_waited_out(
    desk: OaDesk, zalo: FakeOa, lan: Follower, time: FlyingTime, code: int
) -> None:
    zalo.fail("send", code, "<html>", times=3)
    await lan.say(PAPERS)
    await desk.idles()
    assert texts(lan).count(PAPERS_CARD) == 1
    waited = [seconds for seconds in time.slept if seconds >= 1]
    assert len(waited) == 3
    assert waited == sorted(waited)


async def test_a_reply_waits_for_the_operator_rather_than_being_lost(
    desk: OaDesk, zalo: FakeOa, lan: Follower, time: FlyingTime, caplog: pytest.LogCaptureFixture
) -> None:
    zalo.fail("send", -321, "Out of money", times=2)
    await lan.say(PAPERS)
    await zalo.until(lambda: len(zalo.said("send")) >= 2)
    assert "hết tiền" in desk.services.health.of(inbound.NAME).last_error
    await desk.idles()
    assert PAPERS_CARD in texts(lan)
    assert desk.services.health.of(inbound.NAME).last_error == ""
    assert time.slept.count(300) == 2
    assert "hết tiền (mã -321). Không gửi được cho ai" in caplog.text


async def test_who_left_is_unreachable(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    event = lan.event("text", {"text": PAPERS})
    await lan.leave(unnoticed=True)
    await zalo.push(event)
    await desk.idles()
    (person,) = await rows(desk.services, tables.people)
    assert person["unreachable_since"] == NOW


CODES = [
    (-32, DeliveryOutcome.FAILED, 60),
    (-201, DeliveryOutcome.REFUSED, None),
    (-210, DeliveryOutcome.REFUSED, None),
    (-211, DeliveryOutcome.FAILED, None),
    (-213, DeliveryOutcome.GONE, None),
    (-217, DeliveryOutcome.GONE, None),
    (-218, DeliveryOutcome.SKIPPED, None),
    (-221, DeliveryOutcome.FAILED, None),
    (-224, DeliveryOutcome.FAILED, None),
    (-227, DeliveryOutcome.GONE, None),
    (-230, DeliveryOutcome.SKIPPED, None),
    (-232, DeliveryOutcome.SKIPPED, None),
    (-240, DeliveryOutcome.FAILED, None),
    (-244, DeliveryOutcome.GONE, None),
    (-321, DeliveryOutcome.FAILED, None),
    (-99999, DeliveryOutcome.REFUSED, None),
    (500, DeliveryOutcome.UNCERTAIN, None),
    (502, DeliveryOutcome.UNCERTAIN, None),
    (200, DeliveryOutcome.UNCERTAIN, None),
    (503, DeliveryOutcome.FAILED, 30),
    (429, DeliveryOutcome.FAILED, 30),
]


@pytest.mark.parametrize(("code", "outcome", "retry_after"), CODES)
async def test_a_refusal_is_one_of_the_closed_list(
    desk: OaDesk, zalo: FakeOa, lan: Follower, code: int, outcome: DeliveryOutcome, retry_after: float | None
) -> None:
    await lan.say("xin chào")
    await desk.idles()
    before = len(zalo.said("send"))
    zalo.fail("send", code, "…")
    with pytest.raises(DeliveryError) as error:
        await desk.work.channel.send(lan.id, [Reply("một"), Reply("hai")])
    assert (error.value.outcome, error.value.retry_after) == (outcome, retry_after)
    assert len(zalo.said("send")) == before + 1, "tried once, and the rest not sent"


async def test_quiet_hours_told_by_zalo_end_in_the_morning(
    services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower
) -> None:
    night = replace(services, now=lambda: NOW.replace(hour=23, minute=0))
    async with oa_at_work(with_oa(night, zalo.url), zalo) as desk:
        await lan.say("xin chào")
        await desk.idles()
        zalo.fail("send", -234)
        with pytest.raises(DeliveryError) as error:
            await desk.work.channel.send(lan.id, [Reply("một")])
    assert (error.value.outcome, error.value.retry_after) == (DeliveryOutcome.FAILED, 7 * 3600)


async def test_a_token_rejected_twice_is_not_tried_for_ever(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    await lan.say("xin chào")
    await desk.idles()
    zalo.fail("send", -216, times=2)
    with pytest.raises(DeliveryError, match="Zalo không nhận mã truy cập"):
        await desk.work.channel.send(lan.id, [Reply("một")])


async def test_no_network_never_left(services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower) -> None:
    async with oa_at_work(with_oa(services, zalo.url, api_url="http://127.0.0.1:9"), zalo) as desk:
        await lan.say("xin chào")
        await time.flies(1)
        with pytest.raises(DeliveryError) as error:
            await desk.work.channel.send(lan.id, [Reply("một")])
    assert (error.value.outcome, error.value.retry_after) == (DeliveryOutcome.FAILED, 1.0)


async def test_no_secret_and_no_word_of_a_citizen_is_logged(
    quiet: pytest.LogCaptureFixture, services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower
) -> None:
    for code in (502, -216, -32, -201):
        zalo.fail("send", code, "…")
    zalo.fail("refresh", 502)
    async with oa_at_work(with_oa(services, zalo.url), zalo) as desk:
        for _ in range(4):
            await lan.say(PAPERS)
            await desk.idles()
        await post(zalo.webhook, b"{}", {SIGNATURE_HEADER: "mac=x"})
    ours = [r.getMessage() for r in quiet.records if r.name.startswith(("bot", "handlers", "httpx"))]
    assert ours
    given = {APP_SECRET, OA_SECRET, FIRST_REFRESH, zalo.refresh_token, *zalo.access, PAPERS, lan.id}
    assert [secret for secret in given for line in ours if secret in line] == []
