"""The Zalo bot against a Bot Platform that others wrote: @openclaw/crabline, from npm (tests/crabline).

Our own double only knows what we believe; this one was written from Zalo's documents by somebody else.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.web.app import create_app
from bot.channels.zalo_bot.service import ZaloBotChannel
from handlers.services import Services
from tests.channels.shared import AtWork
from tests.channels.zalo import with_bot
from tests.doubles import PATIENCE
from tests.doubles_zalo_bot import BOT_SECRET, BOT_TOKEN
from tests.serving import Served

HOME = Path(__file__).parents[1] / "crabline"
CRABLINE = HOME / "node_modules" / ".bin" / "crabline"
PAPERS, PAPERS_CARD = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"
ADMIN = "chi-de-thu-nghiem-quan-tri"

pytestmark = [
    pytest.mark.crabline,
    pytest.mark.skipif(not CRABLINE.exists(), reason="needs `npm ci --prefix tests/crabline`"),
]


@dataclass
class Crabline:
    """The server: what people say goes in, what the bot calls is read from its record."""

    url: str
    record: Path

    async def say(self, person: str, text: str) -> httpx.Response:
        said = {"chatId": person, "senderId": person, "text": text}
        async with httpx.AsyncClient(trust_env=False) as client:
            headers = {"authorization": f"Bearer {ADMIN}"}
            return await client.post(f"{self.url}/crabline/zalo/inbound", json=said, headers=headers)

    def called(self, method: str) -> list[dict[str, Any]]:
        lines = self.record.read_text(encoding="utf-8").splitlines() if self.record.exists() else []
        events = [json.loads(line) for line in lines]
        return [event for event in events if str(event.get("path")).endswith(f"/{method}")]

    async def until_called(self, method: str, times: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(PATIENCE):
            while len(self.called(method)) < times:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return self.called(method)


@pytest.fixture
async def crabline(tmp_path: Path) -> AsyncIterator[Crabline]:
    record = tmp_path / "zalo.jsonl"
    environment = {**os.environ, "CRABLINE_BOT_TOKEN": BOT_TOKEN, "CRABLINE_ADMIN_TOKEN": ADMIN}
    process = await asyncio.create_subprocess_exec(
        str(CRABLINE), "serve", "zalo", "--recorder", str(record), env=environment, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Crabline(await _address(process), record)
    finally:
        process.terminate()
        await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout
    async with asyncio.timeout(PATIENCE):
        async for line in process.stdout:
            if "apiRoot: " in line.decode():
                return line.decode().partition("apiRoot: ")[2].strip()
    raise AssertionError("crabline did not start")


@asynccontextmanager
async def bot(services: Services, crabline: Crabline, mode: str) -> AsyncIterator[AtWork[ZaloBotChannel]]:
    """The bot at work, its webhook on a loopback address: crabline calls no other without https."""
    called = with_bot(services, crabline.url, mode=mode)
    site = Served(Starlette())
    here = replace(called, config=replace(called.config, web=replace(called.config.web, public_url=site.url)))
    channel = ZaloBotChannel(here)
    site.app = create_app(here, routes=channel.routes)
    async with site, AtWork(here, channel, "zalo_bot") as work:
        yield work


async def test_people_are_answered_by_polling(services: Services, crabline: Crabline) -> None:
    async with bot(services, crabline, "polling") as work:
        await crabline.until_called("getUpdates", 1)
        for person in ("lan", "minh"):
            assert (await crabline.say(person, PAPERS)).status_code == 200
        sent = await crabline.until_called("sendMessage", 4)
        assert await work.idles() == 0
    assert all(event["accepted"] for event in sent)
    assert {event["body"]["chat_id"] for event in sent if PAPERS_CARD in event["body"]["text"]} == {"lan", "minh"}
    assert crabline.called("deleteWebhook")
    assert crabline.called("sendChatAction")


async def test_people_are_answered_by_webhook(services: Services, crabline: Crabline) -> None:
    async with bot(services, crabline, "webhook") as work:
        (registered,) = await crabline.until_called("setWebhook", 1)
        assert registered["body"]["url"].endswith("/webhook/zalo-bot")
        async with asyncio.timeout(PATIENCE):
            while (pushed := await crabline.say("lan", PAPERS)).status_code == 409:  # noqa: ASYNC110 (still being registered)
                await asyncio.sleep(0.02)
        assert pushed.status_code == 200, pushed.text
        sent = await crabline.until_called("sendMessage", 2)
        assert await work.idles() == 0
    assert any(PAPERS_CARD in event["body"]["text"] for event in sent)
    assert BOT_SECRET not in crabline.record.read_text(encoding="utf-8")
