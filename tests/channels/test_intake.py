"""Updates are acted on at least once, a person's in order, whatever the database or the action does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import insert

from bot.channels.intake import Intake
from bot.messages import DeliveryError, DeliveryOutcome
from bot.storage import inbox, tables
from bot.storage.database import Database, StorageError
from handlers.services import Services
from tests.channels.shared import FlyingTime, rows
from tests.conftest import NOW
from tests.doubles import PATIENCE


@pytest.fixture
def database(services: Services) -> Database:
    return services.database


@asynccontextmanager
async def at_work(database: Database, act: Callable[[str], Awaitable[None]]) -> AsyncIterator[Intake]:
    """An intake at work; the first letter of an update's body is whose it is."""
    intake = Intake("telegram", database, act, lane_of=lambda body: body[:1], now=lambda: NOW)
    working = asyncio.create_task(intake.run())
    yield intake
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def settled(services: Services, count: int) -> list[dict[str, Any]]:
    """Wait until so many updates are done; return them."""
    async with asyncio.timeout(PATIENCE):
        while True:
            done = [row for row in await rows(services, tables.inbox) if row["done"]]
            if len(done) >= count:
                return done
            await asyncio.sleep(0.005)


async def test_an_action_that_the_database_failed_is_done_again(
    services: Services, database: Database, time: FlyingTime
) -> None:
    acted: list[str] = []

    async def act(body: str) -> None:
        acted.append(body)
        if len(acted) < 3:
            raise StorageError("ổ đĩa đã đầy")

    async with at_work(database, act) as intake:
        await intake.take("1", "lan")
        (row,) = await settled(services, 1)
    assert acted == ["lan"] * 3
    assert row["fault"] is None


async def test_an_action_done_is_not_repeated_when_noting_it_fails(
    services: Services, database: Database, time: FlyingTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    acted: list[str] = []
    finish, failures = inbox.finish, iter([True, True, False])

    async def fails_twice(transaction: Any, update: int) -> None:
        if next(failures):
            raise StorageError("cơ sở dữ liệu đang bị chương trình khác giữ")
        await finish(transaction, update)

    async def act(body: str) -> None:
        acted.append(body)

    monkeypatch.setattr(inbox, "finish", fails_twice)
    async with at_work(database, act) as intake:
        await intake.take("1", "lan")
        await settled(services, 1)
    assert acted == ["lan"]


@pytest.mark.parametrize(
    ("error", "fault"),
    [(DeliveryError(DeliveryOutcome.GONE, "bị chặn"), None), (ValueError("hỏng"), "ValueError: hỏng")],
)
async def test_only_a_fault_of_our_own_is_set_aside(
    services: Services, database: Database, error: Exception, fault: str | None
) -> None:
    async def act(body: str) -> None:
        raise error

    async with at_work(database, act) as intake:
        await intake.take("1", "lan")
        (row,) = await settled(services, 1)
    assert row["fault"] == fault
    assert bool(row["body"]) is bool(fault), "what was acted on is forgotten"


async def test_a_persons_updates_wait_for_each_other_and_for_nobody_else(
    services: Services, database: Database
) -> None:
    begun: list[str] = []
    go_on = asyncio.Event()

    async def act(body: str) -> None:
        begun.append(body)
        if body == "lan 1":
            await go_on.wait()

    async with at_work(database, act) as intake:
        for number, body in enumerate(("lan 1", "lan 2", "minh 1", "hoa 1", "lan 3")):
            await intake.take(str(number), body)
        await settled(services, 2)
        assert sorted(begun) == ["hoa 1", "lan 1", "minh 1"]
        go_on.set()
        await settled(services, 5)
    assert [body for body in begun if body.startswith("lan")] == ["lan 1", "lan 2", "lan 3"]


async def test_more_than_is_held_in_hand_is_acted_on_all_the_same(
    services: Services, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.intake.MOST_IN_HAND", 3)
    monkeypatch.setattr("bot.channels.intake.MOST_AT_ONCE", 2)
    acted: list[str] = []

    async def act(body: str) -> None:
        acted.append(body)

    async with at_work(database, act) as intake:
        for number in range(70):
            await intake.take(str(number), f"{number}")
        await settled(services, 70)
    assert sorted(map(int, acted)) == list(range(70))


async def test_an_update_that_becomes_visible_late_is_acted_on(services: Services, database: Database) -> None:
    """On PostgreSQL a lower id can be committed after a higher one."""
    acted: list[str] = []

    async def act(body: str) -> None:
        acted.append(body)

    async def appears(number: int, body: str) -> None:
        row = {"id": number, "channel": "telegram", "update_key": body, "body": body, "received_at": NOW}
        async with database.transaction() as transaction:
            await transaction.execute(insert(tables.inbox).values(row))

    await appears(9, "minh")
    async with at_work(database, act) as intake:
        await settled(services, 1)
        await appears(5, "lan")
        await intake.take("hoa", "hoa")
        await settled(services, 3)
    assert acted[0] == "minh"
    assert sorted(acted[1:]) == ["hoa", "lan"]


async def test_what_a_stop_interrupted_is_done_by_the_next_start(services: Services, database: Database) -> None:
    begun = asyncio.Event()

    async def hangs(body: str) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def act(body: str) -> None:
        assert body == "lan"

    async with at_work(database, hangs) as intake:
        await intake.take("1", "lan")
        await begun.wait()
    async with at_work(database, act):
        (row,) = await settled(services, 1)
    assert row["fault"] is None


async def test_updates_that_come_together_are_written_together(
    services: Services, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    store_all = inbox.store_all

    async def counts(transaction: Any, channel: str, updates: Any, **more: Any) -> None:
        written.append(len(updates))
        await store_all(transaction, channel, updates, **more)

    monkeypatch.setattr(inbox, "store_all", counts)

    async def act(body: str) -> None:
        pass

    async with at_work(database, act) as intake:
        await asyncio.gather(*(intake.take(str(number % 200), f"{number}") for number in range(250)))
        await settled(services, 200)
    assert sum(written) == 250
    assert len(written) <= 4
    assert len(await rows(services, tables.inbox)) == 200


async def test_each_of_those_that_cannot_be_written_is_told(
    services: Services, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_all, failures = inbox.store_all, iter([StorageError("ổ đĩa đã đầy"), ValueError("hỏng")])

    async def fails_twice(transaction: Any, channel: str, updates: Any, **more: Any) -> None:
        if error := next(failures, None):
            raise error
        await store_all(transaction, channel, updates, **more)

    monkeypatch.setattr(inbox, "store_all", fails_twice)

    async def act(body: str) -> None:
        pass

    async with at_work(database, act) as intake:
        for why in ("ổ đĩa đã đầy", "chưa ghi được"):
            told = await asyncio.gather(*(intake.take(str(n), "lan") for n in range(3)), return_exceptions=True)
            assert [str(error) for error in told] == [why] * 3
            assert all(isinstance(error, StorageError) for error in told)
        await intake.take("1", "lan")
        await settled(services, 1)
