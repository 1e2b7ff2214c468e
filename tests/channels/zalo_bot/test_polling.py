"""The Zalo bot over real HTTP: citizens are answered, faults between polls are waited out, nothing is lost."""

from dataclasses import replace
from typing import Any

import pytest

from bot.channels.zalo_bot import inbound
from bot.messages import Choice, Reply
from bot.storage import case_tables
from handlers.lanes import Lanes
from handlers.services import Services
from tests.channels.shared import FlyingTime, rows
from tests.channels.zalo import PAPERS, PAPERS_CARD, BotDesk, bot_at_work, texts, with_bot
from tests.doubles_zalo_bot import BotFriend, FakeBotPlatform
from tests.doubles_zalo_cdn import FakeCdn


async def test_a_question_is_answered_with_numbers_that_work(desk: BotDesk, lan: BotFriend) -> None:
    lan.say(PAPERS)
    await desk.answered()
    assert PAPERS_CARD in texts(lan)
    assert "Ông/bà gõ số để chọn:\n1. " in lan.seen[-1].text
    number = next(line.partition(".")[0] for line in lan.seen[-1].text.split("\n") if line.endswith(". Lệ phí"))
    lan.say(number)
    await desk.answered()
    assert "Đăng ký kết hôn: lệ phí" in lan.seen[-1].text


async def test_it_shows_that_it_is_typing_before_it_answers(
    desk: BotDesk, zalo: FakeBotPlatform, lan: BotFriend
) -> None:
    lan.say(PAPERS)
    await desk.answered()
    sent = [call.method for call in zalo.calls if call.method.startswith("send")]
    assert sent == ["sendChatAction", "sendMessage", "sendMessage"]
    zalo.fail("sendChatAction", 500)
    lan.say(PAPERS)
    await desk.answered()
    assert texts(lan).count(PAPERS_CARD) == 2


async def test_a_long_reply_arrives_whole(desk: BotDesk, lan: BotFriend) -> None:
    text = "\n".join(f"{n}. **Giấy tờ** & bản sao <{n}>" for n in range(300))
    await desk.work.channel.send(lan.id, [Reply(text, (Choice("t", "Hỏi thủ tục"),))])
    assert len(lan.seen) > 2
    assert "\n".join(m.text for m in lan.seen).startswith(text.replace("**", ""))


@pytest.mark.parametrize("field", ["photo_url", "photo"])
async def test_a_picture_is_fetched_and_kept(
    desk: BotDesk, zalo: FakeBotPlatform, cdn: FakeCdn, lan: BotFriend, field: str
) -> None:
    zalo.give(lan.update("image", **{field: "https://f20-zpc.zdn.vn/jpg/81.jpg", "caption": ""}))
    await desk.answered()
    assert "Đã nhận ảnh" in texts(lan)
    assert [given["host"] for given in cdn.said("get")] == ["f20-zpc.zdn.vn"]
    (kept,) = await rows(desk.services, case_tables.attachments)
    assert kept["media_type"] == "image/jpeg"


async def test_groups_and_bots_are_left_alone(desk: BotDesk, zalo: FakeBotPlatform, lan: BotFriend) -> None:
    zalo.give(lan.update("text", text=PAPERS, chat={"id": "g1", "chat_type": "GROUP"}))
    zalo.give(lan.update("text", text=PAPERS, **{"from": {"id": lan.id, "is_bot": True}}))
    assert await desk.answered() == 0
    assert zalo.said("sendMessage") == []


async def test_an_update_given_twice_is_answered_once(desk: BotDesk, zalo: FakeBotPlatform, lan: BotFriend) -> None:
    update = lan.update("text", text=PAPERS)
    zalo.give(update)
    zalo.give(update)
    await desk.answered()
    assert texts(lan).count(PAPERS_CARD) == 1


