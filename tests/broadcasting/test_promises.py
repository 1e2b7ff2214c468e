"""What was promised, where it breaks most easily: after DỪNG, around a correction, at resuming."""

import asyncio
from datetime import timedelta

import pytest

from bot.broadcasting import approval, drafting
from bot.broadcasting.approval import NotAllowed
from bot.broadcasting.drafting import CHANNELS, Rules
from bot.messages import DeliveryOutcome
from bot.settings import Unit
from bot.storage import people, recipients, subscribers
from bot.storage.announcements import Draft, State
from bot.storage.recipients import Standing
from bot.texts import Texts
from tests.broadcasting.shared import (
    CALENDAR,
    DAY,
    FAILED,
    MINUTE,
    TOPIC,
    UNCERTAIN,
    Commune,
    Post,
    refusal,
)
from tests.conftest import NOW


async def stops(commune: Commune, who: str, *, keeps: tuple[str, ...] = ()) -> None:
    async with commune.database.transaction() as transaction:
        person = await people.find(transaction, "telegram", who)
        assert person
        await subscribers.choose(transaction, person, keeps, source="telegram", now=commune.clock.now)


async def test_who_stopped_is_not_sent_again_even_by_choice(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan", "minh"])
    post.wrong = {"lan": [UNCERTAIN]}
    number = await commune.announce()
    await commune.send_all({"telegram": post}, number)
    await stops(commune, "lan")
    assert await commune.decide(approval.resume, number, again=[Standing.UNCERTAIN]) == 0
    await commune.send_all({"telegram": post}, number)
    assert dict(post.arrived) == {"minh": 1}


@pytest.mark.parametrize("keeps", [(), ("su-kien",)])
async def test_who_stops_while_their_message_is_on_its_way_gets_no_other_try(
    commune: Commune, post: Post, keeps: tuple[str, ...]
) -> None:
    await commune.subscribe(["lan"])
    post.wrong, post.gate = {"lan": [FAILED]}, asyncio.Event()
    number = await commune.announce()
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: post.at_once == 1)
        await stops(commune, "lan", keeps=keeps)
        post.gate.set()
        await at_work.until(lambda: commune.is_in(number, State.FINISHED), step=timedelta(seconds=1))
    assert dict(post.arrived) == {}
    assert await commune.counts(number) == {"skipped": 1}


async def test_a_correction_waits_until_nobody_gets_the_wrong_one_any_more(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan"])
    first = await commune.announce(title="Tin khác")
    await commune.send_all({"telegram": post}, first)
    await commune.subscribe(["minh"])
    wrong = await commune.announce(title="Sai giờ")  # Lan had her one today: hers waits for tomorrow
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: post.arrived["minh"] == 1)
    right = await commune.announce(title="Đúng giờ", corrects=wrong, approved=False)
    with pytest.raises(NotAllowed, match="còn đang gửi"):
        await commune.approve(right)
    await commune.decide(approval.cancel, wrong)
    await commune.approve(right)
    assert await commune.send_all({"telegram": post}, right) == {"delivered": 1}
    assert dict(post.arrived) == {"lan": 1, "minh": 2}


async def test_what_was_corrected_is_not_sent_again(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan"])
    post.wrong = {"lan": [UNCERTAIN]}
    wrong = await commune.announce()
    await commune.send_all({"telegram": post}, wrong)
    await commune.announce(corrects=wrong)
    with pytest.raises(NotAllowed, match="đã có đính chính"):
        await commune.decide(approval.resume, wrong, again=[Standing.UNCERTAIN])


async def test_resumed_before_its_moment_it_still_waits_for_it(commune: Commune) -> None:
    number = await commune.announce(plan="2026-11-28T08:00")
    due = (await commune.find(number)).due_at
    await commune.decide(approval.pause, number)
    await commune.decide(approval.resume, number)
    assert (await commune.find(number)).due_at == due
    await commune.decide(approval.pause, number)
    commune.clock.passes(7 * DAY)
    await commune.decide(approval.resume, number)
    assert (await commune.find(number)).due_at == commune.clock.now


async def test_what_was_put_off_goes_before_a_daily_one(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan"])
    await commune.announce(title="Bản tin sáng", plan="0 7 * * *")
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: post.arrived["lan"] == 1, step=10 * MINUTE)  # at seven the next working day
        began, once = commune.clock.now, await commune.announce(title="Họp thôn")
        await at_work.until(lambda: commune.is_in(once, State.FINISHED), step=10 * MINUTE)
    assert commune.clock.now - began < DAY, "the daily one does not take its place day after day"
    assert await commune.counts(once) == {"delivered": 1}


async def test_sending_again_leaves_out_a_channel_that_is_off(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan"])
    await commune.subscribe(["zalo-lan"], channel="zalo_bot")
    number = await commune.announce()
    assert await commune.send_all({"telegram": post}, number) == {"delivered": 1, "skipped": 1}
    assert await commune.decide(approval.resume, number, again=[Standing.SKIPPED]) == 0
    assert await commune.send_all({"telegram": post}, number) == {"delivered": 1, "skipped": 1}


def test_urgent_takes_a_reason() -> None:
    rules = Rules({TOPIC: "Khẩn cấp"}, (), CHANNELS, Texts.load(Unit()), CALENDAR)
    draft = Draft(title="Bão", body="Bão", author="an", urgent=" ", plan="now")
    assert "gửi khẩn cấp cần ghi lý do" in drafting.faults(draft, rules, now=NOW)


@pytest.mark.parametrize("outcome", [DeliveryOutcome.GONE, DeliveryOutcome.SKIPPED])
async def test_many_who_blocked_us_or_whose_window_is_shut_pause_nothing(
    commune: Commune, post: Post, outcome: DeliveryOutcome
) -> None:
    await commune.subscribe([str(number) for number in range(60)])
    post.always = refusal(outcome)
    number = await commune.announce()
    assert await commune.send_all({"telegram": post}, number) == {outcome: 60}


async def test_who_was_skipped_for_a_shut_window_may_be_sent_to_later(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan"])
    post.wrong = {"lan": [refusal(DeliveryOutcome.SKIPPED)]}
    number = await commune.announce()
    assert await commune.send_all({"telegram": post}, number) == {"skipped": 1}
    assert await commune.decide(approval.resume, number, again=[Standing.SKIPPED]) == 1
    assert await commune.send_all({"telegram": post}, number) == {"delivered": 1}


async def test_a_chat_that_moved_to_where_somebody_is_known_goes_on_there(commune: Commune, post: Post) -> None:
    await commune.subscribe(["cu"])
    async with commune.database.transaction() as transaction:
        await people.recognise(transaction, "telegram", "moi", now=NOW)
    post.wrong = {"cu": [refusal(DeliveryOutcome.FAILED, moved_to="moi")] * 9}
    first = await commune.announce()
    assert await commune.send_all({"telegram": post}, first) == {"delivered": 1}
    commune.clock.passes(DAY)
    second = await commune.announce()
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: commune.is_in(second, State.FINISHED), step=MINUTE)
    assert dict(post.arrived) == {"moi": 2}
    async with commune.database.transaction() as transaction:
        assert await recipients.is_over(transaction, second)
