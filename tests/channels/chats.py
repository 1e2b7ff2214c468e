"""A citizen's chat on each channel, all with the same few verbs, so that one table of cases serves all."""

import asyncio
import io
import json
import queue
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import ClassVar, Protocol

import httpx
import pytest
from sqlalchemy import delete

from bot.channels.terminal import talk
from bot.channels.web import visitors
from bot.channels.web.app import create_app
from bot.channels.web.outbound import WebChannel
from bot.channels.zalo_oa.inbound import MARK
from bot.messages import Reply
from bot.storage.tables import people
from handlers.services import Services
from tests.channels import telegram_rules, zalo_rules
from tests.channels.shared import Desk
from tests.channels.zalo import SITE as OUTSIDE
from tests.channels.zalo import BotDesk, OaDesk
from tests.doubles import PATIENCE, Person
from tests.doubles_zalo import Follower
from tests.doubles_zalo_bot import BotFriend

SITE = "http://tro-ly.xa"
OUR_TAGS = {"p", "ul", "ol", "li", "strong", "a", "div", "button", "fieldset", "legend", "img"}
OUR_ATTRIBUTES = {"class", "href", "target", "rel", "name", "value", "src", "alt", "loading", "download"}
OUR_LINKS = ("http://", "https://", "/chat/tep/")


@dataclass(frozen=True)
class Seen:
    """What came back: all the words, the choices as (label, id); a channel without ids numbers them.

    `files` are those that came along, by name, as they open.
    """

    text: str
    choices: list[tuple[str, str]]
    files: dict[str, bytes] = field(default_factory=dict)


class Chat(Protocol):
    """One citizen's chat."""

    kinds: ClassVar[frozenset[str]]

    async def say(self, text: str) -> Seen: ...
    async def press(self, choice: str) -> Seen: ...
    async def send(self, kind: str) -> Seen: ...
    async def get(self, reply: Reply) -> Seen: ...


async def asked_who(chat: Chat) -> Seen:
    """Write a report up to the question who one is; return what was seen last."""
    seen = await chat.say("/phananh")
    for label in ("Đồng ý, viết tiếp", "đèn đường gần nhà văn hóa hỏng cả tuần nay", "Đúng", "Bỏ qua nơi xảy ra"):
        choices = dict(seen.choices)
        seen = await (chat.press(choices[label]) if label in choices else chat.say(label))
    return seen


class OurHtml(HTMLParser):
    """Reads HTML of our own making; an element, attribute or comment that we never make is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in OUR_TAGS, f"<{tag}> is none of ours"
        assert {name for name, _ in attrs} <= OUR_ATTRIBUTES
        assert all(str(value).startswith(OUR_LINKS) for name, value in attrs if name in ("href", "src"))
        self.words += [str(value) for name, value in attrs if name == "alt"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


class WebChat:
    """The web chat, as our page's script uses it."""

    kinds: ClassVar = frozenset({"photo", "video", "voice", "audio", "document", "location", "forge", "blank"})

    def __init__(self, client: httpx.AsyncClient, channel: WebChannel) -> None:
        self._client, self._channel = client, channel

    async def get(self, reply: Reply) -> Seen:
        """See a message that comes by itself, on an open page and on one loaded without JavaScript."""
        address = visitors.address(self._client.cookies[visitors.COOKIE])
        person, before = await self._channel.knows(address), await self._channel.history(address)
        assert person
        await self._channel.send(address, [reply])
        updates = self._channel.updates(person, after=before[-1].id)
        event = [await anext(updates), await anext(updates)][1]
        shown = json.loads(event.partition("data: ")[2])
        page = (await self._client.get("/")).text
        assert shown["html"] in page
        words = OurHtml(shown["html"]).words
        assert all(file["alt"] in words for file in shown["files"] if file["kind"] == "photo")
        fetched = [(file["name"], await self._client.get(file["url"])) for file in shown["files"]]
        return Seen(shown["text"], [], {name: response.content for name, response in fetched})

    async def say(self, text: str) -> Seen:
        return _read_json(await self._client.post("/api/chat", json={"text": text}))

    async def press(self, choice: str) -> Seen:
        return _read_json(await self._client.post("/api/chat", json={"choice": choice}))

    async def send(self, kind: str) -> Seen:
        if kind == "location":
            place = {name: (None, str(degrees)) for name, degrees in telegram_rules.MEDIA[kind].items()}
            return _read_json(await self._client.post("/api/chat", files=place))
        field = "photo" if kind == "photo" else "file"
        sent = {field: ("tệp", telegram_rules.CONTENT[kind])}
        return _read_json(await self._client.post("/api/chat", files=sent))


