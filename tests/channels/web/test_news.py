"""News for open pages: told as it comes, to nobody else, and again to who was away."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from bot.channels.web import visitors
from bot.channels.web.app import create_app
from bot.channels.web.outbound import WebChannel
from bot.messages import Choice, DeliveryError, DeliveryOutcome, Reply
from handlers.services import Services
from tests.channels.chats import SITE
from tests.channels.web.visiting import Page, ask


@asynccontextmanager
async def listening(browser: httpx.AsyncClient, path: str, **headers: str) -> AsyncIterator["Stream"]:
    """Open a stream of server-sent events as a browser's EventSource does."""
    transport = browser._transport
    assert isinstance(transport, httpx.ASGITransport)
    stream = Stream()
    request = browser.build_request("GET", path, headers={name.replace("_", "-"): v for name, v in headers.items()})
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "method": "GET",
        "path": request.url.path,
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }
    serving = asyncio.ensure_future(transport.app(scope, stream.receive, stream.send))
    try:
        yield stream
    finally:
        stream.gone.set()
        await serving


class Stream:
    """What comes out of a response that does not end."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self.start: dict[str, Any] = {}
        self._chunks: asyncio.Queue[str] = asyncio.Queue()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            await self._chunks.put(message["body"].decode())

    async def event(self) -> tuple[int, dict[str, Any]]:
        """Return the id and data of the next event."""
        async with asyncio.timeout(10):
            while not (chunk := await self._chunks.get()).startswith("id: "):
                assert chunk.startswith(": "), chunk
        found = re.fullmatch(r"id: (\d+)\ndata: (.+)\n\n", chunk)
        assert found, chunk
        return int(found[1]), json.loads(found[2])


async def test_an_open_page_is_told_what_comes_and_a_reconnected_one_what_it_missed(lan: httpx.AsyncClient) -> None:
    (first,) = await ask(lan)
    async with listening(lan, "/api/chat/updates?after=0") as tab:
        assert await tab.event() == (first["number"], first)
        (second,) = await ask(lan, "thế lệ phí bao nhiêu")
        assert await tab.event() == (second["number"], second)
    (third,) = await ask(lan, "cảm ơn")
    async with listening(lan, "/api/chat/updates?after=0", last_event_id=str(first["number"])) as tab:
        assert [(await tab.event())[0] for _ in range(2)] == [second["number"], third["number"]]
        content_type = dict(tab.start["headers"])[b"content-type"]
    assert content_type.startswith(b"text/event-stream")


async def test_what_is_sent_later_reaches_the_open_page_and_stays(services: Services) -> None:
    channel = WebChannel(services.database, now=services.now)
    transport = httpx.ASGITransport(create_app(services, channel=channel))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as lan:
        (hello,) = await ask(lan, "xin chào")
        async with listening(lan, f"/api/chat/updates?after={hello['number'] - 1}") as tab:
            await tab.event()
            notice = Reply("Mai **thứ Ba** xã tiếp dân", (Choice("t", "Hỏi thủ tục"),))
            await channel.send(visitors.address(lan.cookies["motcua_chat"]), [notice])
            _, told = await tab.event()
        assert told["text"] == "Mai thứ Ba xã tiếp dân"
        assert told["choices"] == [{"id": "t", "label": "Hỏi thủ tục"}]
        assert "Mai thứ Ba xã tiếp dân" in Page(await lan.get("/")).words
    with pytest.raises(DeliveryError) as error:
        await channel.send("nobody", [Reply("x")])
    assert error.value.outcome is DeliveryOutcome.GONE


async def test_nobody_hears_what_another_is_told(lan: httpx.AsyncClient, services: Services) -> None:
    transport = lan._transport
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as minh:
        (hello,) = await ask(minh, "xin chào")
        async with listening(minh, f"/api/chat/updates?after={hello['number']}") as tab:
            await ask(lan)
            (own,) = await ask(minh, "cảm ơn")
            assert (await tab.event())[1] == own


async def test_a_stranger_is_told_not_to_come_back(lan: httpx.AsyncClient) -> None:
    assert (await lan.get("/api/chat/updates")).status_code == 204
    await lan.get("/")
    assert (await lan.get("/api/chat/updates")).status_code == 204, "who has said nothing has no news either"


@pytest.mark.parametrize("last", ["", "x", "-1", "9" * 40, "1;2"])
async def test_a_strange_event_id_means_from_the_beginning(lan: httpx.AsyncClient, last: str) -> None:
    (reply,) = await ask(lan)
    async with listening(lan, "/api/chat/updates", last_event_id=last) as tab:
        assert (await tab.event())[0] == reply["number"]
