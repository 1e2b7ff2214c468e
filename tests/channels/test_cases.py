"""Every story of the table, on every channel."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from handlers.services import Services
from knowledge.vietnamese import fold
from tests.channels.cases import CASES, Case, Step
from tests.channels.chats import Chat, Seen, TelegramChat, TerminalChat, WebChat, at_the_terminal, on_the_web

CHANNELS: dict[str, Any] = {"web": WebChat, "telegram": TelegramChat, "terminal": TerminalChat}
NEVER = ("Traceback", "Error", "<script", "<b>", "</", "&lt;", "&amp;", "{", "**", "None")
VIETNAMESE = re.compile("[ăâđêôơưạảấầếệộợựủứị]")


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


@pytest.fixture
async def chat(
    channel: str, services: Services, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Chat]:
    """A new citizen's chat on a channel."""
    async with AsyncExitStack() as stack:
        if channel == "web":
            yield await stack.enter_async_context(on_the_web(services))
        elif channel == "terminal":
            yield await stack.enter_async_context(at_the_terminal(services, monkeypatch))
        else:
            yield TelegramChat(request.getfixturevalue("lan"), request.getfixturevalue("desk"))


@pytest.mark.parametrize(("channel", "case"), possible())
async def test_the_story_goes_the_same_everywhere(case: Case, chat: Chat) -> None:
    seen = Seen("", [])
    for step in case.steps:
        seen = await take(step, chat, seen)
        for words in step.sees:
            assert words in seen.text
        labels = [label for label, _ in seen.choices]
        assert set(step.offers) <= set(labels), labels
        assert VIETNAMESE.search(seen.text), "every reply speaks Vietnamese"
        assert not [bad for bad in NEVER if bad in seen.text], seen.text


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


def test_every_case_runs_somewhere_and_most_run_everywhere() -> None:
    labels = [case.label for case in CASES]
    assert len(labels) == len(set(labels))
    assert {param.values[1].label for param in possible()} == set(labels)  # type: ignore[union-attr]
    assert len(possible()) > 2 * len(CASES)
