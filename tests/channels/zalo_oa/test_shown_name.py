"""The name that somebody shows on Zalo: asked for when they press the button that allows it, never before."""

import logging

import pytest

from bot.storage.case_tables import drafts
from tests.channels import zalo_rules as rules
from tests.channels.chats import OaChat, asked_who
from tests.channels.zalo import OaDesk
from tests.doubles_zalo import FakeOa, Follower
from tests.handlers.citizens import rows

BUTTON = "Dùng tên đang hiện"


async def test_zalo_is_asked_once_allowed_and_only_the_name_stays(
    desk: OaDesk, zalo: FakeOa, lan: Follower, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    chat = OaChat(lan, desk)
    buttons = dict((await asked_who(chat)).choices)
    assert zalo.said("detail") == []
    seen = await chat.press(buttons[BUTTON])
    assert "Cảm ơn Bà Lan" in seen.text
    assert [asked["user_id"] for asked in zalo.said("detail")] == [lan.id]
    (draft,) = await rows(desk.services, drafts)
    for secret in ("s120-ava-talk", "84912999888", "ngõ Cây Đa", "Lan chợ"):
        assert secret in str(rules.DETAIL), "Zalo told it"
        assert secret not in str(draft)
        assert secret not in caplog.text
    await chat.say("0912 345 678")
    assert len(zalo.said("detail")) == 1


@pytest.mark.parametrize("said", ["1", "Dùng tên đang hiện", "dung ten dang hien"])
async def test_the_choice_may_be_typed(desk: OaDesk, zalo: FakeOa, lan: Follower, said: str) -> None:
    chat = OaChat(lan, desk)
    await asked_who(chat)
    assert "Cảm ơn Bà Lan" in (await chat.say(said)).text
    assert len(zalo.said("detail")) == 1


async def test_a_button_that_somebody_made_up_asks_nothing(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    chat = OaChat(lan, desk)
    for made_up in ("g:khac:name", "g::name", "g:name"):
        await chat.press(made_up)
    assert zalo.said("detail") == []


async def test_nothing_is_asked_in_a_whole_filing_without_the_button(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    chat = OaChat(lan, desk)
    buttons = dict((await asked_who(chat)).choices)
    seen = await chat.press(buttons["Không để tên"])
    seen = await chat.press(dict(seen.choices)["Gửi"])
    assert "PA-2026-" in seen.text
    assert zalo.said("detail") == []


@pytest.mark.parametrize("code", [-32, -213, -201, -9999])
async def test_what_zalo_does_not_tell_is_typed(desk: OaDesk, zalo: FakeOa, lan: Follower, code: int) -> None:
    chat = OaChat(lan, desk)
    buttons = dict((await asked_who(chat)).choices)
    zalo.fail("detail", code)
    seen = await chat.press(buttons[BUTTON])
    assert "chưa lấy được tên đang hiện" in seen.text
    assert desk.services.health.of("zalo_oa").last_error == "", "nothing stands in the way of messages"
    assert "Trần Thị Lan" in (await chat.say("Trần Thị Lan, 0912 345 678")).text
