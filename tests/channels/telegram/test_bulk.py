"""Announcements through Telegram: tried once, every end one of the closed list, never before a reply."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.telegram.outbound import Outbox, Pacer
from bot.channels.telegram.service import TelegramChannel
from bot.messages import Choice, DeliveryError, DeliveryOutcome, Reply
from handlers.services import Services
from tests.channels.shared import FlyingTime, with_telegram
from tests.channels.telegram.test_pace import Clockwork, most_within
from tests.doubles import TOKEN, FakeTelegram, Person

DELIVERED, GONE, REFUSED, FAILED, UNCERTAIN, _ = DeliveryOutcome


@pytest.fixture
async def outbox(services: Services, telegram: FakeTelegram, time: FlyingTime) -> AsyncIterator[Outbox]:
    request = HTTPXRequest(read_timeout=0.2)
    async with Bot(TOKEN, base_url=f"{telegram.url}/bot", request=request) as bot:
        yield Outbox(bot, services.files, services.texts, rate=25)


async def ends(outbox: Outbox, person: Person, text: str = "tin") -> DeliveryError | None:
    try:
        await outbox.send_once(str(person.id), [Reply(text)])
    except DeliveryError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("status", "said", "outcome"),
    [
        (403, "Forbidden: bot was blocked by the user", GONE),
        (403, "Forbidden: user is deactivated", GONE),
        (400, "Bad Request: chat not found", GONE),
        (400, "Bad Request: can't parse entities", REFUSED),
        (400, "Bad Request: message is too long", REFUSED),
        (401, "Unauthorized", FAILED),
        (404, "Not Found", FAILED),
        (409, "Conflict: terminated by other getUpdates request", FAILED),
        (429, "Too Many Requests: retry after 37", FAILED),
        (500, "Internal Server Error", FAILED),
        (502, "Bad Gateway", FAILED),
        (503, "<html>", FAILED),
        (200, "<html>đăng nhập vào mạng", UNCERTAIN),
        (0, "", UNCERTAIN),
    ],
)
async def test_every_end_is_one_of_the_list_and_nothing_is_tried_twice(
    outbox: Outbox, lan: Person, status: int, said: str, outcome: DeliveryOutcome
) -> None:
    lan.telegram.fail("sendMessage", status, said)
    error = await ends(outbox, lan)
    assert error
    assert (error.outcome, error.retry_after) == (outcome, 37.0 if status == 429 else None)
    assert len(lan.telegram.said("sendMessage")) == 1
    assert TOKEN not in str(error)
    assert await ends(outbox, lan) is None


async def test_an_answer_that_is_lost_or_late_leaves_it_uncertain(outbox: Outbox, lan: Person) -> None:
    lan.telegram.lose_answer("sendMessage")
    error = await ends(outbox, lan)
    assert error
    assert (error.outcome, len(lan.seen)) == (UNCERTAIN, 1), "it had arrived"
    held = lan.telegram.hold("sendMessage")
    error = await ends(outbox, lan)
    held.over.set()
    assert error
    assert error.outcome is UNCERTAIN
    assert "ReadTimeout" in str(error)


async def test_a_telegram_that_is_away_has_got_nothing(services: Services, time: FlyingTime) -> None:
    channel = TelegramChannel(with_telegram(services, "http://127.0.0.1:9"))
    with pytest.raises(DeliveryError) as error:
        await channel.send("1", [Reply("tin")])
    await channel.close()
    assert error.value.outcome is FAILED
    assert "ConnectError" in str(error.value)


async def test_a_group_that_became_a_supergroup_has_moved(outbox: Outbox, lan: Person) -> None:
    lan.telegram.migrate(lan.id, -1_001_234)
    error = await ends(outbox, lan)
    assert error
    assert (error.outcome, error.moved_to) == (FAILED, "-1001234")


async def test_what_fails_after_a_part_arrived_is_not_begun_again(outbox: Outbox, lan: Person) -> None:
    long = "\n".join(["dòng"] * 1_500)
    lan.telegram.fail("sendMessage", 502, "Bad Gateway")
    error = await ends(outbox, lan, long)
    assert error
    assert error.outcome is FAILED, "nothing had arrived"
    lan.telegram.fail_after(1, "sendMessage", 502, "Bad Gateway")
    error = await ends(outbox, lan, long)
    assert error
    assert (error.outcome, len(lan.seen)) == (UNCERTAIN, 1)


async def test_buttons_stand_under_the_last_part(outbox: Outbox, lan: Person) -> None:
    long = "\n".join(["dòng"] * 1_500)
    await outbox.send_once(str(lan.id), [Reply(long, (Choice("t", "Hỏi"),)), Reply("thêm")])
    assert [bool(message.choices) for message in lan.seen] == [False, True, False]


async def test_the_channel_sends_without_receiving(at_telegram: Services, telegram: FakeTelegram, lan: Person) -> None:
    channel = TelegramChannel(at_telegram)
    await channel.send(str(lan.id), [Reply("**Lịch** tiêm & chủng")])
    await channel.close()
    assert [message.text for message in lan.seen] == ["Lịch tiêm & chủng"]
    assert telegram.said("getMe") == []


# ---- the two lanes


async def leave(rate: int, bulk: int, replies: list[float]) -> tuple[list[float], list[float]]:
    """Return when bulk messages left that were all wanted at once, and how long replies waited that were wanted later.

    Bulk is sent by eight at a time, as the senders do.
    """
    clock, sent, waited = Clockwork(), list[float](), list[float]()
    began, waiting = clock.now, iter(range(bulk))

    async def send() -> None:
        for number in waiting:
            await pacer.wait_in_bulk(f"người {number}")
            sent.append(clock.now - began)

    async def answer(number: int, at: float) -> None:
        await clock.sleep(at)
        wanted = clock.now
        await pacer.wait(f"khách {number}")
        waited.append(clock.now - wanted)

    with pytest.MonkeyPatch.context() as patch:
        clock.rules(patch)
        pacer = Pacer(rate)
        tasks = [asyncio.create_task(send()) for _ in range(8)]
        tasks += [asyncio.create_task(answer(number, at)) for number, at in enumerate(replies)]
        await clock.passes()
        await asyncio.gather(*tasks)
    return sent, waited


@given(st.integers(2, 30), st.lists(st.floats(0, 4), max_size=12))
async def test_a_reply_waits_for_no_announcement(rate: int, replies: list[float]) -> None:
    sent, waited = await leave(rate, 60, replies)
    assert len(sent) == 60
    assert max(waited, default=0) <= (len(replies) + 1) / rate + 1e-6, "only for replies before it, and one slot"
    assert most_within(1, sent) <= rate


async def test_announcements_use_the_whole_rate() -> None:
    sent, _ = await leave(25, 500, [])
    assert sent[-1] == pytest.approx(499 / 25)


async def test_announcements_wait_while_replies_fill_the_rate() -> None:
    sent, waited = await leave(10, 20, [number / 10 for number in range(50)])
    assert max(waited) <= 0.2
    assert sum(moment < 5 for moment in sent) <= 2
    assert len(sent) == 20
