"""The Official Account over real HTTP: citizens are answered, nothing is lost, nothing is answered twice."""

import asyncio
from dataclasses import replace
from typing import Any

from bot.channels.zalo_oa import inbound
from bot.storage import tables
from handlers.lanes import Lanes
from handlers.services import Services
from tests.channels.shared import FlyingTime, rows
from tests.channels.zalo import (
    PAPERS,
    PAPERS_CARD,
    OaDesk,
    oa_at_work,
    texts,
    with_oa,
)
from tests.conftest import NOW
from tests.doubles_zalo import FakeOa, Follower


async def test_a_question_is_answered_with_buttons_that_work(desk: OaDesk, lan: Follower) -> None:
    assert await lan.say(PAPERS) == 200
    await desk.idles()
    assert PAPERS_CARD in texts(lan)
    fee = dict(lan.seen[-1].choices)["Lệ phí"]
    assert fee == "Lệ phí #OPT:e:ket-hon:fee"
    await lan.say(fee)
    await desk.idles()
    assert "Đăng ký kết hôn: lệ phí" in lan.seen[-1].text


async def test_who_follows_is_greeted_and_who_leaves_is_unreachable(desk: OaDesk, lan: Follower) -> None:
    assert await lan.follow() == 200
    await desk.idles()
    assert "trợ lý tự động của UBND xã" in texts(lan)
    assert await lan.leave() == 200
    await desk.idles()
    (person,) = await rows(desk.services, tables.people)
    assert person["unreachable_since"] == NOW
    await lan.say("xin chào")
    await desk.idles()
    (person,) = await rows(desk.services, tables.people)
    assert person["unreachable_since"] is None


async def test_an_old_button_works_after_a_restart(
    services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower
) -> None:
    for text in (PAPERS, f"{inbound.MARK}e:ket-hon:fee"):
        async with oa_at_work(replace(with_oa(services, zalo.url), lanes=Lanes()), zalo) as desk:
            await lan.say(text)
            await desk.idles()
    assert "Đăng ký kết hôn: lệ phí" in lan.seen[-1].text
    assert len(zalo.said("refresh")) == 1


async def test_a_repeated_event_is_answered_once(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    event = lan.event("text", {"text": PAPERS})
    assert [await zalo.push(event, retry=n) for n in range(4)] == [200] * 4
    follow = lan._membership("follow")
    assert [await zalo.push(follow) for _ in range(2)] == [200] * 2
    await desk.idles()
    assert texts(lan).count(PAPERS_CARD) == 1
    assert texts(lan).count("trợ lý tự động của UBND xã Trung Dũng, trả lời") == 1
    assert len(await rows(desk.services, tables.inbox)) == 2


async def test_receipts_and_our_own_messages_are_not_kept(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    event = lan.event("text", {"text": PAPERS})
    for name in ("user_received_message", "user_seen_message", "oa_send_text", "user_send_group_text", ""):
        assert await zalo.push({**event, "event_name": name}) == 200
    assert await rows(desk.services, tables.inbox) == []


MALFORMED: list[dict[str, Any]] = [
    {"sender": None},
    {"sender": {"id": ""}},
    {"sender": {"id": "9" * 65}},
    {"sender": {"id": "có dấu"}},
    {"message": "x"},
    {"message": {"msg_id": "1", "attachments": [3]}, "event_name": "user_send_image"},
    {"message": {"msg_id": "x" * 200, "attachments": "x"}, "event_name": "user_send_location"},
]


async def test_a_malformed_event_is_set_aside_and_the_others_are_answered(
    desk: OaDesk, zalo: FakeOa, lan: Follower
) -> None:
    for change in MALFORMED:
        assert await zalo.push({**lan.event("text", {"text": "x"}), **change}) == 200
    await lan.say(f"{PAPERS} \ud83d")
    assert await desk.idles() == len(MALFORMED)
    assert PAPERS_CARD in texts(lan)


async def test_it_is_acknowledged_before_it_is_answered(
    desk: OaDesk, zalo: FakeOa, lan: Follower, minh: Follower
) -> None:
    held = zalo.hold("send")
    assert await lan.say(PAPERS) == 200
    await zalo.until(lambda: zalo.said("send"))
    assert lan.seen == []
    assert await minh.say(PAPERS) == 200
    await zalo.until(lambda: PAPERS_CARD in texts(minh))
    held.over.set()
    await desk.idles()
    assert PAPERS_CARD in texts(lan)


async def test_what_was_kept_before_a_stop_is_answered_after_it(
    services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower
) -> None:
    held = zalo.hold("send")
    async with oa_at_work(with_oa(services, zalo.url), zalo):
        await lan.say(PAPERS)
        await zalo.until(lambda: zalo.said("send"))
    held.over.set()
    async with oa_at_work(with_oa(services, zalo.url), zalo) as desk:
        await desk.idles()
    assert PAPERS_CARD in texts(lan)


async def test_what_cannot_be_kept_now_is_asked_for_again(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    event = lan.event("text", {"text": PAPERS})
    async with desk.services.database.transaction() as transaction:
        await transaction.run_sync(tables.inbox.drop)
    assert await zalo.push(event) == 503
    async with desk.services.database.transaction() as transaction:
        await transaction.run_sync(tables.inbox.create)
    assert await zalo.push(event, retry=1) == 200


async def test_a_burst_is_kept_whole_and_acknowledged_soon(services: Services, zalo: FakeOa, time: FlyingTime) -> None:
    """A hundred events at once, some repeated; `python -m tests.bench zalo` brings two hundred a second for long."""
    people = [zalo.person() for _ in range(100)]
    zalo.hold("send", times=10_000)
    async with oa_at_work(with_oa(services, zalo.url), zalo) as desk:
        events = [person.event("text", {"text": PAPERS}) for person in people]
        statuses = await asyncio.gather(*(zalo.push(event) for event in events + events[:20]))
        assert statuses == [200] * 120
        assert {row["update_key"] for row in await rows(desk.services, tables.inbox)} == {
            event["message"]["msg_id"] for event in events
        }
