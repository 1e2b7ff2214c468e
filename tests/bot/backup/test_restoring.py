"""The way back, which harms nothing when it fails."""

import contextlib
import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.storage import restoring
from bot.storage.database import StorageError
from tests.bot.backup.house import House, known
from tests.conftest import NOW


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
