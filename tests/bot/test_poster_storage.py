"""Posters on both databases: places, counts by day, what may be forgotten."""

from datetime import date

from bot.storage import announcements, posters
from bot.storage.announcements import Draft
from bot.storage.database import Database
from tests.conftest import NOW

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


async def test_counts_grow_by_place_and_day(database: Database) -> None:
    async with database.transaction() as transaction:
        number = await announcements.create(transaction, Draft(title="Tin", body="x", author="an"), now=NOW)
        first = await posters.add(transaction, number, "Chợ", now=NOW)
        second = await posters.add(transaction, number, "Trạm y tế", now=NOW)
        assert await posters.add(transaction, number, "Chợ", now=NOW) == first, "one place, one code"
        for day in (MONDAY, MONDAY, TUESDAY):
            await posters.count(transaction, second.code, "visits", day=day)
        await posters.count(transaction, second.code, "conversations", day=TUESDAY)
    async with database.transaction() as transaction:
        found = await posters.tallies(transaction)
        assert [(one.place, one.visits, one.conversations) for one in found] == [("Trạm y tế", 3, 1), ("Chợ", 0, 0)]
        (one, _) = await posters.tallies(transaction, announcement=number, since=TUESDAY, until=TUESDAY)
        assert (one.visits, one.conversations) == (1, 1)
        assert await posters.tallies(transaction, announcement=number + 1) == []


async def test_only_a_poster_nobody_came_by_is_forgotten(database: Database) -> None:
    async with database.transaction() as transaction:
        number = await announcements.create(transaction, Draft(title="Tin", body="x", author="an"), now=NOW)
        used, unused = [await posters.add(transaction, number, place, now=NOW) for place in ("Chợ", "Đình")]
        await posters.count(transaction, used.code, "visits", day=MONDAY)
        assert not await posters.remove(transaction, used.code, announcement=number)
        assert not await posters.remove(transaction, unused.code, announcement=number + 1)
        assert await posters.remove(transaction, unused.code, announcement=number)
        assert await posters.find(transaction, unused.code) is None
        assert await posters.find(transaction, used.code.upper()) == used


async def test_a_code_can_be_typed_from_paper(database: Database) -> None:
    async with database.transaction() as transaction:
        number = await announcements.create(transaction, Draft(title="Tin", body="x", author="an"), now=NOW)
        made = {(await posters.add(transaction, number, f"Nơi {i}", now=NOW)).code for i in range(50)}
    assert len(made) == 50
    assert all(len(code) == posters.CODE_LENGTH and not set(code) & set("0o1il") for code in made)
