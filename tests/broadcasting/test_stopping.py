"""Pausing, cancelling, leaving in the middle; what a crash or a dead line leaves, and what is sent again."""

import asyncio
from datetime import timedelta

import pytest

from bot.broadcasting import approval, delivery
from bot.broadcasting.hold import Hold
from bot.messages import DeliveryOutcome
from bot.storage import people, recipients, subscribers
from bot.storage.announcements import State
from bot.storage.recipients import Due, Settlement, Standing
from tests.broadcasting.shared import DAY, FAILED, HOUR, MINUTE, REFUSED, UNCERTAIN, Commune, Post, refusal
from tests.broadcasting.test_delivery import PEOPLE
from tests.conftest import NOW


async def test_a_pause_holds_and_a_resume_leaves_nobody_out(commune: Commune, post: Post) -> None:
    await commune.subscribe(PEOPLE)
    number = await commune.announce()
    post.gate = asyncio.Event()
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: post.at_once == delivery.MOST_IN_FLIGHT)
        await commune.decide(approval.pause, number)
        post.gate.set()
        await at_work.until(lambda: not post.at_once)
        for _ in range(5):
            await at_work.tick()
        assert await commune.counts(number) == {"delivered": 8, "pending": 32}, "what was under way arrives"
        await commune.decide(approval.resume, number)
        await at_work.until(lambda: commune.is_in(number, State.FINISHED))
    assert set(post.arrived.values()) == {1}
    assert len(post.arrived) == 40


async def test_a_cancel_leaves_the_rest_out_and_says_so(commune: Commune, post: Post) -> None:
    await commune.subscribe(PEOPLE)
    number = await commune.announce()
    post.gate = asyncio.Event()
    post.wrong["1"] = [FAILED]
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: post.at_once == delivery.MOST_IN_FLIGHT)
        assert await commune.decide(approval.cancel, number) == 32
        post.gate.set()

        async def is_settled() -> bool:
            return "pending" not in await commune.counts(number)

        await at_work.until(is_settled)
    assert await commune.counts(number) == {"delivered": 7, "skipped": 33}


async def test_who_stops_meanwhile_gets_nothing_more(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan", "minh", "hoa"], topics=("su-kien", "khan-cap"))
    number = await commune.announce(topics=("su-kien",))
    await commune.tick({"telegram": post})
    async with commune.database.transaction() as transaction:
        lan, minh = [await people.find(transaction, "telegram", who) for who in ("lan", "minh")]
        assert lan
        assert minh
        await subscribers.choose(transaction, lan, (), source="telegram", now=NOW)
        await subscribers.choose(transaction, minh, ("khan-cap",), source="telegram", now=NOW)
    assert await commune.send_all({"telegram": post}, number) == {"delivered": 1, "skipped": 2}
    assert dict(post.arrived) == {"hoa": 1}


async def test_whose_data_is_erased_meanwhile_is_counted_but_not_named(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan", "minh"])
    number = await commune.announce()
    await commune.tick({"telegram": post})
    async with commune.database.transaction() as transaction:
        from sqlalchemy import delete

        from bot.storage.tables import people as table

        await transaction.execute(delete(table).where(table.c.address == "lan"))
    assert await commune.send_all({"telegram": post}, number) == {"delivered": 1, "skipped": 1}
    async with commune.database.transaction() as transaction:
        lines = [line for _, line in await recipients.lines(transaction, number, limit=10)]
    assert sorted((line.address, line.standing) for line in lines) == [("", "skipped"), ("minh", "delivered")]


async def test_what_failed_or_is_uncertain_is_sent_again_only_when_asked(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan", "minh", "hoa"])
    post.wrong = {"lan": [UNCERTAIN], "minh": [REFUSED]}
    number = await commune.announce()
    assert await commune.send_all({"telegram": post}, number) == {"delivered": 1, "uncertain": 1, "refused": 1}
    assert await commune.decide(approval.resume, number, again=[Standing.UNCERTAIN]) == 1
    assert await commune.send_all({"telegram": post}, number) == {"delivered": 2, "refused": 1}
    assert post.tried.count("hoa") == 1


async def test_a_line_that_stays_dead_pauses_after_half_an_hour(commune: Commune, post: Post) -> None:
    await commune.subscribe([str(number) for number in range(200)])
    post.always = FAILED
    number = await commune.announce()
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: commune.is_in(number, State.PAUSED), step=timedelta(seconds=20))
    found = await commune.find(number)
    assert "40 lần gửi liền không được trên telegram" in found.note
    assert timedelta(minutes=20) < commune.clock.now - NOW < timedelta(minutes=45)
    assert await commune.counts(number) == {"pending": 200}
    post.always = None
    await commune.decide(approval.resume, number)
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: commune.is_in(number, State.FINISHED), step=10 * MINUTE)
    assert await commune.counts(number) == {"delivered": 200}


async def test_words_that_everybody_refuses_pause_early(commune: Commune, post: Post) -> None:
    await commune.subscribe([str(number) for number in range(200)])
    post.always = REFUSED
    number = await commune.announce()
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: commune.is_in(number, State.PAUSED))
    assert (await commune.counts(number))["refused"] <= delivery.MOST_ERRORS_IN_A_ROW + delivery.MOST_IN_FLIGHT


