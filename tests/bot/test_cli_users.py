"""`motcua users`, as an operator and a script use it."""

import asyncio
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.officials import accounts
from bot.officials.passwords import Passwords
from bot.officials.signing_in import Door
from bot.storage import officials
from bot.storage.database import Database
from tests.bot.conftest import Motcua
from tests.conftest import NOW

PASSWORD, NEW = "bon con trau tren doi cat", "nam cay cau truoc ngo"
LAN = ("users", "add", "lan", "--role", "tiep_nhan", "--role", "xu_ly", "--full-name", "Nguyễn Thị Lan")

Type = Callable[[str], None]


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Type:
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def may_enter(tmp_path: Path, name: str, password: str) -> bool:
    async def tried() -> bool:
        database = Database.open(f"sqlite:///{tmp_path}/cli.db")
        entered = await Door(database, Passwords(), now=lambda: NOW).enter(name, password, device="máy")
        await database.close()
        return entered is not None

    return asyncio.run(tried())


def test_an_account_is_added_listed_shut_opened_and_given_a_new_password(
    motcua: Motcua, types: Type, tmp_path: Path
) -> None:
    types(f"{PASSWORD}\n")
    assert motcua(*LAN, "--unit", "Văn phòng", "--password-stdin") == (0, "Đã lập tài khoản lan.\n", "")
    assert may_enter(tmp_path, "lan", PASSWORD)
    types(PASSWORD)
    assert motcua("users", "add", "truong", "--role", "quan_tri", "--password-stdin")[0] == 0
    assert motcua("users", "list")[1].splitlines() == [
        "lan\tNguyễn Thị Lan\ttiep_nhan,xu_ly\tVăn phòng\tmột bước\tđang dùng",
        "truong\ttruong\tquan_tri\t\tmột bước\tđang dùng",
    ]
    assert motcua("users", "disable", "lan")[0] == 0
    assert not may_enter(tmp_path, "lan", PASSWORD)
    assert "đã khóa" in motcua("users", "list")[1]
    assert motcua("users", "enable", "lan")[0] == 0
    types(f"{NEW}\r\n")
    assert motcua("users", "password", "lan", "--password-stdin")[0] == 0
    assert not may_enter(tmp_path, "lan", PASSWORD)
    assert may_enter(tmp_path, "lan", NEW)


def test_a_lost_second_factor_is_dropped_at_the_machine(motcua: Motcua, types: Type, tmp_path: Path) -> None:
    types(PASSWORD)
    motcua(*LAN, "--password-stdin")

    async def turn_on() -> None:
        database = Database.open(f"sqlite:///{tmp_path}/cli.db")
        async with database.transaction() as transaction:
            lan = await accounts.find(transaction, "lan")
            await officials.set_second_factor(transaction, lan.id, secret="A" * 32)
        await database.close()

    asyncio.run(turn_on())
    for arguments, shown in (((), "hai bước"), (("--drop-second-factor",), "một bước")):
        types(NEW)
        assert motcua("users", "password", "lan", "--password-stdin", *arguments)[0] == 0
        assert shown in motcua("users", "list")[1]


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        ((*LAN, "--password-stdin"), "ngắn\n", "ít nhất 14"),
        ((*LAN, "--password-stdin"), "", "ít nhất 14"),
        (LAN, PASSWORD, "--password-stdin"),
        (("users", "add", "lan", "--password-stdin"), PASSWORD, "chọn vai trò trong: tiep_nhan"),
        (("users", "add", "lan", "--role", "vua", "--password-stdin"), PASSWORD, "chọn vai trò trong: tiep_nhan"),
        (("users", "add", "Lận", "--role", "xu_ly", "--password-stdin"), PASSWORD, "viết không dấu"),
        (("users", "password", "khong.co", "--password-stdin"), PASSWORD, "Không có tài khoản “khong.co”"),
        (("users", "disable", "khong.co"), "", "Không có tài khoản"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(
    motcua: Motcua, types: Type, arguments: tuple[str, ...], typed: str, told: str
) -> None:
    types(typed)
    code, out, err = motcua(*arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1


def test_the_last_administrator_is_kept_and_a_name_is_had_once(motcua: Motcua, types: Type) -> None:
    for told in ("", "đã có người dùng"):
        types(PASSWORD)
        code, _, err = motcua("users", "add", "truong", "--role", "quan_tri", "--password-stdin")
        assert (code == 2) is bool(told)
        assert told in err
    assert "ít nhất một người quản trị" in motcua("users", "disable", "truong")[2]
