"""The doctor on the knowledge base, the clock and the port."""

import asyncio
import shutil
import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.web import server
from bot.channels.web.outbound import WebChannel
from bot.doctor import knowledge, machine
from bot.doctor.findings import Finding
from bot.settings import Config
from handlers.services import Services
from knowledge import loading
from tests.bot.doctor.looking import BROKEN, LOOK, WELL, now, one
from tests.bot.doctor.test_telegram import at
from tests.conftest import NOW


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A knowledge base of our own to spoil."""
    return Path(shutil.copytree(loading.HOME, tmp_path / "knowledge", ignore=shutil.ignore_patterns("__pycache__")))


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_knowledge_base_that_was_edited_is_told(home: Path) -> None:
    assert [finding.verdict for finding in knowledge.examine(NOW, home)] == [WELL]
    entry = home / "entries" / "ho-tich" / "ket-hon.toml"
    rewrite(entry, "confidence =", "valid_until = 2026-01-01\nconfidence =")
    expired = one(knowledge.examine(NOW, home), "kho kiến thức: hiệu lực")
    assert (expired.verdict, "ket-hon" in expired.told) == (LOOK, True)
    rewrite(entry, 'title = "', 'title = "Việc ')
    assert one(knowledge.examine(NOW, home), "kho kiến thức: đã học").verdict is LOOK
    rewrite(entry, "title =", "tieu_de =")
    faulty = one(knowledge.examine(NOW, home), "kho kiến thức")
    assert (faulty.verdict, "tieu_de" in faulty.told) == (BROKEN, True)


async def test_a_clock_that_is_behind_is_told(settings: Config) -> None:
    found = await machine.examine(settings, now=lambda: NOW - timedelta(days=365))
    assert one(found, "đồng hồ và múi giờ").verdict is BROKEN
    assert one(await machine.examine(settings, now=now), "đồng hồ và múi giờ").verdict is WELL


async def on_port(settings: Config, port: int) -> list[Finding]:
    return await machine.examine(replace(settings, web=replace(settings.web, port=port)), now=now)


async def test_a_port_is_free_ours_or_anothers(settings: Config, services: Services) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        other.settimeout(0)
        refusing = asyncio.create_task(_hang_up(other))
        taken = one(await on_port(settings, port), f"cổng {port}")
        refusing.cancel()
    assert (taken.verdict, "không phải chương trình này" in taken.told) == (BROKEN, True)
    assert one(await on_port(settings, port), f"cổng {port}").verdict is LOOK
    listener = server.listen(replace(services.config.web, port=port))
    web = WebChannel(services.database, now=services.now)
    with_token = replace(services, config=at("http://127.0.0.1:9", services.config))
    serving = asyncio.create_task(server.serve(with_token, listener, channel=web, routes=[]))
    services.health.of("telegram").failed("NetworkError", NOW)
    found = await on_port(settings, port)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert one(found, f"cổng {port}").verdict is WELL
    assert "NetworkError" in one(found, "kênh telegram").told


async def _hang_up(other: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while True:
        connection, _ = await loop.sock_accept(other)
        connection.close()
