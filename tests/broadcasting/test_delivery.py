"""Everybody gets an announcement once, in time, or there is an outcome that says why not."""

import asyncio
from datetime import datetime

import pytest

from bot.broadcasting import delivery
from bot.clock import ZONE
from bot.messages import DeliveryOutcome
from bot.storage import people
from bot.storage.announcements import State
from tests.broadcasting.shared import DAY, FAILED, GONE, HOUR, MINUTE, REFUSED, UNCERTAIN, Commune, Post, refusal

PEOPLE = [str(number) for number in range(1, 41)]


async def test_everybody_gets_it_once(commune: Commune, post: Post) -> None:
    await commune.subscribe(PEOPLE)
    number = await commune.announce()
    assert await commune.send_all({"telegram": post}, number) == {"delivered": 40}
    assert set(post.arrived) == set(PEOPLE)
    assert set(post.arrived.values()) == {1}
    assert post.texts[0].startswith("**Lịch tiêm chủng**\nMời bà con đến **trạm y tế**.\n\n")
    assert "nhắn DỪNG" in post.texts[0]
    assert 1 < post.most_at_once <= delivery.MOST_IN_FLIGHT


@pytest.mark.parametrize(
    ("faults", "urgent", "outcome", "tries"),
    [
        ([GONE], "", "gone", 1),
        ([REFUSED], "", "refused", 1),
        ([UNCERTAIN], "", "uncertain", 1),
        ([UNCERTAIN], "bão số 9", "delivered", 2),
        ([ValueError("lỗi của ta")], "", "uncertain", 1),
        ([TimeoutError()], "", "uncertain", 1),
        ([FAILED, FAILED, FAILED], "", "delivered", 4),
        ([FAILED] * 6, "", "failed", 6),
        ([refusal(DeliveryOutcome.FAILED, retry_after=90.0)], "", "delivered", 2),
        ([UNCERTAIN] * 6, "bão số 9", "uncertain", 6),
    ],
    ids=str,
)
async def test_an_outcome_for_every_fault(
    commune: Commune, post: Post, faults: list[Exception], urgent: str, outcome: str, tries: int
) -> None:
    await commune.subscribe(["lan", "minh"])
    post.wrong["lan"] = list(faults)
    number = await commune.announce(urgent=urgent)
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: commune.is_in(number, State.FINISHED), step=MINUTE)
    expected = {"delivered": 2} if outcome == "delivered" else {"delivered": 1, outcome: 1}
    assert await commune.counts(number) == expected
    assert (post.tried.count("lan"), post.tried.count("minh")) == (tries, 1)


async def test_who_has_blocked_us_is_not_tried_again_next_time(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan", "minh"])
    post.wrong["lan"] = [GONE]
    await commune.send_all({"telegram": post}, await commune.announce())
    commune.clock.passes(DAY)
    number = await commune.announce()
    assert await commune.send_all({"telegram": post}, number) == {"delivered": 1, "gone": 1}
    assert post.tried.count("lan") == 1


async def test_a_chat_that_has_moved_is_followed(commune: Commune, post: Post) -> None:
    await commune.subscribe(["-5"])
    post.wrong["-5"] = [refusal(DeliveryOutcome.FAILED, moved_to="-1005")]
    assert await commune.send_all({"telegram": post}, await commune.announce()) == {"delivered": 1}
    assert post.tried == ["-5", "-1005"]
    async with commune.database.transaction() as transaction:
        assert await people.find(transaction, "telegram", "-5") is None


async def test_a_channel_that_is_not_there_is_told_not_waited_for(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan"], channel="zalo_oa")
    await commune.subscribe(["minh"])
    number = await commune.announce()
    assert await commune.send_all({"telegram": post}, number) == {"delivered": 1, "skipped": 1}


async def test_nobody_gets_two_ordinary_announcements_a_day(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan", "minh"], topics=("su-kien",))
    await commune.subscribe(["hoa"], topics=("khan-cap",))
    first = await commune.announce(topics=("su-kien",))
    await commune.send_all({"telegram": post}, first)
    urgent = await commune.announce(topics=("su-kien",), urgent="vỡ đê")
    assert await commune.send_all({"telegram": post}, urgent) == {"delivered": 2}, "urgent ones are not counted"
    second = await commune.announce(topics=())
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: post.arrived["hoa"])
        await at_work.tick()
        assert await commune.counts(second) == {"delivered": 1, "pending": 2}
        await at_work.until(lambda: commune.clock.now >= datetime(2026, 11, 24, 5, 30, tzinfo=ZONE), step=HOUR)
        assert await commune.counts(second) == {"delivered": 1, "pending": 2}, "not in the quiet hours"
        await at_work.until(lambda: commune.is_in(second, State.FINISHED), step=10 * MINUTE)
    assert await commune.counts(second) == {"delivered": 3}
    assert post.arrived["lan"] == 3


async def test_two_sent_at_the_same_time_go_on_two_days(commune: Commune, post: Post) -> None:
    await commune.subscribe(PEOPLE)
    numbers = [await commune.announce(), await commune.announce()]
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: commune.is_in(numbers[0], State.FINISHED))
        assert set(post.arrived.values()) == {1}
        await at_work.until(lambda: commune.is_in(numbers[1], State.FINISHED), step=HOUR)
    assert set(post.arrived.values()) == {2}


async def test_ordinary_ones_rest_at_night_and_urgent_ones_do_not(commune: Commune, post: Post) -> None:
    await commune.subscribe(PEOPLE)
    commune.clock.now = datetime(2026, 11, 23, 20, 59, tzinfo=ZONE)
    number = await commune.announce()
    post.gate = asyncio.Event()
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: len(post.tried) == delivery.MOST_IN_FLIGHT)
        commune.clock.now = datetime(2026, 11, 23, 21, 0, tzinfo=ZONE)
        post.gate.set()
        await at_work.until(lambda: len(post.arrived) == delivery.MOST_IN_FLIGHT)
        urgent = await commune.announce(urgent="vỡ đê")
        await at_work.until(lambda: commune.is_in(urgent, State.FINISHED), step=MINUTE)
        assert await commune.counts(number) == {"delivered": 8, "pending": 32}
        await at_work.until(lambda: commune.is_in(number, State.FINISHED), step=30 * MINUTE)
    assert commune.clock.now >= datetime(2026, 11, 24, 6, 30, tzinfo=ZONE)
    assert set(post.arrived.values()) == {2}


async def test_a_correction_goes_to_who_received(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan", "minh", "hoa"])
    post.wrong = {"lan": [UNCERTAIN], "minh": [REFUSED]}
    wrong = await commune.announce()
    await commune.send_all({"telegram": post}, wrong)
    await commune.subscribe(["mai"])
    number = await commune.announce(title="Giờ đúng", corrects=wrong)
    assert await commune.send_all({"telegram": post}, number) == {"delivered": 2}
    assert sorted(post.arrived) == ["hoa", "lan"], "the same day, and nobody new"
    assert "**Giờ đúng**\nĐính chính thông báo “Lịch tiêm chủng” ngày 23/11/2026." in post.texts[-1]
