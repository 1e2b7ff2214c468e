"""Nothing that Telegram tells is lost, and nobody waits for somebody else."""

from typing import Any

import pytest

from bot.storage import tables
from handlers.services import Services
from tests.channels.shared import Desk, FlyingTime, rows
from tests.channels.telegram.asking import PAPERS, PAPERS_CARD, ask, texts
from tests.doubles import FakeTelegram, Person


async def test_an_update_sent_twice_is_answered_once(desk: Desk, telegram: FakeTelegram, lan: Person) -> None:
    number = lan.say(PAPERS)
    await desk.answered(telegram, number)
    before = len(lan.seen)
    said = {"message_id": 7, "date": 1, "chat": {"id": lan.id, "type": "private"}, "text": PAPERS}
    await desk.answered(telegram, telegram.push({"update_id": number, "message": said}))
    await ask(lan, desk, "cảm ơn")
    assert len(lan.seen) == before + 1


MALFORMED: list[dict[str, Any]] = [
    {"message": {"message_id": "một"}},
    {"message": {"message_id": 1, "date": "hôm nay", "chat": {"id": 1, "type": "private"}, "text": "x"}},
    {"message": [1, 2, 3]},
    {"callback_query": {"id": "1"}},
    {"my_chat_member": {"chat": None}},
]


async def test_a_malformed_update_is_set_aside_and_the_others_are_answered(
    desk: Desk, at_telegram: Services, telegram: FakeTelegram, lan: Person
) -> None:
    pushed = [telegram.push(update) for update in MALFORMED]
    assert PAPERS_CARD in await ask(lan, desk)
    assert await desk.answered(telegram, *pushed) == len(MALFORMED)
    kept = [row for row in await rows(at_telegram, tables.inbox) if row["fault"]]
    assert [row["update_key"] for row in kept] == [str(number) for number in pushed]
    assert all(row["body"] for row in kept), "kept for whoever looks into it"


async def test_half_a_letter_harms_nobody(desk: Desk, telegram: FakeTelegram, lan: Person, minh: Person) -> None:
    broken = lan.say(f"{PAPERS} \ud83d")
    assert PAPERS_CARD in await ask(minh, desk)
    assert await desk.answered(telegram, broken) == 0
    assert PAPERS_CARD in texts(lan)


async def test_one_slow_chat_holds_up_nobody_else(
    desk: Desk, telegram: FakeTelegram, lan: Person, minh: Person
) -> None:
    held = telegram.hold("sendMessage", chat=minh.id)
    slow = minh.say(PAPERS)
    await telegram.until(lambda: telegram.said("sendMessage"))
    lan.say(PAPERS)
    await lan.hears(2)
    assert minh.seen == []
    held.over.set()
    await desk.answered(telegram, slow)
    assert PAPERS_CARD in texts(minh)


async def test_somebody_who_floods_holds_up_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
    at_telegram: Services,
    time: FlyingTime,
    telegram: FakeTelegram,
    lan: Person,
    minh: Person,
) -> None:
    monkeypatch.setattr("bot.channels.intake.MOST_AT_ONCE", 3)
    telegram.hold("sendMessage", chat=minh.id, times=100)
    async with Desk(at_telegram):
        for _ in range(20):
            minh.say(PAPERS)
        await telegram.until(lambda: telegram.said("sendMessage"))
        lan.say(PAPERS)
        await lan.hears(2)
        assert minh.seen == []


async def test_answers_to_one_person_come_in_the_order_of_the_questions(
    desk: Desk, telegram: FakeTelegram, lan: Person
) -> None:
    await ask(lan, desk, "/start")
    telegram.fail("sendMessage", 502, "Bad Gateway", chat=lan.id, times=2)
    await desk.answered(telegram, lan.say(PAPERS), lan.say("/chude"), lan.say("cảm ơn"))
    titles = [message.text.split("\n")[0] for message in lan.seen[1:]]
    assert titles == [PAPERS_CARD, "Ông/bà muốn hỏi về lĩnh vực nào?", "Không có gì ạ. Ông/bà cần hỏi thêm, xin cứ gõ."]


async def test_what_was_kept_before_a_stop_is_answered_after_it(
    at_telegram: Services, time: FlyingTime, telegram: FakeTelegram, lan: Person
) -> None:
    held = telegram.hold("sendMessage")
    async with Desk(at_telegram):
        number = lan.say(PAPERS)
        await telegram.until(lambda: telegram.said("sendMessage") and telegram.is_confirmed(number))
    held.over.set()
    assert lan.seen == []
    async with Desk(at_telegram) as desk:
        await desk.idles()
        assert PAPERS_CARD in texts(lan)
