"""A contest that was closed and announced: whatever becomes of its entries afterwards, the ranking stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.console import contest as page
from bot.events import jury
from bot.officials.refused import Refused
from bot.privacy.forgetting import WISH, forget_case
from bot.storage import cases as case_rows
from bot.storage import juries, officials
from bot.storage.case_tables import cases
from bot.storage.database import Database
from bot.storage.juries import Marks
from tests.conftest import NOW
from tests.events.test_jury import begun, filed, give, official, results

LATER = NOW + timedelta(days=1)


def ranking(found: list[jury.Result]) -> list[tuple[int | None, str, float]]:
    return [(result.place, result.entry.code, float(result.total)) for result in found]


async def closed(database: Database) -> tuple[int, int, int]:
    """Let Lan's and Hùng's initiatives be marked and the contest be closed; return it and the two cases."""
    an = await official(database, "An")
    lan, hung = await filed(database, "SK-LAN", text="Dán mã QR"), await filed(database, "SK-HUNG")
    number = await begun(database, an)
    await give(database, number, Marks(lan, an, [9, 9, 9], "hay"))
    await give(database, number, Marks(hung, an, [5, 5, 5], ""))
    async with database.transaction() as transaction:
        await jury.close(transaction, number, 0, now=LATER)
    return number, lan, hung


CHANGES: dict[str, Callable[[int], dict[str, Any]]] = {
    "merged": lambda other: {"merged_into_id": other},
    "refused": lambda other: {"state": "tu_choi"},
    "of another type": lambda other: {"type": "gop_y"},
    "forgotten": lambda other: {"text": "Dán […]", "reporter_name": "", "forgotten_at": LATER},
    "confidential": lambda other: {"type": "to_cao", "confidential": True},
}


@pytest.mark.parametrize("name", list(CHANGES))
async def test_the_winner_stays_whatever_becomes_of_the_case(database: Database, name: str) -> None:
    number, lan, hung = await closed(database)
    async with database.transaction() as transaction:
        await transaction.execute(update(cases).where(cases.c.id == lan).values(CHANGES[name](hung)))
    found = await results(database, number)
    assert ranking(found) == [(1, "SK-LAN", 27), (2, "SK-HUNG", 15)]
    assert [one.remark for one in found[0].given] == ["hay"]
    assert name != "confidential" or page.words(found[0].entry) == "(không có lời hiện ở đây)"


async def test_nobody_joins_afterwards(database: Database) -> None:
    number, _, _ = await closed(database)
    turned = await filed(database, "SK-MUON", type="gop_y")
    await filed(database, "SK-SOT")
    async with database.transaction() as transaction:
        await transaction.execute(update(cases).where(cases.c.id == turned).values(type="sang_kien"))
    assert [code for _, code, _ in ranking(await results(database, number))] == ["SK-LAN", "SK-HUNG"]


async def test_a_judge_who_leaves_the_office_keeps_the_marks_given(database: Database) -> None:
    number, _, _ = await closed(database)
    async with database.transaction() as transaction:
        (judge,) = await juries.judges(transaction, number)
        await officials.disable(transaction, judge.id, now=LATER)
        assert await juries.judges(transaction, number) == [judge]
    assert ranking(await results(database, number)) == [(1, "SK-LAN", 27), (2, "SK-HUNG", 15)]


async def test_before_closing_the_list_follows_the_cases(database: Database) -> None:
    an, first, second = await official(database, "An"), await filed(database, "SK1"), await filed(database, "SK2")
    number = await begun(database, an)
    async with database.transaction() as transaction:
        await transaction.execute(update(cases).where(cases.c.id == first).values(merged_into_id=second))
        with pytest.raises(Refused, match="vừa thay đổi"):
            await jury.close(transaction, number, 2, now=LATER)
    async with database.transaction() as transaction:
        await jury.close(transaction, number, 1, now=LATER)
    assert [code for _, code, _ in ranking(await results(database, number))] == ["SK2"]


async def test_what_a_judge_wrote_of_a_citizen_who_is_forgotten_is_masked(database: Database) -> None:
    an, binh = await official(database, "An"), await official(database, "Bình")
    lan, hung = await filed(database, "SK-LAN", reporter_name="Nguyễn Thị Lan"), await filed(database, "SK-HUNG")
    number = await begun(database, an, binh)
    for one in (
        Marks(lan, an, [9, 9, 9], "Hay, Nguyễn Thị Lan ạ"),
        Marks(hung, an, [5, 5, 5], "Cần rẻ hơn"),
    ):
        await give(database, number, one)
    await give(database, number, Marks(lan, binh, [7, 7, 7], ""))
    async with database.transaction() as transaction:
        await jury.close(transaction, number, 1, now=LATER)
        case = await case_rows.by_id(transaction, lan)
        assert case
        await forget_case(transaction, case, why=WISH, now=LATER)
    found = await results(database, number)
    assert ranking(found) == [(1, "SK-LAN", 24), (2, "SK-HUNG", 15)]
    (of_an, of_binh), (of_another,) = found[0].given, found[1].given
    assert of_an.remark.startswith("Hay")
    assert "Lan" not in of_an.remark
    assert (of_binh.remark, of_another.remark) == ("", "Cần rẻ hơn")


async def test_a_contest_that_nobody_entered_can_be_closed_and_stays_empty(database: Database) -> None:
    number = await begun(database, await official(database, "An"))
    async with database.transaction() as transaction:
        await jury.close(transaction, number, 0, now=LATER)
    await filed(database, "SK-MUON")
    assert await results(database, number) == []
