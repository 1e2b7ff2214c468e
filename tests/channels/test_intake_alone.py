"""Two processes that hear one channel: both keep what comes, one acts on it, the other takes over when it ends."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels import intake
from bot.channels.intake import Intake
from bot.storage import alone
from bot.storage.database import Database
from tests.conftest import NOW
from tests.doubles import PATIENCE

ROOT = Path(__file__).parents[2]
HOLDER = """
import asyncio, sys
from bot.storage.database import Database

async def hold() -> None:
    async with Database.open(sys.argv[1]).alone("inbox-telegram"):
        print("held", flush=True)
        await asyncio.Event().wait()

asyncio.run(hold())
"""


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone, "TRY_SECONDS", 0.5)
    monkeypatch.setattr(intake, "LOOK_SECONDS", 0.3)


@pytest.fixture
def url(database: Database) -> str:
    return database._engine.url.render_as_string(hide_password=False).replace("+aiosqlite", "")


@pytest.fixture
async def elsewhere(url: str) -> AsyncIterator[Database]:
    """The same database, opened by another process."""
    opened = Database.open(url)
    yield opened
    await opened.close()


async def until(acted: list[str], count: int) -> None:
    """Wait until so many are acted on and closed: a stop in the midst of a transaction would leave its connection."""
    async with asyncio.timeout(PATIENCE):
        while len(acted) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.1)


async def test_each_update_is_acted_on_once_and_in_order(database: Database, elsewhere: Database) -> None:
    acted: list[str] = []

    def hearing(where: Database, name: str) -> Intake:
        async def act(body: str) -> None:
            await asyncio.sleep(0.002)
            acted.append(f"{name} {body}")

        return Intake("telegram", where, act, lane_of=lambda body: body[:3], now=lambda: NOW)

    first, second = hearing(database, "một"), hearing(elsewhere, "hai")
    working = asyncio.create_task(first.run())
    await first.take("0", "lan 0")
    await until(acted, 1)
    waiting = asyncio.create_task(second.run())
    for number in range(1, 20):
        await (first, second)[number % 2].take(str(number), f"lan {number}")
    await until(acted, 20)
    assert acted == [f"một lan {number}" for number in range(20)]
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await first.take("20", "lan 20")
    await until(acted, 21)
    assert acted[20:] == ["hai lan 20"]
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_who_is_killed_lets_go(database: Database, url: str) -> None:
    command = [sys.executable, "-c", HOLDER, url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:  # noqa: ASYNC220
        assert other.stdout
        assert await asyncio.to_thread(other.stdout.readline) == "held\n"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3), database.alone("inbox-telegram"):
                raise AssertionError("two at once")
        other.kill()
    async with asyncio.timeout(PATIENCE), database.alone("inbox-telegram"):
        pass


async def test_another_work_is_not_kept_waiting(database: Database, elsewhere: Database) -> None:
    async with asyncio.timeout(PATIENCE), database.alone("inbox-telegram"), elsewhere.alone("inbox-zalo_oa"):
        pass
