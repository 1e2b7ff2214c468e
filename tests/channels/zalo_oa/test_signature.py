"""Only what Zalo signed is kept: plain SHA-256 over the raw body, with the account's own secret."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from bot.storage import tables
from tests.channels import zalo_rules
from tests.channels.shared import rows
from tests.channels.zalo import NOW_MS, PAPERS, PAPERS_CARD, OaDesk, post, texts
from tests.channels.zalo_rules import SIGNATURE_HEADER, signed
from tests.doubles_zalo import APP_ID, APP_SECRET, OA_SECRET, FakeOa, Follower


def body_of(lan: Follower, **more: Any) -> bytes:
    return zalo_rules.as_bytes({**lan.event("text", {"text": PAPERS}), **more})


def mac_of(body: bytes, *, app: str = APP_ID, timestamp: str = str(NOW_MS), secret: str = OA_SECRET) -> str:
    return signed(app, body, timestamp, secret)


async def bring(zalo: FakeOa, body: bytes, signature: str | None) -> int:
    return await post(zalo.webhook, body, {} if signature is None else {SIGNATURE_HEADER: signature})


async def test_the_signature_is_taken_with_and_without_its_prefix(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    for prefix in ("mac=", ""):
        body = body_of(lan)
        assert await bring(zalo, body, prefix + mac_of(body)) == 200
    await desk.idles()
    assert texts(lan).count(PAPERS_CARD) == 2


async def test_without_zalos_signature_nothing_changes(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    body = body_of(lan)
    key = OA_SECRET.encode()
    wrong = [
        None,
        "",
        "mac=",
        "mac=é",
        mac_of(body)[:-1],
        mac_of(body, secret=APP_SECRET),
        mac_of(body, secret=""),
        mac_of(body, app="5797458635"),
        mac_of(json.dumps(json.loads(body)).encode()),
        hmac.new(key, APP_ID.encode() + body + str(NOW_MS).encode(), hashlib.sha256).hexdigest(),
    ]
    assert [await bring(zalo, body, signature) for signature in wrong] == [403] * len(wrong)
    assert await bring(zalo, body.replace(b"k\xe1\xba\xbft", b"k\xe1\xba\xbfx"), f"mac={mac_of(body)}") == 403
    assert await rows(desk.services, tables.inbox) == []


@pytest.mark.parametrize(
    "more", [{"app_id": "999"}, {"timestamp": str(NOW_MS - 25 * 3600 * 1000)}, {"timestamp": "hôm nay"}]
)
async def test_another_apps_and_very_old_events_are_refused(
    desk: OaDesk, zalo: FakeOa, lan: Follower, more: dict[str, str]
) -> None:
    body = body_of(lan, **more)
    raw = json.loads(body)
    assert await bring(zalo, body, mac_of(body, app=raw["app_id"], timestamp=raw["timestamp"])) == 403
    assert await rows(desk.services, tables.inbox) == []


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'"x"', b"\xff\xfe", b'{"a":' * 9000])
async def test_what_is_no_event_is_refused(desk: OaDesk, zalo: FakeOa, body: bytes) -> None:
    assert await bring(zalo, body, mac_of(body)) == 403
    assert await rows(desk.services, tables.inbox) == []


async def test_a_body_larger_than_any_event_is_not_read(desk: OaDesk, zalo: FakeOa) -> None:
    assert await bring(zalo, b" " * (1024 * 1024 + 1), "mac=x") == 413
