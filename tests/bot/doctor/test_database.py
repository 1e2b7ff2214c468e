"""The doctor on the database and its backups; looking changes nothing."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import assembly
from bot.doctor import backups, storage
from bot.doctor.findings import Finding, Verdict
from bot.settings import Config
from bot.storage import inbox, inspection
from bot.storage.database import Database
from tests.bot.doctor.looking import BROKEN, LOOK, WELL, now, one
from tests.conftest import NOW


async def examined(settings: Config) -> list[Finding]:
    return await storage.examine(settings, now=now)


async def test_looking_creates_no_database(settings: Config, tmp_path: Path) -> None:
    absent = tmp_path / "chua-co" / "motcua.db"
    elsewhere = replace(settings, database=replace(settings.database, url=f"sqlite:///{absent}"))
    assert one(await examined(elsewhere), "cơ sở dữ liệu").verdict is LOOK
    assert not absent.parent.exists()


async def test_a_sound_database_is_well_on_both_kinds(database: Database, settings: Config) -> None:
    url = database._engine.url.render_as_string(hide_password=False).replace("+aiosqlite", "")
    found = await examined(replace(settings, database=replace(settings.database, url=url)))
    assert [finding for finding in found if finding.verdict is not WELL] == []
    assert "đúng bản" in one(found, "cơ sở dữ liệu: bảng").told
    assert "MB" in one(found, "cơ sở dữ liệu: ghi thử").told


@contextlib.contextmanager
def changing(settings: Config) -> Iterator[sqlite3.Connection]:
    path = inspection.sqlite_file(settings.database.url)
    assert path
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        yield connection


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "mới hơn chương trình"),
        ("DROP TABLE alembic_version", "không đọc được"),
    ],
)
async def test_tables_of_another_version_are_told(settings: Config, change: str, told: str) -> None:
    with changing(settings) as connection:
        connection.execute(change)
    found = one(await examined(settings), "cơ sở dữ liệu: bảng")
    assert (found.verdict, told in found.told) == (BROKEN, True)


async def test_a_broken_database_is_told(settings: Config) -> None:
    path = inspection.sqlite_file(settings.database.url)
    assert path
    with changing(settings) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'questions'").fetchone()
        (page,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(path.read_bytes())
    content[(root - 1) * page : root * page] = os.urandom(page)
    path.write_bytes(content)
    found = one(await examined(settings), "cơ sở dữ liệu: toàn vẹn")
    assert (found.verdict, "sao-luu-khoi-phuc" in found.remedy) == (BROKEN, True)


async def test_a_server_that_is_away_is_told_without_its_password(settings: Config) -> None:
    url = "postgresql+psycopg://an:mat-khau@127.0.0.1:1/motcua"
    found = await examined(replace(settings, database=replace(settings.database, url=url)))
    assert {finding.verdict for finding in found} == {BROKEN}
    assert "mat-khau" not in str(found)


@pytest.mark.parametrize(("least", "verdict"), [("LEAST_FREE_BYTES", BROKEN), ("MUCH_FREE_BYTES", LOOK)])
async def test_a_full_disk_is_told(
    settings: Config, monkeypatch: pytest.MonkeyPatch, least: str, verdict: Verdict
) -> None:
    monkeypatch.setattr(inspection if least == "LEAST_FREE_BYTES" else storage, least, 2**60)
    assert one(await examined(settings), "ổ đĩa").verdict is verdict


async def test_what_waits_too_long_and_what_was_set_aside_is_told(settings: Config) -> None:
    database = Database.open(settings.database.url)
    async with database.transaction() as transaction:
        for key in "123":
            await inbox.store(transaction, "telegram", key, "{}", now=NOW - timedelta(minutes=5))
        first, second, _ = await inbox.waiting(transaction, "telegram")
        for update in (first, second):
            await inbox.quarantine(transaction, update.id, "ValueError")
        await inbox.empty_quarantined(transaction, before=NOW - timedelta(days=7))
    assert one(await examined(settings), "tin chờ").verdict is WELL
    late = await storage.examine(settings, now=lambda: NOW + timedelta(minutes=10))
    assert one(late, "tin chờ").verdict is LOOK
    set_aside = one(late, "tin để riêng: telegram")
    assert (set_aside.verdict, set_aside.told.startswith("2 tin")) == (LOOK, True)
    assert "2 tin còn giữ nội dung" in set_aside.told
    await database.close()


def drilled(settings: Config, *, after: timedelta = timedelta()) -> Finding:
    (finding,) = backups.examine(settings, assembly.shelf(settings), NOW + after)
    assert finding.verdict is WELL or finding.remedy
    return finding


def test_the_newest_backup_is_read_back(settings: Config) -> None:
    assert "chưa có bản nào" in drilled(settings).told
    shelf = assembly.shelf(settings)
    assert shelf
    archive = shelf.add(NOW)
    assert drilled(settings, after=timedelta(days=1)).verdict is WELL
    assert drilled(settings, after=timedelta(days=3)).verdict is LOOK
    archive.write_bytes(archive.read_bytes()[:-100])
    assert drilled(settings).verdict is BROKEN


def test_where_no_backup_is_made_it_is_said(settings: Config) -> None:
    assert "đang tắt" in drilled(replace(settings, backup=replace(settings.backup, folder=""))).told
    url = "postgresql+psycopg://an@may/motcua"
    on_server = replace(settings, database=replace(settings.database, url=url))
    assert "PostgreSQL" in drilled(on_server).told
