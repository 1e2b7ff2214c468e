"""The name that somebody shows on Telegram or to the Zalo bot: it comes with every update, and is kept when allowed."""

import pytest

from bot.channels.zalo_bot import inbound as zalo_bot
from bot.storage.case_tables import cases, drafts
from bot.storage.tables import people
from handlers.services import Services
from tests.channels.chats import TelegramChat, asked_who
from tests.channels.shared import Desk
from tests.doubles import Person
from tests.handlers.citizens import rows

BUTTON = "Dùng tên đang hiện"


async def test_on_telegram_it_is_taken_from_who_presses(desk: Desk, at_telegram: Services, lan: Person) -> None:
    chat = TelegramChat(lan, desk)
    seen = await asked_who(chat)
    for table in (people, drafts):
        assert lan.name not in str(await rows(at_telegram, table)), "Telegram told it, nobody allowed it yet"
    seen = await chat.press(dict(seen.choices)[BUTTON])
    assert f"Cảm ơn {lan.name}" in seen.text
    seen = await chat.press(dict(seen.choices)["Không để lại số"])
    await chat.press(dict(seen.choices)["Gửi"])
    (case,) = await rows(at_telegram, cases)
    assert case["reporter_name"] == lan.name


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ({"id": "u1", "display_name": "Ông Minh"}, "Ông Minh"),
        ({"id": "u1", "name": "Ông Minh"}, "Ông Minh"),
        ({"id": "u1", "first_name": "Minh"}, "Minh"),
        ({"id": "u1", "display_name": "M\ud83d"}, "M?"),
        ({"id": "u1"}, None),
    ],
)
def test_the_zalo_bot_reads_it_from_new_and_older_updates(sender: dict[str, str], name: str | None) -> None:
    message = {"message_id": "m1", "from": sender, "chat": {"id": "c123456", "chat_type": "PRIVATE"}, "text": "chào"}
    received = zalo_bot.read({"event_name": "message.text.received", "message": message})
    assert received is not None
    assert received.incoming.shown_name == name