async def test_idle_polls_are_no_trouble(
    desk: BotDesk, zalo: FakeBotPlatform, lan: BotFriend, time: FlyingTime
) -> None:
    zalo.fail("getUpdates", 408, "Request timeout", times=3)
    zalo.give(lan.update("text", text="xin chào"))
    lan.say(PAPERS)
    await desk.answered()
    assert PAPERS_CARD in texts(lan)
    assert [seconds for seconds in time.slept if seconds >= 1] == []
    assert all(given["timeout"] == "30" for given in zalo.said("getUpdates"))


@pytest.mark.parametrize("code", [502, 429, 409, 400, 404])
async def test_faults_between_polls_are_waited_out(
    desk: BotDesk, zalo: FakeBotPlatform, lan: BotFriend, time: FlyingTime, code: int
) -> None:
    zalo.fail("getUpdates", code, "…", times=3)
    for text in ("xin chào", PAPERS):
        lan.say(text)
        await desk.answered()
    assert PAPERS_CARD in texts(lan)
    assert time.slept[:3] == [5, 10, 20]
    assert desk.services.health.of(inbound.NAME).last_error == ""


async def test_a_webhook_left_behind_is_taken_away_first(
    services: Services, zalo: FakeBotPlatform, cdn: FakeCdn, time: FlyingTime, lan: BotFriend
) -> None:
    zalo.set_to = {"url": "https://cu.vn", "secret_token": "x" * 8}
    async with bot_at_work(with_bot(services, zalo.url), zalo) as desk:
        lan.say(PAPERS)
        await desk.answered()
    assert PAPERS_CARD in texts(lan)


async def test_zalo_may_be_away_when_the_program_starts(
    services: Services, time: FlyingTime, caplog: pytest.LogCaptureFixture
) -> None:
    zalo = FakeBotPlatform()
    hoa = zalo.person()
    async with bot_at_work(with_bot(services, zalo.url), zalo) as desk:
        await time.flies(3)
        async with zalo:
            hoa.say(PAPERS)
            await desk.answered()
            assert PAPERS_CARD in texts(hoa)
    assert time.slept[:3] == [5, 10, 20]
    assert "zalo_bot deleteWebhook: ConnectError" in caplog.text


async def test_a_token_that_zalo_refuses_is_told_and_waited_for(
    services: Services, zalo: FakeBotPlatform, time: FlyingTime, caplog: pytest.LogCaptureFixture
) -> None:
    zalo.fail("deleteWebhook", 401, "Unauthorized", times=2)
    async with bot_at_work(with_bot(services, zalo.url), zalo):
        await zalo.until(lambda: zalo.said("getUpdates"))
    assert caplog.text.count("kiểm tra MOTCUA_ZALO_BOT__TOKEN") == 2


MALFORMED: list[dict[str, Any]] = [
    {"message": None},
    {"message": {"chat": "x"}},
    {"message": {"message_id": "1", "chat": {"id": ""}}},
    {"message": {"message_id": "2", "chat": {"id": "9" * 65}}},
    {"event_name": "message.text.received"},
]


async def test_a_malformed_update_is_set_aside_and_the_others_are_answered(
    desk: BotDesk, zalo: FakeBotPlatform, lan: BotFriend
) -> None:
    for update in MALFORMED:
        zalo.give({"event_name": "message.text.received", **update})
    lan.say(f"{PAPERS} \ud83d")
    assert await desk.answered() == len(MALFORMED)
    assert PAPERS_CARD in texts(lan)


async def test_what_was_kept_before_a_stop_is_answered_after_it(
    services: Services, zalo: FakeBotPlatform, cdn: FakeCdn, time: FlyingTime, lan: BotFriend
) -> None:
    held = zalo.hold("sendMessage")
    async with bot_at_work(with_bot(services, zalo.url), zalo):
        lan.say(PAPERS)
        await zalo.until(lambda: zalo.said("sendMessage"))
    held.over.set()
    async with bot_at_work(replace(with_bot(services, zalo.url), lanes=Lanes()), zalo) as desk:
        await desk.answered()
    assert PAPERS_CARD in texts(lan)
