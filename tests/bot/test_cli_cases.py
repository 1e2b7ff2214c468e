"""`motcua cases`, on a database that was filled while nobody looked."""

import asyncio
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.storage.database import Database, upgrade
from tests.bot.conftest import Motcua
from tests.bot.test_case_storage import filed

OPEN, SECRET = "PA-2026-000001-M", "PA-2026-000002-P"


@pytest.fixture
def filled(motcua: Motcua, tmp_path: Path) -> Motcua:
    async def fill() -> None:
        database = Database.open(f"sqlite:///{tmp_path}/cli.db")
        async with database.transaction() as transaction:
            await filed(transaction, OPEN)
            await filed(transaction, SECRET, confidential=True, type="to_cao", text="chuyện kín")
        await database.close()

    upgrade(f"sqlite:///{tmp_path}/cli.db")
    asyncio.run(fill())
    return motcua


def test_a_list_without_what_is_confidential(filled: Motcua) -> None:
    code, out, err = filled("cases", "list")
    assert (code, err) == (0, "")
    assert OPEN in out
    assert SECRET not in out


def test_one_case_as_scripts_read_it(filled: Motcua) -> None:
    code, out, _ = filled("cases", "show", OPEN.lower(), "--json")
    shown = json.loads(out)
    assert code == 0
    keys = ["code", "type", "state", "text", "attachments", "due", "channel", "created_at", "history"]
    assert list(shown) == keys
    assert (shown["code"], shown["state"], shown["text"]) == (OPEN, "moi", "Đèn đường hỏng")
    assert "Đèn đường hỏng" in filled("cases", "show", OPEN)[1]


@pytest.mark.parametrize("asked", ["PA-2026-000009-E", "không phải mã", SECRET])
def test_what_cannot_be_shown_is_told_in_one_line(filled: Motcua, asked: str) -> None:
    code, out, err = filled("cases", "show", asked)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "chuyện kín" not in err


def test_the_register_in_a_file(filled: Motcua, tmp_path: Path) -> None:
    assert filled("cases", "export", str(tmp_path / "so.xlsx"))[0] == 0
    sheet = load_workbook(tmp_path / "so.xlsx").active
    assert sheet is not None
    values = [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value]
    assert OPEN in values
    assert not any("chuyện kín" in value for value in values)
    assert filled("cases", "export", str(tmp_path / "so.csv"))[0] == 2
