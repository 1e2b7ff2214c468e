"""The Zalo bot when Zalo calls us."""

import json

import pytest

from bot.storage import tables
from tests.channels.shared import rows
from tests.channels.zalo import PAPERS, PAPERS_CARD, SITE, BotDesk, post, texts
from tests.channels.zalo_rules import BOT_SECRET_HEADER
from tests.doubles_zalo_bot import BOT_SECRET, BOT_TOKEN, BotFriend, FakeBotPlatform


async def test_the_webhook_is_registered_and_brings_messages_bare_or_wrapped(
    called: BotDesk, zalo: FakeBotPlatform, lan: BotFriend
) -> None:
    assert zalo.set_to == {"url": f"{SITE}/webhook/zalo-bot", "secret_token": BOT_SECRET}
    for wrapped in (False, True):
        lan.say(PAPERS)
        assert await zalo.deliver(wrapped=wrapped) == [200]
    await called.answered()
    assert texts(lan).count(PAPERS_CARD) == 2


@pytest.mark.parametrize("secret", [None, "", "sai", BOT_SECRET[:-1], BOT_TOKEN, "é"])
async def test_without_the_right_secret_nothing_is_kept(
    called: BotDesk, zalo: FakeBotPlatform, lan: BotFriend, secret: str | None
) -> None:
    body = json.dumps(lan.update("text", text=PAPERS)).encode()
    assert await post(zalo.webhook, body, {} if secret is None else {BOT_SECRET_HEADER: secret}) == 403
    assert await rows(called.services, tables.inbox) == []


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"ok":true}', b'{"result":[]}', b"\xff", b'{"a":' * 9000])
async def test_what_is_no_update_is_refused(called: BotDesk, zalo: FakeBotPlatform, body: bytes) -> None:
    assert await post(zalo.webhook, body, {BOT_SECRET_HEADER: BOT_SECRET}) == 400
    assert await rows(called.services, tables.inbox) == []


async def test_a_body_larger_than_any_update_is_not_read(called: BotDesk, zalo: FakeBotPlatform) -> None:
    assert await post(zalo.webhook, b" " * (1024 * 1024 + 1), {BOT_SECRET_HEADER: BOT_SECRET}) == 413


async def test_what_cannot_be_kept_now_is_asked_for_again(
    called: BotDesk, zalo: FakeBotPlatform, lan: BotFriend
) -> None:
    body = json.dumps(lan.update("text", text=PAPERS)).encode()
    async with called.services.database.transaction() as transaction:
        await transaction.run_sync(tables.inbox.drop)
    assert await post(zalo.webhook, body, {BOT_SECRET_HEADER: BOT_SECRET}) == 503
    async with called.services.database.transaction() as transaction:
        await transaction.run_sync(tables.inbox.create)
    assert await post(zalo.webhook, body, {BOT_SECRET_HEADER: BOT_SECRET}) == 200


async def test_there_is_no_webhook_while_we_poll(desk: BotDesk, zalo: FakeBotPlatform) -> None:
    assert await post(zalo.webhook, b"{}", {BOT_SECRET_HEADER: BOT_SECRET}) == 404
