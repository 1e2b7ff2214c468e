"""What a message of the Official Account costs is known before it leaves."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.messages import DeliveryError, DeliveryOutcome, Enclosure, Reply
from bot.storage import zalo_tables
from handlers.services import Services
from tests import samples
from tests.channels.shared import FlyingTime, rows
from tests.channels.zalo import NOW_MS, PAPERS, OaDesk, oa_at_work, with_oa
from tests.conftest import NOW
from tests.doubles_zalo import FakeOa, Follower


async def windows(desk: OaDesk) -> list[tuple[Any, int]]:
    return [(row["heard_at"], row["replies_used"]) for row in await rows(desk.services, zalo_tables.zalo_windows)]


async def test_replies_are_counted_and_a_new_message_opens_the_window_anew(desk: OaDesk, lan: Follower) -> None:
    await lan.say(PAPERS)
    await desk.idles()
    assert await windows(desk) == [(NOW, 2)]
    await desk.work.channel.send(lan.id, [Reply("một"), Reply("hai")])
    assert await windows(desk) == [(NOW, 4)]


async def test_a_late_event_does_not_open_a_window_it_would_not_have(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    await lan.say("xin chào")
    await desk.idles()
    (before,) = await windows(desk)
    old = {**lan.event("text", {"text": "xin chào"}), "timestamp": str(NOW_MS - 7_200_000)}
    await zalo.push(old, retry=4)
    await desk.idles()
    assert await windows(desk) == [(NOW, before[1] + 1)]


async def test_the_ninth_message_is_not_sent_unless_it_may_cost_money(
    services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower
) -> None:
    async with oa_at_work(with_oa(services, zalo.url), zalo) as desk:
        await lan.say("/start")
        await desk.idles()
        await desk.work.channel.send(lan.id, [Reply(str(n)) for n in range(7)])
        with pytest.raises(DeliveryError, match=r"zalo_oa\.paid đang tắt") as error:
            await desk.work.channel.send(lan.id, [Reply("chín")])
    assert error.value.outcome is DeliveryOutcome.SKIPPED
    assert len(lan.seen) == 8
    async with oa_at_work(with_oa(services, zalo.url, paid=True), zalo) as desk:
        await desk.work.channel.send(lan.id, [Reply("chín")])
    assert lan.seen[-1].text == "chín"


async def test_after_a_week_only_an_approved_template_reaches_somebody(
    services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower
) -> None:
    async with oa_at_work(with_oa(services, zalo.url), zalo) as desk:
        await lan.say("/start")
        await desk.idles()
    later = replace(services, now=lambda: NOW + timedelta(days=8))
    form = Enclosure(await services.files.keep(samples.pdf(), name="mau.pdf"))
    notice = [Reply("**Lịch tiêm chủng**: " + "thôn An Xá " * 40, files=(form,)), Reply("hai")]
    async with oa_at_work(with_oa(later, zalo.url, paid=True), zalo) as desk:
        with pytest.raises(DeliveryError, match="template_id còn trống"):
            await desk.work.channel.send(lan.id, notice)
        with pytest.raises(DeliveryError, match="template_id còn trống"):
            await desk.work.channel.send("chưa nhắn bao giờ", notice)
    async with oa_at_work(with_oa(later, zalo.url, template_id="7895417"), zalo) as desk:
        await desk.work.channel.send(lan.id, notice)
    (sent,) = zalo.templates
    assert (sent["user_id"], sent["template_id"]) == (lan.id, "7895417")
    assert sent["template_data"]["noi_dung"].startswith("Lịch tiêm chủng: thôn")
    assert "…\nKèm theo mau.pdf: xin xem tại trụ sở UBND" in sent["template_data"]["noi_dung"]
    assert len(sent["template_data"]["noi_dung"]) <= 200
    assert len(lan.seen) == 1