async def test_a_stop_finishes_what_is_under_way(commune: Commune, post: Post) -> None:
    await commune.subscribe(PEOPLE)
    number = await commune.announce()
    post.gate = asyncio.Event()
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: post.at_once == delivery.MOST_IN_FLIGHT)
        asyncio.get_running_loop().call_later(0.05, post.gate.set)
    counts = await commune.counts(number)
    assert counts == {"delivered": len(post.arrived), "pending": 40 - len(post.arrived)}
    async with commune.database.transaction() as transaction:
        assert await recipients.reconcile(transaction, now=NOW + DAY) == 0, "nothing is left in flight"


async def claimed(commune: Commune, number: int, *, count: int) -> list[recipients.Claimed]:
    """Take rows as a process that is then killed."""
    async with commune.database.transaction() as transaction:
        due = Due("telegram", NOW, None)
        return await recipients.claim(transaction, number, due, lease_until=NOW + MINUTE, limit=count)


@pytest.mark.parametrize(("urgent", "outcome"), [("", "uncertain"), ("bão", "delivered")])
async def test_what_was_in_flight_in_a_crash(commune: Commune, post: Post, urgent: str, outcome: str) -> None:
    await commune.subscribe(PEOPLE)
    number = await commune.announce(urgent=urgent)
    await commune.tick({"telegram": post})
    assert len(await claimed(commune, number, count=5)) == 5
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: len(post.arrived) == 35)
        await at_work.tick()
        assert await commune.counts(number) == {"delivered": 35, "pending": 5}, "their sender may still be alive"
        commune.clock.passes(2 * MINUTE)
        await at_work.until(lambda: commune.is_in(number, State.FINISHED))
    expected = {"delivered": 40} if outcome == "delivered" else {"delivered": 35, "uncertain": 5}
    assert await commune.counts(number) == expected


async def test_the_word_of_a_slow_sender_wins_unless_somebody_took_over(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan", "minh"])
    number = await commune.announce()
    await commune.tick({"telegram": post})
    lan, minh = await claimed(commune, number, count=2)
    async with commune.database.transaction() as transaction:
        assert await recipients.reconcile(transaction, now=NOW + HOUR) == 2
        await recipients.settle(transaction, [Settlement(lan, Standing.DELIVERED)], now=NOW + HOUR)
    assert await commune.counts(number) == {"delivered": 1, "uncertain": 1}
    await commune.tick({"telegram": post})
    await commune.decide(approval.resume, number, again=[Standing.UNCERTAIN])
    first, again = minh, (await claimed(commune, number, count=2))[0]
    async with commune.database.transaction() as transaction:
        later = Settlement(recipients.Claimed(again.id, number, again.address, again.attempt + 1), Standing.GONE)
        await recipients.settle(transaction, [later], now=NOW)
    assert await commune.counts(number) == {"delivered": 1, "pending": 1}
    assert first.id == again.id


def test_one_chat_told_to_wait_holds_nobody_else_and_two_hold_all() -> None:
    hold, wait = Hold(8), refusal(DeliveryOutcome.FAILED, retry_after=30.0)
    hold.refused(wait, "lan", NOW)
    hold.refused(wait, "lan", NOW)
    assert hold.room(NOW) == 8
    hold.refused(wait, "minh", NOW + timedelta(seconds=10))
    assert (hold.room(NOW + timedelta(seconds=39)), hold.left(NOW)) == (0, timedelta(seconds=40))
    assert hold.room(NOW + timedelta(seconds=40)) == 8
    hold.refused(wait, "hoa", NOW + timedelta(seconds=50))
    assert hold.room(NOW + timedelta(seconds=51)) == 8, "the others' wait was over"


def test_a_line_that_fails_is_tried_more_and_more_slowly() -> None:
    hold, left = Hold(2), []
    for _ in range(12):
        hold.refused(FAILED, "lan", NOW)
        left.append(hold.left(NOW))
    seconds = [None if wait is None else wait.total_seconds() for wait in left]
    assert seconds == [None, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]
    hold.delivered()
    assert hold.room(NOW + MINUTE) == 2


async def test_a_second_sender_takes_other_rows(commune: Commune, post: Post) -> None:
    await commune.subscribe([str(number) for number in range(300)])
    number = await commune.announce()
    other = Post(gate=asyncio.Event())
    post.gate = other.gate
    async with commune.working({"telegram": post}) as one, commune.working({"telegram": other}) as another:
        await one.until(lambda: post.at_once == delivery.MOST_IN_FLIGHT)
        await another.until(lambda: other.at_once == delivery.MOST_IN_FLIGHT)
        assert post.gate
        post.gate.set()
        await one.until(lambda: commune.is_in(number, State.FINISHED))
    assert await commune.counts(number) == {"delivered": 300}
    assert set((post.arrived + other.arrived).values()) == {1}
    assert len(post.arrived + other.arrived) == 300