def _read_json(response: httpx.Response) -> Seen:
    assert response.status_code == 200, response.text
    replies = response.json()["replies"]
    for reply in replies:
        shown = "".join(OurHtml(reply["html"]).words)
        assert [line for line in reply["text"].split("\n") if _UNMARKED.sub("", line) not in shown] == []
    choices = [(choice["label"], choice["id"]) for reply in replies for choice in reply["choices"]]
    return Seen("\n".join(reply["text"] for reply in replies), choices)


_UNMARKED = re.compile(r"^(- |\d+\. )")  # in HTML these are lists


class TelegramChat:
    """A Telegram chat, as a phone shows it."""

    kinds: ClassVar = frozenset({*telegram_rules.MEDIA, "forge"})

    def __init__(self, person: Person, desk: Desk) -> None:
        self._person, self._desk = person, desk

    async def say(self, text: str) -> Seen:
        most = telegram_rules.MOST_UNITS
        return await self._sees(*(self._person.say(text[i : i + most]) for i in range(0, len(text), most)))

    async def press(self, choice: str) -> Seen:
        if not self._person.seen:
            await self.say("/start")
        return await self._sees(self._person.press(choice))

    async def send(self, kind: str) -> Seen:
        return await self._sees(self._person.send(kind))

    async def get(self, reply: Reply) -> Seen:
        before, uploads = len(self._person.seen), self._person.telegram.uploads
        await self._desk.channel.send(str(self._person.id), [reply])
        fresh = self._person.seen[before:]
        contents = {file.name: file.content for file in uploads.taken}
        names = [name.partition(" ")[2] for message in fresh for name in message.files]
        return Seen("\n".join(message.text for message in fresh), [], {name: contents[name] for name in names})

    async def _sees(self, *updates: int) -> Seen:
        before = [(message.id, message.edits) for message in self._person.seen]
        assert await self._desk.answered(self._person.telegram, *updates) == 0, "an update was set aside"
        fresh = [message for message in self._person.seen if (message.id, message.edits) not in before]
        choices = [choice for message in fresh for choice in message.choices]
        return Seen("\n".join(message.text for message in fresh), choices)


class OaChat:
    """A chat with the Official Account: buttons send their payload as words, further choices are numbered."""

    kinds: ClassVar = frozenset({*zalo_rules.OA_MEDIA, "forge"})

    def __init__(self, person: Follower, desk: OaDesk) -> None:
        self._person, self._desk = person, desk

    async def say(self, text: str) -> Seen:
        return await self._sees(self._person.say(text))

    async def press(self, choice: str) -> Seen:
        is_sent_as_it_is = choice.isdecimal() or MARK in choice
        return await self.say(choice if is_sent_as_it_is else f"{MARK}{choice}")

    async def send(self, kind: str) -> Seen:
        return await self._sees(self._person.send(kind))

    async def get(self, reply: Reply) -> Seen:
        before, uploads = len(self._person.seen), self._desk.zalo.uploads.values()
        await self._desk.work.channel.send(self._person.id, [reply])
        fresh = self._person.seen[before:]
        contents = {file["name"]: file["content"] for file in uploads}
        names = [name.partition(" ")[2] for message in fresh for name in message.files]
        return Seen("\n".join(message.text for message in fresh), [], {name: contents[name] for name in names})

    async def _sees(self, doing: Awaitable[int]) -> Seen:
        before = len(self._person.seen)
        assert await doing == 200
        assert await self._desk.idles() == 0, "an event was set aside"
        fresh = self._person.seen[before:]
        said, numbered = _without_numbers([message.text for message in fresh], "Mục khác, ông/bà gõ số để chọn:")
        return Seen(said, [choice for message in fresh for choice in message.choices] + numbered)


