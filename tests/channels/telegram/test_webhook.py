"""Secrets and the webhook: the token is never logged, and without the secret nothing is kept."""

import httpx
import pytest

from bot.channels.telegram import inbound, service
from bot.channels.web.app import create_app
from bot.storage import tables
from handlers.services import Services
from tests.channels.shared import Desk, FlyingTime, rows
from tests.channels.telegram.asking import PAPERS, PAPERS_CARD, ask, texts
from tests.channels.telegram.conftest import SITE
from tests.channels.telegram.test_order import MALFORMED
from tests.channels.telegram_rules import SECRET_HEADER
from tests.doubles import TOKEN, FakeTelegram, Person


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
