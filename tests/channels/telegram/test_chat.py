"""What a citizen sees on Telegram."""

from dataclasses import replace
from typing import Any

from handlers.lanes import Lanes
from handlers.services import Services
from tests.channels.shared import Desk, FlyingTime
from tests.channels.telegram.asking import PAPERS, PAPERS_CARD, ask
from tests.doubles import FakeTelegram, Person


async def test_a_first_message_is_answered_after_the_notice(desk: Desk, lan: Person) -> None:
    assert PAPERS_CARD in await ask(lan, desk)
    assert "che số giấy tờ" in lan.seen[0].text
    await ask(lan, desk)
    assert len(lan.seen) == 3


async def test_the_commands_menu_is_filled_for_every_language(desk: Desk, telegram: FakeTelegram, lan: Person) -> None:
    await ask(lan, desk)
    everywhere, vietnamese = telegram.said("setMyCommands")
    assert vietnamese["language_code"] == "vi"
    assert {"start", "chude", "huy"} <= {command["command"] for command in everywhere["commands"]}


async def test_browsing_changes_the_message_instead_of_adding_more(
    desk: Desk, telegram: FakeTelegram, lan: Person
) -> None:
    await ask(lan, desk, "/chude")
    count, menu = len(lan.seen), lan.seen[-1]
    await desk.answered(telegram, lan.press("f:ho-tich:0"))
    assert (len(lan.seen), menu.edits) == (count, 1)
    assert "chọn một việc" in menu.text
    await desk.answered(telegram, lan.press("f:ho-tich:0"))
    assert (len(lan.seen), menu.edits) == (count, 1), "nothing changed, so nothing new is said"


async def test_a_message_too_old_to_change_is_followed_by_a_new_one(
    desk: Desk, telegram: FakeTelegram, lan: Person
) -> None:
    await ask(lan, desk, "/chude")
    telegram.fail("editMessageText", 400, "Bad Request: message can't be edited")
    await desk.answered(telegram, lan.press("f:ho-tich:0"))
    assert "chọn một việc" in lan.seen[-1].text
    assert lan.seen[-1].edits == 0


async def test_every_press_is_acknowledged_and_answered_even_too_late(
    desk: Desk, telegram: FakeTelegram, lan: Person
) -> None:
    await ask(lan, desk)
    telegram.fail("answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired")
    for _ in range(2):
        await desk.answered(telegram, lan.press("e:ket-hon:fee"))
        assert "Đăng ký kết hôn: lệ phí" in lan.seen[-1].text
    assert len(telegram.said("answerCallbackQuery")) == 2


async def test_an_old_button_works_after_a_restart(at_telegram: Services, time: FlyingTime, lan: Person) -> None:
    async with Desk(at_telegram) as desk:
        await ask(lan, desk)
    async with Desk(replace(at_telegram, lanes=Lanes())) as desk:
        await desk.answered(lan.telegram, lan.press(dict(lan.seen[-1].choices)["Lệ phí"]))
        assert "Đăng ký kết hôn: lệ phí" in lan.seen[-1].text
        assert "Đăng ký kết hôn: nộp ở đâu" in await ask(lan, desk, "thế nộp ở đâu")


async def test_groups_channels_and_service_messages_are_left_alone(
    desk: Desk, telegram: FakeTelegram, lan: Person
) -> None:
    group = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group", "title": "Thôn"}, "text": PAPERS}
    own: dict[str, Any] = {"message_id": 2, "date": 1, "chat": {"id": lan.id, "type": "private"}}
    noticed = [
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
        {"pinned_message": {**own, "text": "x"}},
    ]
    pushed = [telegram.push({"message": message}) for message in (group, *({**own, **notice} for notice in noticed))]
    assert await desk.answered(telegram, *pushed) == 0
    assert telegram.said("sendMessage") == []
