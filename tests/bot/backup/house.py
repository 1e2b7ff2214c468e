"""A house whose database and files are backed up."""

import contextlib
import sqlite3
from pathlib import Path

from bot.storage import backup, restoring
from bot.storage.database import upgrade
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
