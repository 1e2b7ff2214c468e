"""What agreeing and stopping store, and which words stop."""

from dataclasses import replace
from datetime import timedelta

import pytest

import handlers
from bot.messages import Incoming, Reply
from bot.storage import people, subscribers
from bot.storage.subscribers import Subscriber
from handlers import subscribe
from handlers.conversation import Conversation
from handlers.services import Services
from tests.conftest import NOW


async def say(services: Services, text: str = "", choice: str | None = None) -> Reply:
    incoming = Incoming("telegram", "lan", text, choice, greeted=True)
    return (await handlers.converse(incoming, services))[-1]


async def agreed(services: Services) -> Subscriber:
    async with services.database.transaction() as transaction:
        lan = await people.find(transaction, "telegram", "lan")
        assert lan
        return await subscribers.find(transaction, lan)


async def test_nothing_is_agreed_to_by_looking(services: Services) -> None:
    await say(services, "/thongbao")
    await say(services, choice="tbx")
    assert await agreed(services) == Subscriber()


async def test_each_topic_is_agreed_to_by_itself_and_when_is_kept(services: Services) -> None:
    await say(services, choice="tbl:khan-cap")
    later = replace(services, now=lambda: NOW + timedelta(hours=1))
    await say(later, choice="tbl:su-kien")
    assert await agreed(services) == Subscriber(frozenset({"khan-cap", "su-kien"}), "", NOW, None)
    await say(later, choice="tbl:khan-cap")
    assert (await agreed(services)).topics == {"su-kien"}
    await say(later, choice="tbl:su-kien")
    assert await agreed(services) == Subscriber(frozenset(), "", NOW, NOW + timedelta(hours=1)), (
        "with none left: stopped"
    )
    await say(later, choice="tbl:su-kien")
    assert await agreed(services) == Subscriber(frozenset({"su-kien"}), "", NOW + timedelta(hours=1), None)


@pytest.fixture
def with_villages(services: Services) -> Services:
    unit = replace(services.config.unit, thon=["An Xá", "Đại Nại"])
    return replace(services, config=replace(services.config, unit=unit))


async def test_a_village_is_chosen_changed_and_forgotten(with_villages: Services) -> None:
    services = with_villages
    menu = await say(services, choice="tbl:khan-cap")
    assert "Thôn: chưa chọn" in [choice.label for choice in menu.choices]
    offered = await say(services, choice="tbt")
    assert [choice.id for choice in offered.choices] == ["tbt:an-xa", "tbt:dai-nai", "tbt:-"]
    menu = await say(services, "đại nại")
    assert "Thôn: Đại Nại" in [choice.label for choice in menu.choices]
    assert "thôn Đại Nại" in (await say(services, choice="tbx")).text
    assert (await agreed(services)).village == "Đại Nại"
    await say(services, choice="tbt:-")
    assert (await agreed(services)).village == ""
    await say(services, choice="tbt:an-xa")
    await say(services, "DỪNG")
    stopped = await agreed(services)
    assert (stopped.topics, stopped.village, stopped.stopped_at) == (frozenset(), "", NOW)


@pytest.mark.parametrize(
    "words",
    ["DỪNG", "dừng", " Dừng! ", "dừng.", "Dừng lại", "DỪNG NHẬN", "ngừng", "STOP", "stop", "/dung", "/dung@motcua_bot",
     "dung nhan tin", "Dừng nhận thông báo", "huy nhan tin", "không nhận tin nữa", "du\u031b\u0300ng"],
)  # fmt: skip
async def test_words_that_stop(services: Services, words: str) -> None:
    await say(services, choice="tbl:khan-cap")
    assert "Đã dừng" in (await say(services, words)).text
    assert (await agreed(services)).topics == frozenset()


@pytest.mark.parametrize("words", ["đúng", "Đúng.", "đừng", "dừng xe ở đâu", "dung dich", "đang dùng", ""])
def test_words_that_do_not(words: str) -> None:
    incoming = Incoming("web", "lan", words)
    assert not subscribe.says_stop(incoming, Conversation())
    assert not subscribe.may_say_stop(incoming, Conversation())


@pytest.mark.parametrize("words", ["dung", "DUNG", "Dung!", "dưng"])
async def test_words_that_may_are_asked_about(services: Services, words: str) -> None:
    await say(services, choice="tbl:khan-cap")
    asked = await say(services, words)
    assert "muốn dừng nhận" in asked.text
    assert (await agreed(services)).topics == {"khan-cap"}
    await say(services, "1")
    assert (await agreed(services)).topics == frozenset()
