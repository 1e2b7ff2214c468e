"""The contest of initiatives: which cases take part, who may mark until when, marks of several judges, the ranking."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from bot.clock import ZONE
from bot.events import jury
from bot.officials import accounts
from bot.officials.refused import Missing, Refused
from bot.officials.rights import Role
from bot.storage import juries, officials
from bot.storage.case_tables import cases
from bot.storage.database import Database
from bot.storage.juries import Entry, Judge, Marks, Plan
from tests.conftest import NOW

PLAN = Plan(
    name="Sáng kiến CCHC 2026",
    first_day=date(2026, 11, 1),
    last_day=date(2026, 11, 22),
    marks_until=date(2026, 11, 30),
    criteria=jury.CRITERIA,
)
IN_TIME = datetime(2026, 11, 10, 9, 0, tzinfo=ZONE)


async def official(database: Database, name: str) -> int:
    async with database.transaction() as transaction:
        profile = accounts.profile(name, [Role.HANDLER])
        return await accounts.create(transaction, name.lower(), profile, by=None, now=NOW)


async def filed(database: Database, code: str, **values: Any) -> int:
    row = {"code": code, "type": "sang_kien", "state": "moi", "channel": "web", "text": code, "folded": ""}
    async with database.transaction() as transaction:
        made = insert(cases).values({**row, "created_at": IN_TIME, **values}).returning(cases.c.id)
        return int((await transaction.execute(made)).scalar_one())


async def begun(database: Database, *judges: int, **values: Any) -> int:
    async with database.transaction() as transaction:
        return await jury.save(transaction, 0, replace(PLAN, **values), judges, now=NOW)


async def give(database: Database, number: int, marks: Marks, *, now: datetime = NOW) -> None:
    async with database.transaction() as transaction:
        await jury.mark(transaction, number, marks, now=now)


async def results(database: Database, number: int) -> list[jury.Result]:
    async with database.transaction() as transaction:
        contest = await juries.get(transaction, number)
        assert contest
        return await jury.results(transaction, contest)


async def test_entries_are_the_initiatives_of_its_days_neither_refused_nor_merged(database: Database) -> None:
    first = datetime(2026, 11, 1, tzinfo=ZONE)
    taken = [
        await filed(database, "dau-ngay", created_at=first),
        await filed(database, "cuoi-ngay", created_at=datetime(2026, 11, 22, 23, 59, 59, tzinfo=ZONE)),
        await filed(database, "da-tra-loi", state="da_tra_loi"),
    ]
    await filed(database, "som", created_at=first - timedelta(seconds=1))
    await filed(database, "muon", created_at=datetime(2026, 11, 23, tzinfo=ZONE))
    await filed(database, "tu-choi", state="tu_choi")
    await filed(database, "gop", merged_into_id=taken[0])
    await filed(database, "kin", confidential=True)
    await filed(database, "phan-anh", type="phan_anh")
    an = await official(database, "an")
    number = await begun(database, an)
    assert [result.entry.id for result in await results(database, number)] == taken
    async with database.transaction() as transaction:
        found = await juries.unmarked(transaction, an, today=NOW.date())
        assert [(contest.id, count) for contest, count in found] == [(number, 3)]
        assert await juries.unmarked(transaction, an, today=date(2026, 12, 1)) == []
        assert await juries.unmarked(transaction, an + 1, today=NOW.date()) == []


async def test_judges_mark_at_once_and_change_their_own_marks_only(database: Database) -> None:
    an, binh = await official(database, "an"), await official(database, "binh")
    entries = [await filed(database, f"SK{n}") for n in range(4)]
    number = await begun(database, an, binh)
    both = [Marks(entry, judge, [5, 5, 5], f"của {judge}") for entry in entries for judge in (an, binh)]
    await asyncio.gather(*(give(database, number, one) for one in both))
    async with database.transaction() as transaction:
        assert await juries.marks(transaction, number) == both
    twice = [Marks(entries[0], an, [value] * 3, "") for value in (9, 10)]
    await asyncio.gather(*(give(database, number, one) for one in twice))
    async with database.transaction() as transaction:
        assert (await juries.marks(transaction, number, judge=an))[0] in twice
        assert await juries.marks(transaction, number, judge=binh) == [one for one in both if one.official_id == binh]
    top = (await results(database, number))[0]
    assert (top.entry.id, top.place, top.missing) == (entries[0], 1, [])


@pytest.mark.parametrize(
    ("change", "now", "refusal", "field"),
    [
        ({"official_id": 999}, NOW, Missing, ""),
        ({"case_id": 999}, NOW, Missing, ""),
        ({"marks": [5, 5]}, NOW, Refused, ""),
        ({"marks": [5, 0, 5]}, NOW, Refused, "mark1"),
        ({"marks": [5, 5, 11]}, NOW, Refused, "mark2"),
        ({"remark": "x" * 1_001}, NOW, Refused, "remark"),
        ({}, datetime(2026, 12, 1, tzinfo=ZONE), Refused, ""),
        ({}, datetime(2026, 10, 31, 23, 59, tzinfo=ZONE), Refused, ""),
    ],
)
async def test_a_mark_that_cannot_be_is_refused(
    database: Database, change: dict[str, Any], now: datetime, refusal: type[Refused], field: str
) -> None:
    an, entry = await official(database, "an"), await filed(database, "SK1")
    number = await begun(database, an)
    right = Marks(entry, an, [1, 10, 5], "")
    with pytest.raises(refusal) as caught:
        await give(database, number, replace(right, **change), now=now)
    assert caught.value.field == field
    async with database.transaction() as transaction:
        assert await juries.marks(transaction, number) == []
    await give(database, number, right, now=datetime(2026, 11, 30, 23, 59, tzinfo=ZONE))


async def test_closing_agrees_to_what_is_missing_and_ends_all_change(database: Database) -> None:
    an, binh = await official(database, "an"), await official(database, "binh")
    entry = await filed(database, "SK1")
    number = await begun(database, an, binh, last_day=NOW.date())
    tomorrow = NOW + timedelta(days=1)

    async def close(agreed: int, now: datetime) -> None:
        async with database.transaction() as transaction:
            await jury.close(transaction, number, agreed, now=now)

    with pytest.raises(Refused, match="nhận bài"):
        await close(2, NOW)
    await give(database, number, Marks(entry, an, [8, 8, 8], ""))
    with pytest.raises(Refused, match="vừa thay đổi"):
        await close(2, tomorrow)
    await close(1, tomorrow)
    with pytest.raises(Refused, match="đóng rồi"):
        await close(1, tomorrow)
    with pytest.raises(Refused, match="đã đóng"):
        await give(database, number, Marks(entry, binh, [1, 1, 1], ""), now=tomorrow)
    async with database.transaction() as transaction:
        with pytest.raises(Refused, match="đã đóng"):
            await jury.save(transaction, number, PLAN, [an, binh], now=tomorrow)
    (result,) = await results(database, number)
    assert (result.place, result.total) == (1, Fraction(24))
    assert [judge.id for judge in result.missing] == [binh]


async def test_what_was_marked_for_cannot_be_changed(database: Database) -> None:
    an, binh = await official(database, "an"), await official(database, "binh")
    entry = await filed(database, "SK1")
    number = await begun(database, an, binh)

    async def save(plan: Plan, *judges: int) -> None:
        async with database.transaction() as transaction:
            await jury.save(transaction, number, plan, judges, now=NOW)

    await save(replace(PLAN, criteria=["Tính mới", "Hiệu quả"]), an, binh)
    await give(database, number, Marks(entry, an, [8, 8], ""))
    for plan, judges, field in (
        (PLAN, (an, binh), "criteria"),
        (replace(PLAN, criteria=["Tính mới", "Hiệu quả"]), (binh,), "judges"),
        (replace(PLAN, criteria=["Tính mới", "Hiệu quả"]), (an, 999), "judges"),
        (replace(PLAN, criteria=["Tính mới", "tính mới"]), (an,), "criteria"),
        (replace(PLAN, criteria=["x" * 61]), (an,), "criteria"),
        (replace(PLAN, last_day=date(2026, 10, 1)), (an,), "last_day"),
        (replace(PLAN, marks_until=date(2026, 11, 21)), (an,), "marks_until"),
        (replace(PLAN, name=""), (an,), "name"),
        (PLAN, (), "judges"),
    ):
        with pytest.raises(Refused) as caught:
            await save(plan, *judges)
        assert caught.value.field == field
    async with database.transaction() as transaction:
        await officials.disable(transaction, an, now=NOW)
    await save(replace(PLAN, name="Tên khác", criteria=["Tính mới", "Hiệu quả"]), an)
    async with database.transaction() as transaction:
        assert [judge.id for judge in await juries.judges(transaction, number)] == [an]
        with pytest.raises(Refused, match="tài khoản"):
            await jury.save(transaction, 0, PLAN, [an], now=NOW)


JUDGES = [Judge(n, f"Giám khảo {n}") for n in range(3)]
ROWS = st.lists(
    st.tuples(*[st.none() | st.lists(st.integers(1, 10), min_size=2, max_size=2)] * len(JUDGES)), max_size=8
)


@given(ROWS)
def test_averages_and_places_hold_for_any_marks(rows: Sequence[Sequence[Sequence[int] | None]]) -> None:
    entries = [Entry(n, f"SK{n}", "", 0, ()) for n in range(len(rows))]
    marks = [Marks(n, j, given, "") for n, row in enumerate(rows) for j, given in enumerate(row) if given]
    found = jury.ranked(entries, JUDGES, marks)
    assert sorted(result.entry.id for result in found) == list(range(len(rows)))
    for result in found:
        row = rows[result.entry.id]
        have = [given for given in row if given]
        assert [judge.id for judge in result.missing] == [n for n, given in enumerate(row) if not given]
        assert (result.place is None) == (not have)
        if have:
            assert result.total * len(have) == sum(map(sum, have))
            assert all(1 <= average <= 10 for average in result.averages)
    placed = [(result.place, result.total) for result in found if result.place]
    assert found[len(placed) :] == [result for result in found if result.place is None]
    for position, (place, total) in enumerate(placed):
        assert place == 1 + [other for _, other in placed].index(total)
        assert position == 0 or placed[position - 1][1] >= total
