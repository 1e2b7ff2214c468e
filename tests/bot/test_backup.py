"""Backups: whole, proven, never in anybody's way; and the way back, which harms nothing when it fails."""

import asyncio
import contextlib
import hashlib
import json
import os
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot import scheduling
from bot.settings import Privacy
from bot.storage import backup, people, restoring
from bot.storage.database import Database, StorageError, upgrade
from tests.conftest import NOW


class House:
    """A database with people in it and a folder of files, all in one folder."""

    def __init__(self, home: Path) -> None:
        self.path, self.files = home / "data" / "motcua.db", home / "data" / "tep"
        self.url = f"sqlite:///{self.path}"
        self.archive = home / "sao-luu.zip"
        upgrade(self.url)

    def take_in(self, *names: str) -> None:
        """Know these people from now on, and keep a file of each."""
        self.files.mkdir(exist_ok=True)
        with contextlib.closing(sqlite3.connect(self.path)) as database, database:
            for name in names:
                (self.files / name).write_bytes(name.encode() * 1_000)
                database.execute(
                    "INSERT INTO people (channel, address, created_at, seen_at) VALUES ('web', ?, ?, ?)",
                    (name, "2026-11-23 01:30:00", "2026-11-23 01:30:00"),
                )

    def known(self) -> list[str]:
        return known(self.path)

    def kept(self) -> list[str]:
        return sorted(path.name for path in self.files.iterdir())

    def back_up(self) -> backup.Manifest:
        return backup.create(self.url, self.archive, files=self.files, now=NOW)

    def restore(self, *, replace: bool = True) -> list[Path]:
        return restoring.restore(self.url, self.archive, files=self.files, replace=replace, now=NOW)

    def everything(self) -> dict[str, bytes]:
        """Return every file below the data folder."""
        folder = self.path.parent
        return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def known(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return [name for (name,) in database.execute("SELECT address FROM people ORDER BY address")]


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.take_in("lan", "minh")
    return house


# ---- backing up


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


# ---- restoring


def test_a_restore_brings_back_what_was_and_keeps_what_is(house: House) -> None:
    house.back_up()
    house.take_in("hoa")
    kept = house.restore()
    assert (house.known(), house.kept()) == (["lan", "minh"], ["lan", "minh"])
    old_database, old_files = kept
    assert known(old_database) == ["hoa", "lan", "minh"]
    assert (old_files / "hoa").exists()
    assert all(".truoc-khoi-phuc-20261123-083000" in path.name for path in kept)


def test_a_restore_to_an_empty_place_needs_no_consent(house: House, tmp_path: Path) -> None:
    house.back_up()
    elsewhere = tmp_path / "may-moi" / "motcua.db"
    files = tmp_path / "o-khac" / "tep"
    restoring.restore(f"sqlite:///{elsewhere}", house.archive, files=files, replace=False, now=NOW)
    assert known(elsewhere) == ["lan", "minh"]
    assert (files / "lan").read_bytes() == b"lan" * 1_000


def test_without_consent_nothing_is_replaced(house: House) -> None:
    house.back_up()
    house.take_in("hoa")
    with pytest.raises(StorageError, match="--yes"):
        house.restore(replace=False)
    assert house.known() == ["hoa", "lan", "minh"]


def repacked(archive: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """Write an archive again with its members changed."""
    with zipfile.ZipFile(archive) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    change(members)
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)


def _manifest(members: dict[str, bytes], **change: object) -> None:
    members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | change).encode()


def _escaping(members: dict[str, bytes]) -> None:
    parts = json.loads(members["manifest.json"])["parts"]
    members["tep/../../lẻn"] = members["tep/lan"]
    _manifest(members, parts={**parts, "tep/../../lẻn": parts["tep/lan"]})


def _newer(members: dict[str, bytes]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "x.db")
        path.write_bytes(members["motcua.db"])
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
        members["motcua.db"] = path.read_bytes()
    parts = json.loads(members["manifest.json"])["parts"]
    _manifest(members, parts={**parts, "motcua.db": hashlib.sha256(members["motcua.db"]).hexdigest()})


SPOILED: dict[str, Callable[[dict[str, bytes]], object]] = {
    "a changed file": lambda members: members.update({"tep/lan": b"khac"}),
    "a changed database": lambda members: members.update({"motcua.db": members["motcua.db"][:-4096] + b"x" * 4096}),
    "a file too many": lambda members: members.update({"tep/la": b"thua"}),
    "a file too few": lambda members: members.pop("tep/minh"),
    "no manifest": lambda members: members.pop("manifest.json"),
    "no database": lambda members: members.pop("motcua.db"),
    "a manifest of another make": lambda members: members.update({"manifest.json": b"[1]"}),
    "a moment that is none": lambda members: _manifest(members, made_at="hôm qua"),
    "a way out of the folder": _escaping,
    "tables of a newer program": _newer,
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_a_spoiled_archive_changes_nothing(house: House, spoil: Callable[[dict[str, bytes]], object]) -> None:
    house.back_up()
    repacked(house.archive, spoil)
    house.take_in("hoa")
    before = house.everything()
    with pytest.raises(StorageError) as error:
        house.restore()
    assert "\n" not in str(error.value)
    assert house.everything() == before


@pytest.mark.parametrize("cut", [0, 10, -1, -200])
def test_half_an_archive_changes_nothing(house: House, cut: int) -> None:
    house.back_up()
    house.archive.write_bytes(house.archive.read_bytes()[:cut])
    before = house.everything()
    with pytest.raises(StorageError):
        house.restore()
    assert house.everything() == before


def test_a_fault_while_putting_in_place_puts_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.back_up()
    house.take_in("hoa")
    before = house.everything()
    rename = Path.rename

    def full(self: Path, target: Path) -> Path:
        if Path(target) == house.files and "khoi-phuc-" in str(self) and "truoc" not in str(self):
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(StorageError, match="No space left"):
        house.restore()
    assert house.everything() == before


def test_a_broken_database_is_restored_from_a_good_archive(house: House) -> None:
    house.back_up()
    house.path.write_bytes(b"hong" * 1_000)
    house.restore()
    assert house.known() == ["lan", "minh"]


# ---- every night


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


@pytest.fixture
def shelf(house: House, tmp_path: Path) -> backup.Shelf:
    return backup.Shelf(house.url, house.files, tmp_path / "sao-luu", 2)


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
