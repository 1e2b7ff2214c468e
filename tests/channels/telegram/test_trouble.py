"""Telegram is away, refuses, or is refused."""

import pytest

from bot.channels.telegram.outbound import Outbox
from bot.messages import Choice, DeliveryError, DeliveryOutcome, Reply
from bot.storage import tables
from handlers.services import Services
from tests.channels.shared import Desk, FlyingTime, rows, with_telegram
from tests.channels.telegram.asking import NOWHERE, PAPERS, PAPERS_CARD, ask
from tests.doubles import TOKEN, FakeTelegram, Person


async def test_telegram_may_be_away_when_the_program_starts(
    services: Services, time: FlyingTime, caplog: pytest.LogCaptureFixture
) -> None:
    telegram = FakeTelegram()
    hoa = telegram.person("chị Hoa")
    async with Desk(with_telegram(services, telegram.url)) as desk:
        await time.flies(3)
        async with telegram:
            assert PAPERS_CARD in await ask(hoa, desk)
    assert time.slept[:3] == [1, 2, 4]
    assert "telegram initialize" in caplog.text


async def test_a_stop_while_telegram_is_away_leaves_nothing_open(services: Services, time: FlyingTime) -> None:
    async with Desk(with_telegram(services, NOWHERE)):
        await time.flies(1)


@pytest.mark.parametrize(
    "fault", [(502, "Bad Gateway"), (0, ""), (409, "Conflict: terminated"), (200, "<html>đăng nhập")]
)
async def test_faults_between_polls_are_waited_out(
    desk: Desk, telegram: FakeTelegram, lan: Person, fault: tuple[int, str]
) -> None:
    await ask(lan, desk)
    telegram.fail("getUpdates", *fault, times=3)
    assert "lệ phí" in await ask(lan, desk, "thế lệ phí bao nhiêu")


async def test_a_token_that_telegram_refuses_is_told_and_waited_for(
    at_telegram: Services, time: FlyingTime, telegram: FakeTelegram, lan: Person, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fail("getMe", 401, "Unauthorized", times=2)
    async with Desk(at_telegram) as desk:
        assert PAPERS_CARD in await ask(lan, desk)
    assert "kiểm tra MOTCUA_TELEGRAM__TOKEN" in caplog.text


async def test_somebody_who_blocked_us_is_unreachable_until_they_write_again(
    desk: Desk, at_telegram: Services, telegram: FakeTelegram, lan: Person
) -> None:
    async def unreachable() -> bool:
        (row,) = await rows(at_telegram, tables.people)
        return row["unreachable_since"] is not None

    for unnoticed in (True, False):
        await ask(lan, desk)
        assert not await unreachable()
        number = lan.say(PAPERS)
        lan.block(unnoticed=unnoticed)
        await desk.answered(telegram, number)
        assert await unreachable()
    await ask(lan, desk)
    assert not await unreachable()


@pytest.mark.parametrize(
    ("status", "said", "outcome"),
    [
        (403, "Forbidden: bot was blocked by the user", DeliveryOutcome.GONE),
        (403, "Forbidden: user is deactivated", DeliveryOutcome.GONE),
        (403, "Forbidden: bot can't initiate conversation with a user", DeliveryOutcome.GONE),
        (400, "Bad Request: chat not found", DeliveryOutcome.GONE),
        (400, "Bad Request: user not found", DeliveryOutcome.GONE),
        (400, "Bad Request: message is too long", DeliveryOutcome.REFUSED),
        (400, "Bad Request: can't parse entities", DeliveryOutcome.REFUSED),
        (401, "Unauthorized", DeliveryOutcome.FAILED),
    ],
)
async def test_a_refusal_is_one_of_the_closed_list(
    outbox: Outbox, lan: Person, status: int, said: str, outcome: DeliveryOutcome
) -> None:
    lan.telegram.fail("sendMessage", status, said)
    with pytest.raises(DeliveryError) as error:
        await outbox.send(str(lan.id), [Reply("một"), Reply("hai")])
    assert error.value.outcome is outcome
    assert TOKEN not in str(error.value)
    assert len(lan.telegram.said("sendMessage")) == 1, "not asked again, and the rest not sent"


async def test_a_stranger_is_gone(outbox: Outbox) -> None:
    with pytest.raises(DeliveryError) as error:
        await outbox.send("42", [Reply("một")])
    assert error.value.outcome is DeliveryOutcome.GONE


async def test_retry_after_is_obeyed(outbox: Outbox, lan: Person, time: FlyingTime) -> None:
    lan.telegram.fail("sendMessage", 429, "Too Many Requests: retry after 37")
    await outbox.send(str(lan.id), [Reply("một")])
    assert [message.text for message in lan.seen] == ["một"]
    assert 37 in time.slept


@pytest.mark.parametrize("fault", [(502, "Bad Gateway"), (0, ""), (200, "<html>đăng nhập"), (500, "Internal")])
async def test_a_message_is_tried_again_more_and_more_slowly(
    outbox: Outbox, lan: Person, time: FlyingTime, fault: tuple[int, str]
) -> None:
    lan.telegram.fail("sendMessage", *fault, times=4)
    await outbox.send(str(lan.id), [Reply("một")])
    assert [message.text for message in lan.seen] == ["một"]
    assert [seconds for seconds in time.slept if seconds in (1, 2, 4, 8)] == [1, 2, 4, 8]


async def test_a_long_reply_arrives_whole_its_buttons_under_the_last_part(outbox: Outbox, lan: Person) -> None:
    text = "\n".join(f"{number}. **Giấy tờ** & bản sao <{number}>" for number in range(400))
    await outbox.send(str(lan.id), [Reply(text, (Choice("t", "Hỏi thủ tục"),))])
    assert len(lan.seen) > 2
    assert "\n".join(message.text for message in lan.seen) == text.replace("**", "")
    assert [bool(message.choices) for message in lan.seen] == [False] * (len(lan.seen) - 1) + [True]