class BotChat:
    """A chat with the Zalo bot: no buttons, choices by number."""

    kinds: ClassVar = frozenset(zalo_rules.BOT_MEDIA)

    def __init__(self, person: BotFriend, desk: BotDesk) -> None:
        self._person, self._desk = person, desk

    async def say(self, text: str) -> Seen:
        return await self._sees(self._person.say, text)

    async def press(self, choice: str) -> Seen:
        return await self.say(choice)

    async def send(self, kind: str) -> Seen:
        return await self._sees(self._person.send, kind)

    async def get(self, reply: Reply) -> Seen:
        """See a picture as Zalo fetched it, and open what is only named with its address."""
        zalo, before, fetched = self._desk.zalo, len(self._person.seen), len(self._desk.zalo.photos)
        await self._desk.work.channel.send(self._person.id, [reply])
        fresh = self._person.seen[before:]
        names = [name.partition(" ")[2] for message in fresh for name in message.files]
        files = dict(zip(names, zalo.photos[fetched:], strict=True))
        text = "\n".join(message.text for message in fresh)
        async with httpx.AsyncClient(base_url=zalo.site, trust_env=False) as client:
            for link in re.findall(rf"{OUTSIDE}(/\S+)", text):
                files[link.rpartition("/")[2]] = (await client.get(link)).content
        return Seen(text, [], files)

    async def _sees(self, do: Callable[[str], None], what: str) -> Seen:
        before = len(self._person.seen)
        do(what)
        assert await self._desk.answered() == 0, "an update was set aside"
        fresh = [message.text for message in self._person.seen[before:]]
        return Seen(*_without_numbers(fresh, "Ông/bà gõ số để chọn:"))


def _without_numbers(texts: list[str], lead: str) -> tuple[str, list[tuple[str, str]]]:
    """Return what messages say before the line that leads to choices, and those choices as (label, number)."""
    parts = [text.partition(f"\n\n{lead}\n") for text in texts]
    lines = [line.partition(". ") for _, _, listed in parts for line in listed.split("\n") if listed]
    return "\n".join(said for said, _, _ in parts), [(label, number) for number, _, label in lines]


class TerminalChat:
    """A terminal: lines in, lines out, choices by number."""

    kinds: ClassVar = frozenset({"blank"})

    def __init__(self, keyboard: "Keyboard", screen: io.StringIO) -> None:
        self._keyboard, self._screen, self._read = keyboard, screen, len(screen.getvalue())

    async def say(self, text: str) -> Seen:
        await self._keyboard.type(text)
        fresh = self._screen.getvalue()[self._read :]
        self._read += len(fresh)
        lines = fresh.removesuffix("> ").split("\n")
        numbered = [re.fullmatch(r"  (\d+)\. (.+)", line) for line in lines]
        choices = [(found[2], found[1]) for found in numbered if found]
        return Seen("\n".join(line for line, found in zip(lines, numbered, strict=True) if not found), choices)

    async def press(self, choice: str) -> Seen:
        return await self.say(choice)

    async def send(self, kind: str) -> Seen:
        raise AssertionError(f"a terminal sends no {kind}")

    async def get(self, reply: Reply) -> Seen:
        """See a message printed, its files by name; a terminal opens none."""
        talk.show([reply])
        text = self._screen.getvalue()[self._read :]
        self._read += len(text)
        names = re.findall(r"^\[ảnh\] .* \((.+)\)$|^\[tệp\] (.+)$", text, re.MULTILINE)
        return Seen(text, [], {picture or file: b"" for picture, file in names})


class Keyboard(io.TextIOBase):
    """A standard input whose lines are typed when the program asks for them."""

    def __init__(self) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self._asked: queue.Queue[None] = queue.Queue()

    def readline(self, size: int | None = -1) -> str:  # type: ignore[override]
        self._asked.put(None)
        return self._lines.get()

    async def is_asked(self) -> None:
        """Wait until the program wants a line."""
        await asyncio.to_thread(self._asked.get, timeout=PATIENCE)

    async def type(self, line: str) -> None:
        """Type a line and wait until the program wants the next."""
        self._lines.put(line.replace("\n", " ") + "\n")
        await self.is_asked()

    def leave(self) -> None:
        self._lines.put("")


@asynccontextmanager
async def on_the_web(services: Services) -> AsyncIterator[WebChat]:
    channel = WebChannel(services.database, now=services.now)
    transport = httpx.ASGITransport(create_app(services, channel=channel))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
        yield WebChat(client, channel)


@asynccontextmanager
async def at_the_terminal(services: Services) -> AsyncIterator[TerminalChat]:
    async with services.database.transaction() as transaction:  # the terminal has one person: here each is a new one
        await transaction.execute(delete(people).where(people.c.channel == talk.NAME))
    keyboard, screen = Keyboard(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", keyboard)
        patch.setattr("sys.stdout", screen)
        talking = asyncio.create_task(talk.talk(services))
        try:
            await keyboard.is_asked()
            yield TerminalChat(keyboard, screen)
        finally:
            keyboard.leave()
            await talking
