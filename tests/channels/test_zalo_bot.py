"""The Zalo bot against our own Bot Platform, over real HTTP: what a citizen sees, whatever goes wrong in between."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.channels.zalo_bot import inbound
from bot.messages import Choice, DeliveryError, DeliveryOutcome, Enclosure, Reply
from bot.storage import case_tables, tables
from handlers.lanes import Lanes
from handlers.services import Services
from tests import samples
from tests.channels.shared import FlyingTime, rows
from tests.channels.zalo import SITE, BotDesk, bot_at_work, with_bot
from tests.channels.zalo_rules import BOT_SECRET_HEADER
from tests.conftest import NOW
from tests.doubles_zalo import BOT_SECRET, BOT_TOKEN, BotFriend, FakeBotPlatform, FakeCdn

PAPERS, PAPERS_CARD = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"


@pytest.fixture
async def zalo() -> AsyncIterator[FakeBotPlatform]:
    async with FakeBotPlatform() as server:
        yield server


@pytest.fixture
async def desk(services: Services, zalo: FakeBotPlatform, cdn: FakeCdn, time: FlyingTime) -> AsyncIterator[BotDesk]:
    async with bot_at_work(with_bot(services, zalo.url), zalo) as working:
        yield working


@pytest.fixture
async def called(services: Services, zalo: FakeBotPlatform, time: FlyingTime) -> AsyncIterator[BotDesk]:
    """The bot when Zalo calls us."""
    async with bot_at_work(with_bot(services, zalo.url, mode="webhook"), zalo) as working:
        await zalo.until(lambda: zalo.set_to)
        yield working


@pytest.fixture
def lan(zalo: FakeBotPlatform) -> BotFriend:
    return zalo.person()


@pytest.fixture
def minh(zalo: FakeBotPlatform) -> BotFriend:
    return zalo.person()


def texts(person: BotFriend) -> str:
    return "\n".join(message.text for message in person.seen)


# ---- what a citizen sees


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


# ---- polling


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


# ---- the webhook


async def test_the_webhook_is_registered_and_brings_messages_bare_or_wrapped(
    called: BotDesk, zalo: FakeBotPlatform, lan: BotFriend
) -> None:
    assert zalo.set_to == {"url": f"{SITE}/webhook/zalo-bot", "secret_token": BOT_SECRET}
    for wrapped in (False, True):
        lan.say(PAPERS)
        assert await zalo.deliver(wrapped=wrapped) == [200]
    await called.answered()
    assert texts(lan).count(PAPERS_CARD) == 2


async def post(zalo: FakeBotPlatform, body: bytes, headers: dict[str, str]) -> int:
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.post(zalo.webhook, content=body, headers=encoded)).status_code


@pytest.mark.parametrize("secret", [None, "", "sai", BOT_SECRET[:-1], BOT_TOKEN, "é"])
async def test_without_the_right_secret_nothing_is_kept(
    called: BotDesk, zalo: FakeBotPlatform, lan: BotFriend, secret: str | None
) -> None:
    body = json.dumps(lan.update("text", text=PAPERS)).encode()
    assert await post(zalo, body, {} if secret is None else {BOT_SECRET_HEADER: secret}) == 403
    assert await rows(called.services, tables.inbox) == []


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"ok":true}', b'{"result":[]}', b"\xff", b'{"a":' * 9000])
async def test_what_is_no_update_is_refused(called: BotDesk, zalo: FakeBotPlatform, body: bytes) -> None:
    assert await post(zalo, body, {BOT_SECRET_HEADER: BOT_SECRET}) == 400
    assert await rows(called.services, tables.inbox) == []


async def test_a_body_larger_than_any_update_is_not_read(called: BotDesk, zalo: FakeBotPlatform) -> None:
    assert await post(zalo, b" " * (1024 * 1024 + 1), {BOT_SECRET_HEADER: BOT_SECRET}) == 413


async def test_what_cannot_be_kept_now_is_asked_for_again(
    called: BotDesk, zalo: FakeBotPlatform, lan: BotFriend
) -> None:
    body = json.dumps(lan.update("text", text=PAPERS)).encode()
    async with called.services.database.transaction() as transaction:
        await transaction.run_sync(tables.inbox.drop)
    assert await post(zalo, body, {BOT_SECRET_HEADER: BOT_SECRET}) == 503
    async with called.services.database.transaction() as transaction:
        await transaction.run_sync(tables.inbox.create)
    assert await post(zalo, body, {BOT_SECRET_HEADER: BOT_SECRET}) == 200


async def test_there_is_no_webhook_while_we_poll(desk: BotDesk, zalo: FakeBotPlatform) -> None:
    assert await post(zalo, b"{}", {BOT_SECRET_HEADER: BOT_SECRET}) == 404


# ---- sending


REFUSALS = [
    (403, "Forbidden: bot was blocked by the user", DeliveryOutcome.GONE, None),
    (400, "Bad Request: chat not found", DeliveryOutcome.GONE, None),
    (404, "User is not found", DeliveryOutcome.GONE, None),
    (400, "Bad Request: text is too long", DeliveryOutcome.REFUSED, None),
    (400, "Bad request - sticker not found", DeliveryOutcome.REFUSED, None),
    (401, "Unauthorized", DeliveryOutcome.FAILED, 300),
    (429, "Too Many Requests", DeliveryOutcome.FAILED, 30),
    (408, "Request timeout", DeliveryOutcome.UNCERTAIN, None),
    (502, "Bad Gateway", DeliveryOutcome.UNCERTAIN, None),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: f"{refusal[0]} {refusal[1]}")
async def test_a_refusal_is_one_of_the_closed_list(
    desk: BotDesk, zalo: FakeBotPlatform, lan: BotFriend, refusal: tuple[int, str, DeliveryOutcome, float | None]
) -> None:
    code, said, outcome, retry_after = refusal
    zalo.fail("sendMessage", code, said)
    with pytest.raises(DeliveryError) as error:
        await desk.work.channel.send(lan.id, [Reply("một"), Reply("hai")])
    assert (error.value.outcome, error.value.retry_after) == (outcome, retry_after)
    assert len(zalo.said("sendMessage")) == 1, "tried once, and the rest not sent"


@pytest.mark.parametrize("code", [502, 429, 401, 408])
async def test_an_answer_is_sent_again_until_it_arrives(
    desk: BotDesk, zalo: FakeBotPlatform, lan: BotFriend, code: int
) -> None:
    zalo.fail("sendMessage", code, "…", times=3)
    lan.say(PAPERS)
    await desk.answered()
    assert texts(lan).count(PAPERS_CARD) == 1


async def test_who_blocked_us_is_unreachable_until_they_write_again(
    desk: BotDesk, zalo: FakeBotPlatform, lan: BotFriend
) -> None:
    for blocked, unreachable in ((True, NOW), (False, None)):
        lan.has_blocked = blocked
        lan.say(PAPERS)
        await desk.answered()
        (person,) = await rows(desk.services, tables.people)
        assert person["unreachable_since"] == unreachable


async def kept_photo(desk: BotDesk) -> Enclosure:
    return Enclosure(await desk.services.files.keep(samples.jpeg(), name="../../Bản đồ <b>.html"), "Bản đồ thôn")


async def test_a_picture_is_fetched_once_from_an_address_of_ours(
    desk: BotDesk, zalo: FakeBotPlatform, lan: BotFriend
) -> None:
    photo = await kept_photo(desk)
    await desk.work.channel.send(lan.id, [Reply("**Bản đồ**", files=(photo,))])
    assert zalo.photos == [await desk.services.files.read(photo.file.digest)]
    assert (lan.seen[-1].text, len(lan.seen)) == ("Bản đồ", 1)
    address = zalo.said("sendPhoto")[0]["photo"]
    assert address.startswith(f"{SITE}/zalo-bot/tep/")
    assert address.endswith("/ban-do-b.jpg")
    async with httpx.AsyncClient(base_url=zalo.site, trust_env=False) as client:
        assert (await client.get(httpx.URL(address).path)).status_code == 404, "a second time"


async def test_a_picture_that_zalo_does_not_take_is_named_with_its_address(
    desk: BotDesk, zalo: FakeBotPlatform, lan: BotFriend
) -> None:
    photo = await kept_photo(desk)
    zalo.fail("sendPhoto", 400, "Bad Request: photo could not be fetched")
    await desk.work.channel.send(lan.id, [Reply("Bản đồ", files=(photo,))])
    (message,) = lan.seen
    assert message.text.startswith(f"Bản đồ\nKèm theo: Bản đồ thôn\nMở tại: {SITE}/zalo-bot/tep/")
    zalo.fail("sendPhoto", 502)
    with pytest.raises(DeliveryError) as error:
        await desk.work.channel.send(lan.id, [Reply("Bản đồ", files=(photo,))])
    assert (error.value.outcome, len(lan.seen)) == (DeliveryOutcome.UNCERTAIN, 1), "nothing is sent again"


async def test_without_an_address_of_ours_words_go_with_the_names_and_a_sticker_goes(
    services: Services, zalo: FakeBotPlatform, cdn: FakeCdn, time: FlyingTime, lan: BotFriend
) -> None:
    nowhere = with_bot(services, zalo.url)
    nowhere = replace(nowhere, config=replace(nowhere.config, web=services.config.web))
    async with bot_at_work(nowhere, zalo) as desk:
        form = Enclosure(await services.files.keep(samples.pdf(), name="mau.pdf"))
        await desk.work.channel.send(lan.id, [Reply("Bản đồ", files=(await kept_photo(desk), form))])
        await desk.work.channel.outbox.send_sticker(lan.id, "0e078a2fab6f42311b7e")
    words, sticker = lan.seen
    assert [line.partition(".")[0] for line in words.text.split("\n")] == [
        "Bản đồ",
        "Kèm theo: mau",
        "Kèm theo: Bản đồ thôn",
    ]
    assert "://" not in words.text
    assert sticker.text == "[0e078a2fab6f42311b7e]"
    assert zalo.said("sendPhoto") == []


async def test_the_token_is_never_logged(
    quiet: pytest.LogCaptureFixture,
    services: Services,
    zalo: FakeBotPlatform,
    cdn: FakeCdn,
    time: FlyingTime,
    lan: BotFriend,
) -> None:
    zalo.fail("deleteWebhook", 401, f"Not Found: /bot{BOT_TOKEN}/deleteWebhook")
    for code in (502, 429, 200, 401, 400):
        zalo.fail("getUpdates", code, f"at /bot{BOT_TOKEN}")
        zalo.fail("sendMessage", code, f"at /bot{BOT_TOKEN}")
    async with bot_at_work(with_bot(services, zalo.url), zalo) as desk:
        for _ in range(3):
            lan.say(PAPERS)
            await desk.answered()
        zalo.give({"event_name": "message.text.received", "message": None})
        await desk.answered()
    ours = [r.getMessage() for r in quiet.records if r.name.startswith(("bot", "handlers", "httpx", "httpcore"))]
    assert any("getUpdates" in line for line in ours)
    assert BOT_TOKEN.partition(":")[2] not in quiet.text
    assert BOT_TOKEN.partition(":")[2] not in desk.services.health.of(inbound.NAME).last_error
    assert not any(PAPERS in line for line in ours), "nor what people write"
