"""Sending to a web visitor: kept in the database, pushed to the pages that are open."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from anyio import CancelScope

from bot import metrics
from bot.channels.web import rendering, said
from bot.channels.web.inbound import NAME
from bot.files import StoredFile
from bot.messages import DeliveryError, DeliveryOutcome, Reply, pack, unpack
from bot.storage import people, web_messages
from bot.storage.database import Database

KEEP_ALIVE_SECONDS = 15.0


class WebChannel:
    """The web chat as a channel. Messages are rows; open pages are told that there are new ones."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now
        self._open: dict[int, set[asyncio.Event]] = {}
        self._closed = False

    def close(self) -> None:
        """End the streams of all open pages, which come back by themselves when the program runs again."""
        self._closed = True
        for person in self._open:
            self.tell(person)

    async def send(self, address: str, replies: Sequence[Reply]) -> None:
        """Keep replies for a visitor and show them on open pages; raise DeliveryError when nobody is there."""
        with metrics.delivery(NAME):
            async with self._database.transaction() as transaction:
                person = await people.find(transaction, NAME, address)
                if person is None:
                    raise DeliveryError(DeliveryOutcome.GONE, "no such visitor")
                bodies = [pack(reply) for reply in replies]
                await web_messages.add(transaction, person, bodies, now=self._now())
        self.tell(person)

    async def history(self, address: str, *, after: int = 0) -> list[web_messages.Said]:
        """Return what was said in a visitor's chat, oldest first; nothing for a stranger."""
        async with self._database.transaction() as transaction:
            person = await people.find(transaction, NAME, address)
            return [] if person is None else await web_messages.latest(transaction, person, after=after)

    async def file(self, address: str, digest: str) -> StoredFile | None:
        """Return the file of this digest that a visitor sent or was sent; None when no message of theirs has it."""
        async with self._database.transaction() as transaction:
            person = await people.find(transaction, NAME, address)
            bodies = [] if person is None else await web_messages.holding(transaction, person, digest)
        return next((file for body in bodies for file in said.files(body) if file.digest == digest), None)

    async def knows(self, address: str) -> int | None:
        """Return the person behind an address, or None for a stranger."""
        async with self._database.transaction() as transaction:
            return await people.find(transaction, NAME, address)

    async def updates(self, person: int, *, after: int) -> AsyncIterator[str]:
        """Yield server-sent events: each message of the assistant newer than `after`, until the page goes away."""
        with self._opened(person) as news:
            yield ": xin chào\n\n"
            while not self._closed:
                news.clear()
                fresh = await self._later(person, after)
                for message in fresh:
                    after = message.id
                    if not message.from_citizen:
                        yield _event(message)
                try:
                    async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                        await news.wait()
                except TimeoutError:
                    yield ": còn đây\n\n"

    def tell(self, person: int) -> None:
        """Say to a person's open pages that there is something new."""
        for news in self._open.get(person, ()):
            news.set()

    async def _later(self, person: int, after: int) -> list[web_messages.Said]:
        """Return what came after a message. A page that closes waits for it: a query cut off loses its connection."""
        with CancelScope(shield=True):
            async with self._database.transaction() as transaction:
                found = await web_messages.latest(transaction, person, after=after)
        return found

    @contextmanager
    def _opened(self, person: int) -> Iterator[asyncio.Event]:
        """Hold a page of a person's open; the event is set when there is something new."""
        news = asyncio.Event()
        pages = self._open.setdefault(person, set())
        pages.add(news)
        try:
            yield news
        finally:
            pages.discard(news)
            if not pages:
                self._open.pop(person, None)


def _event(message: web_messages.Said) -> str:
    data = {"number": message.id, **rendering.as_json(unpack(message.body))}
    return f"id: {message.id}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
