"""The Telegram channel against our own Telegram: what a citizen sees, whatever goes wrong in between."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from telegram import Bot

from bot.channels.telegram import inbound, service
from bot.channels.telegram.outbound import Outbox
from bot.channels.web.app import create_app
from bot.messages import Choice, DeliveryError, DeliveryOutcome, Reply
from bot.storage import tables
from handlers.lanes import Lanes
from handlers.services import Services
from tests.channels.shared import Desk, FlyingTime, rows, with_telegram
from tests.channels.telegram_rules import SECRET_HEADER
from tests.doubles import TOKEN, FakeTelegram, Person

NOWHERE = "http://127.0.0.1:9"
PAPERS, PAPERS_CARD = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"


async def ask(person: Person, desk: Desk, text: str = PAPERS) -> str:
    """Say something, wait until it is acted on, return what the person then sees last."""
    await desk.answered(person.telegram, person.say(text))
    return person.seen[-1].text


def texts(person: Person) -> str:
    return "\n".join(message.text for message in person.seen)


# ---- what a citizen sees


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


# ---- nothing is lost, nobody waits for somebody else


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


# ---- Telegram is away, refuses, or is refused


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


@pytest.fixture
async def outbox(services: Services, telegram: FakeTelegram, time: FlyingTime) -> AsyncIterator[Outbox]:
    async with Bot(TOKEN, base_url=f"{telegram.url}/bot") as bot:
        yield Outbox(bot, services.files, services.texts, rate=25)


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


# ---- secrets and the webhook


async def test_the_token_is_never_logged(
    quiet: pytest.LogCaptureFixture, at_telegram: Services, time: FlyingTime, telegram: FakeTelegram, lan: Person
) -> None:
    telegram.fail("getMe", 401, "Unauthorized")
    for status, said in ((502, "Bad Gateway"), (0, ""), (200, "<html>"), (429, "Too Many Requests: retry after 1")):
        telegram.fail("getUpdates", status, said)
        for method in ("sendMessage", "getFile", "download"):
            telegram.fail(method, status, said)
    async with Desk(at_telegram) as desk:
        telegram.push(MALFORMED[0])
        await ask(lan, desk)
        lan.block(unnoticed=True)
        await desk.answered(telegram, lan.send("photo"), lan.press("t"))
    ours = [record.getMessage() for record in quiet.records if record.name.startswith(("bot", "telegram", "httpx"))]
    assert any("getUpdates" in message for message in ours)
    assert any("getFile" in message for message in ours)
    assert TOKEN.partition(":")[2] not in quiet.text
    assert not any(PAPERS in message for message in ours), "nor what people write"


SITE = "https://tro-ly.xa"


@pytest.fixture
async def called(at_telegram: Services) -> Services:
    """The services when Telegram calls us."""
    config = at_telegram.config
    telegram, web = replace(config.telegram, mode="webhook"), replace(config.web, public_url=SITE)
    return replace(at_telegram, config=replace(config, telegram=telegram, web=web))


@pytest.fixture
async def called_desk(called: Services, time: FlyingTime, telegram: FakeTelegram) -> AsyncIterator[Desk]:
    async with Desk(called) as desk:
        await telegram.until(lambda: telegram.webhook)
        yield desk


@pytest.fixture
async def outside(called: Services, called_desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who reaches our address from outside."""
    app = create_app(called, routes=called_desk.channel.routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as client:
        yield client


async def test_pushed_updates_are_kept_then_answered(
    called: Services, called_desk: Desk, outside: httpx.AsyncClient, telegram: FakeTelegram, lan: Person
) -> None:
    number = lan.say(PAPERS)
    assert await telegram.deliver(outside) == [200]
    assert telegram.is_confirmed(number)
    await called_desk.idles()
    assert PAPERS_CARD in texts(lan)


async def test_the_webhook_is_registered_with_a_secret_that_is_not_the_token(
    called_desk: Desk, telegram: FakeTelegram
) -> None:
    assert telegram.webhook
    assert telegram.webhook["url"] == f"{SITE}{service.WEBHOOK_PATH}"
    assert telegram.webhook["allowed_updates"] == inbound.ALLOWED_UPDATES
    assert len(telegram.webhook["secret_token"]) >= 32
    assert telegram.webhook["secret_token"] not in TOKEN


@pytest.mark.parametrize(
    "headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "sai"}, {SECRET_HEADER: TOKEN}, {SECRET_HEADER: "é"}]
)
async def test_without_the_right_secret_nothing_is_kept(
    called: Services, outside: httpx.AsyncClient, lan: Person, headers: dict[str, str]
) -> None:
    update = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": lan.id, "type": "private"}}}
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    answer = await outside.post(service.WEBHOOK_PATH, json=update, headers=encoded)
    assert answer.status_code == 403
    assert await rows(called, tables.inbox) == []


@pytest.mark.parametrize(
    "body", [b"", b"x", b"[]", b"{}", b'{"update_id": "x"}', b'{"update_id": null}', b"\xff\xfe", b'{"a":' * 9000]
)
async def test_what_is_no_update_is_refused(
    called: Services, called_desk: Desk, outside: httpx.AsyncClient, body: bytes
) -> None:
    answer = await outside.post(service.WEBHOOK_PATH, content=body, headers={SECRET_HEADER: called_desk.channel.secret})
    assert answer.status_code == 400
    assert await rows(called, tables.inbox) == []


async def test_what_cannot_be_kept_now_is_asked_for_again(
    called: Services, called_desk: Desk, outside: httpx.AsyncClient, telegram: FakeTelegram, lan: Person
) -> None:
    lan.say(PAPERS)
    async with called.database.transaction() as transaction:
        await transaction.run_sync(tables.inbox.drop)
    assert await telegram.deliver(outside) == [503]
    async with called.database.transaction() as transaction:
        await transaction.run_sync(tables.inbox.create)
    assert await telegram.deliver(outside) == [200]


async def test_there_is_no_webhook_while_we_poll(at_telegram: Services, desk: Desk) -> None:
    app = create_app(at_telegram, routes=desk.channel.routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as client:
        assert (await client.post(service.WEBHOOK_PATH, json={"update_id": 1})).status_code == 404
