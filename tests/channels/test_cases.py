"""Every story of the table, on every channel."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from bot import assembly
from bot.channels import fetching
from bot.messages import Enclosure, Reply
from bot.storage.database import Database, upgrade
from handlers.services import Services
from knowledge.answering import Assistant
from knowledge.vietnamese import fold
from tests.channels.cases import CASES, FILES, Case, Step
from tests.channels.chats import (
    BotChat,
    Chat,
    OaChat,
    Seen,
    TelegramChat,
    TerminalChat,
    WebChat,
    at_the_terminal,
    on_the_web,
)
from tests.channels.shared import Desk, FlyingTime, fresh_settings, with_telegram
from tests.channels.zalo import NOW_MS, BotDesk, OaDesk, bot_at_work, oa_at_work, with_bot, with_oa
from tests.conftest import NOW
from tests.doubles import FakeTelegram
from tests.doubles_zalo import FakeOa
from tests.doubles_zalo_bot import FakeBotPlatform
from tests.doubles_zalo_cdn import FakeCdn

# The channel at work for all tests asks python-telegram-bot for raw updates, which it remarks on.
pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'"),
]

CHANNELS: dict[str, type[WebChat | TelegramChat | OaChat | BotChat | TerminalChat]] = {
    "web": WebChat,
    "telegram": TelegramChat,
    "zalo_oa": OaChat,
    "zalo_bot": BotChat,
    "terminal": TerminalChat,
}
NEVER = ("Traceback", "Error", "<script", "<b>", "</", "&lt;", "&amp;", "{", "**", "None")
VIETNAMESE = re.compile("[ăâđêôơưạảấầếệộợựủứị]")


@dataclass
class House:
    """All channels over one database. Every case has a citizen of its own; the terminal begins anew with /start."""

    services: Services
    telegram: FakeTelegram
    desk: Desk
    oa: OaDesk
    bot: BotDesk
    files: Mapping[str, Enclosure]

    def open(self, channel: str) -> AbstractAsyncContextManager[Chat]:
        if channel == "web":
            return on_the_web(self.services)
        if channel == "terminal":
            return at_the_terminal(self.services)
        if channel == "zalo_oa":
            return nullcontext(OaChat(self.oa.zalo.person(), self.oa))
        if channel == "zalo_bot":
            return nullcontext(BotChat(self.bot.zalo.person(), self.bot))
        return nullcontext(TelegramChat(self.telegram.person("bà Lan"), self.desk))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(assistant: Assistant) -> AsyncIterator[House]:
    with fresh_settings() as settings, pytest.MonkeyPatch.context() as patch:
        upgrade(settings.database.url)
        database = Database.open(settings.database.url)
        services = assembly.services(settings, database, now=lambda: NOW, assistant=assistant)
        FlyingTime().rules(patch)
        kept = {name: await services.files.keep(content, name=name) for name, content in FILES.items()}
        files = {name: Enclosure(file, f"Ảnh {name}") for name, file in kept.items()}
        cdn = FakeCdn()
        patch.setattr(fetching, "new_client", cdn.client)
        async with (
            FakeTelegram() as telegram,
            cdn,
            FakeOa(now_ms=NOW_MS) as zalo_oa,
            FakeBotPlatform() as zalo_bot,
            Desk(with_telegram(services, telegram.url)) as desk,
            oa_at_work(with_oa(services, zalo_oa.url), zalo_oa) as oa,
            bot_at_work(with_bot(services, zalo_bot.url), zalo_bot) as bot,
        ):
            yield House(services, telegram, desk, oa, bot, files)
        await database.close()


def needed(step: Step) -> set[str]:
    """Return what a channel must have a way to send for a step."""
    if step.does == "send":
        return {str(step.what)}
    if step.does == "forge":
        return {"forge"}
    return {"blank"} if step.does == "say" and not str(step.what).strip() else set()


def possible() -> list[Any]:
    return [
        pytest.param(channel, case, id=f"{channel}: {fold(case.label)}")
        for channel, chat in CHANNELS.items()
        for case in CASES
        if all(needed(step) <= chat.kinds for step in case.steps)
    ]


@pytest.mark.parametrize(("channel", "case"), possible())
async def test_the_story_goes_the_same_everywhere(channel: str, case: Case, house: House) -> None:
    async with house.open(channel) as chat:
        seen = Seen("", [])
        for step in case.steps:
            seen = await (get(step, chat, house) if step.does == "get" else take(step, chat, seen))
            check(step, seen)
            if step.does == "get":
                kept = await house.services.files.read(house.files[step.opens].file.digest)
                assert seen.files == {step.opens: b"" if channel == "terminal" else kept}


async def get(step: Step, chat: Chat, house: House) -> Seen:
    return await chat.get(Reply(str(step.what), files=(house.files[step.opens],)))


def check(step: Step, seen: Seen) -> None:
    """A reply says what the step expects, in Vietnamese, and nothing that is not for citizens."""
    assert [words for words in step.sees if words not in seen.text] == [], seen.text
    assert set(step.offers) <= {label for label, _ in seen.choices}
    assert VIETNAMESE.search(seen.text), seen.text
    assert [bad for bad in NEVER if bad in seen.text] == [], seen.text


async def take(step: Step, chat: Chat, before: Seen) -> Seen:
    """Do what a step says in the light of what was seen before it."""
    if step.does == "say":
        return await chat.say(str(step.what))
    if step.does == "send":
        return await chat.send(str(step.what))
    if step.does == "forge":
        return await chat.press(str(step.what))
    if isinstance(step.what, int):
        return await chat.press(before.choices[step.what - 1][1])
    return await chat.press(dict(before.choices)[step.what])


NOT_SENT = {  # what the stories use and a channel's people have no way to send; no other story is left out
    "web": {"animation", "contact", "dice", "sticker", "venue", "video_note"},
    "telegram": {"blank"},
    "zalo_oa": {"audio", "blank", "venue", "video_note"},
    "zalo_bot": {"animation", "audio", "blank", "contact", "document", "location", "venue"}  # text, photo, sticker
    | {"video", "video_note", "voice", "forge"},  # no buttons, so nothing to forge: what is typed is words
    "terminal": {"animation", "audio", "contact", "dice", "document", "location", "photo", "sticker", "venue"}
    | {"video", "video_note", "voice", "forge"},
}


async def test_every_story_runs_wherever_its_steps_can_be_taken() -> None:
    labels = [case.label for case in CASES]
    assert len(labels) == len(set(labels))
    everything = {name: {sent for case in CASES for step in case.steps for sent in needed(step)} for name in CHANNELS}
    assert {name: sent - CHANNELS[name].kinds for name, sent in everything.items()} == NOT_SENT
    assert {param.values[1].label for param in possible()} == set(labels)
