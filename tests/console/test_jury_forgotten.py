"""A closed contest and a citizen who is forgotten: place, code and marks stay, her name and numbers do not."""

import io
from datetime import timedelta

import openpyxl
import pytest

from bot.officials.rights import Role
from bot.privacy import retention
from bot.privacy.forgetting import forget_person
from tests.console.case_world import World, world
from tests.console.test_jury_pages import begun, entry, marks

__all__ = ["world"]


@pytest.mark.parametrize("why", ["her wish", "the time to keep it is over"])
async def test_who_is_forgotten_keeps_the_place_and_loses_the_name(world: World, why: str) -> None:
    thu, an = await world.at_work("thu", Role.LEADER), await world.at_work("an", Role.HANDLER)
    lan, hung = await entry(world), await entry(world, "Lập nhóm nhắc hẹn", by="hung", name="", phone="")
    await begun(world, thu, "an")
    for case, given in ((lan, marks(9, 8, remark="Của chị Nguyễn Thị Lan, 0912345678: hay")), (hung, marks(5, 5))):
        await an.open(f"/sang-kien/1/bai/{case.code}")
        assert (await an.send(f"/sang-kien/1/bai/{case.code}", given)).status_code == 303
    await thu.open("/sang-kien/1/dong")
    assert (await thu.send("/sang-kien/1/dong", {"missing": "0"})).status_code == 303
    database, now = world.office.database, world.office.now()
    finished = await world.change(lan, state="dong", closed_at=now)
    if why == "her wish":
        assert finished.person_id
        async with database.transaction() as transaction:
            await forget_person(transaction, finished.person_id, world.office.texts, now=now)
    else:
        assert await retention.forget_cases(database, months=1, now=now + timedelta(days=40)) == 1
    content = (await thu.open("/sang-kien/1/ket-qua.xlsx")).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[:2] + row[3:6] for row in rows] == [[1, lan.code, 9, 8, 17], [2, hung.code, 5, 5, 10]]
    await an.open(f"/sang-kien/1/bai/{lan.code}")
    assert "Hạng 1, tổng 17" in an.words
    for seen in (str(rows), an.words):
        assert "hay" in seen
        assert [word for word in ("Nguyễn Thị", "Lan", "0912", "0987", "Cây Đa") if word in seen] == []
