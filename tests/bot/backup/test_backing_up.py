"""Backups: whole, proven, never in anybody's way; every night, the newest kept."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot import scheduling
from bot.settings import Privacy
from bot.storage import backup, people
from bot.storage.database import Database, StorageError
from tests.bot.backup.house import House
from tests.conftest import NOW


def test_an_archive_holds_all_and_proves_it(house: House) -> None:
    made = house.back_up()
    assert set(made.parts) == {"motcua.db", "tep/lan", "tep/minh"}
    assert backup.inspect(house.archive) == made
    assert made.made_at == NOW
    assert house.archive.stat().st_mode & 0o077 == 0, "only its owner reads it"
    assert [p.name for p in house.archive.parent.iterdir() if p.name.startswith(".")] == []


async def test_it_works_while_others_write(house: House) -> None:
    database = Database.open(house.url)
    stop = asyncio.Event()

    async def write() -> int:
        count = 0
        while not stop.is_set():
            async with database.transaction() as transaction:
                await people.recognise(transaction, "web", f"người {count}", now=NOW)
            count += 1
        return count

    writing = asyncio.create_task(write())
    async with database.transaction() as transaction:  # held open all the while: a writer is no obstacle
        await people.recognise(transaction, "web", "chưa xong", now=NOW)
        await asyncio.to_thread(house.back_up)
    stop.set()
    await writing
    await database.close()
    assert "chưa xong" in house.known()
    house.restore()
    assert {"lan", "minh"} <= set(house.known())
    assert "chưa xong" not in house.known(), "what was not committed is in no backup"


def test_a_backup_overwrites_nothing(house: House) -> None:
    house.archive.write_bytes(b"ban cu")
    with pytest.raises(StorageError, match="không bị ghi đè"):
        house.back_up()
    assert house.archive.read_bytes() == b"ban cu"


def test_without_a_database_or_a_folder_it_says_so(house: House, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="chưa có gì để sao lưu"):
        backup.create(f"sqlite:///{tmp_path}/khong-co.db", house.archive, files=house.files, now=NOW)
    assert not (tmp_path / "khong-co.db").exists()
    with pytest.raises(StorageError, match="kiểm tra đường dẫn"):
        backup.create(house.url, tmp_path / "khong" / "co.zip", files=house.files, now=NOW)
    with pytest.raises(StorageError, match="pg_dump"):
        backup.create("postgresql+psycopg://an@may/motcua", house.archive, files=house.files, now=NOW)


def test_a_broken_database_gives_no_backup(house: House) -> None:
    content = bytearray(house.path.read_bytes())
    content[4096:8192] = os.urandom(4096)
    house.path.write_bytes(content)
    with pytest.raises(StorageError):
        house.back_up()
    assert not house.archive.exists()


async def test_the_newest_are_kept_and_the_oldest_go(house: House, tmp_path: Path) -> None:
    shelf = backup.Shelf(house.url, house.files, tmp_path / "sao-luu", keep=2)
    (tmp_path / "sao-luu").mkdir()
    (tmp_path / "sao-luu" / "cua-toi.zip").write_bytes(b"khong phai cua chuong trinh")
    for night in range(3):
        await scheduling.back_up(shelf, now=lambda night=night: NOW + timedelta(days=night))  # type: ignore[misc]
    assert [path.name for path in shelf.archives()] == ["motcua-2026-11-24-0830.zip", "motcua-2026-11-25-0830.zip"]
    assert (tmp_path / "sao-luu" / "cua-toi.zip").exists()
    assert all(backup.inspect(path).parts for path in shelf.archives())


def test_what_a_power_cut_left_is_removed_and_what_is_under_way_is_not(shelf: backup.Shelf) -> None:
    left, under_way = shelf.folder / ".sao-luu-cu", shelf.folder / ".sao-luu-moi"
    for folder, days in ((left, 2), (under_way, 0)):
        folder.mkdir(parents=True)
        moment = (NOW - timedelta(days=days)).timestamp()
        os.utime(folder, (moment, moment))
    shelf.add(NOW)
    assert (left.exists(), under_way.exists()) == (False, True)


async def test_a_night_that_fails_is_logged_and_harms_nothing(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "sao-luu").write_bytes(b"day la mot tep")
    await scheduling.back_up(backup.Shelf(house.url, house.files, tmp_path / "sao-luu", 2), now=lambda: NOW)
    assert "chưa sao lưu được" in caplog.text


async def test_a_missed_night_is_made_up_for(shelf: backup.Shelf, house: House) -> None:
    database = Database.open(house.url)
    assert shelf.is_due(NOW)
    newest = shelf.add(NOW)
    os.utime(newest, (NOW.timestamp(), NOW.timestamp()))
    assert not shelf.is_due(NOW + timedelta(hours=23))
    assert shelf.is_due(NOW + timedelta(days=1))
    for moment, expected in ((NOW, {"back-up"}), (NOW + timedelta(days=2), {"back-up", "back-up-missed"})):
        jobs = scheduling.scheduler(database, Privacy(), now=lambda: NOW)
        scheduling.add_backups(jobs, shelf, now=lambda moment=moment: moment)  # type: ignore[misc]
        assert {job.id for job in jobs.get_jobs()} == expected | {"forget-old"}
    await database.close()
