"""What the Bot Platform refuses is one of the closed list; the token is told to nobody."""

import pytest

from bot.channels.zalo_bot import inbound
from bot.messages import DeliveryError, DeliveryOutcome, Reply
from bot.storage import tables
from handlers.services import Services
from tests.channels.shared import FlyingTime, rows
from tests.channels.zalo import PAPERS, PAPERS_CARD, BotDesk, bot_at_work, texts, with_bot
from tests.conftest import NOW
from tests.doubles_zalo_bot import BOT_TOKEN, BotFriend, FakeBotPlatform
from tests.doubles_zalo_cdn import FakeCdn

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
