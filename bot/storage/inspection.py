"""Looking at a database from outside: its file, its tables' version, whether it is whole and can be written."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import func, select, text

from bot.storage.database import MIGRATIONS, Database, StorageError, Transaction
from bot.storage.tables import metadata

LEAST_FREE_BYTES = 20 * 1024 * 1024  # below it one busy hour or one video may fill the disk


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite address, None for another kind of database."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def newest_revision() -> str:
    """Return the version that this program's tables have."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def is_known_revision(revision: str) -> bool:
    """Tell whether this program can bring tables of a version up to date; not when a newer program made them."""
    try:
        return ScriptDirectory(str(MIGRATIONS)).get_revision(revision) is not None
    except CommandError:
        return False


async def check(database: Database, url: str) -> None:
    """Return when the database takes writes and has room for them; raise StorageError when not. Nothing is changed.

    A write that is taken back does not reach the disk, so room is asked for apart.
    """
    await database.check()
    path = sqlite_file(url)
    if path and free_bytes(path) < LEAST_FREE_BYTES:
        raise StorageError("ổ đĩa sắp đầy; giải phóng chỗ trống, dữ liệu cũ còn nguyên")


async def revision(transaction: Transaction) -> str:
    """Return the version of the tables; raise StorageError when there are none."""
    return str((await transaction.execute(text("SELECT version_num FROM alembic_version"))).scalar_one())


async def rows(transaction: Transaction) -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        table.name: int((await transaction.execute(select(func.count()).select_from(table))).scalar_one())
        for table in metadata.sorted_tables
    }


async def size(database: Database, url: str) -> int:
    """Return how many bytes the database takes."""
    path = sqlite_file(url)
    if path:
        return sum(p.stat().st_size for p in beside(path) if p.exists())
    async with database.transaction() as transaction:
        return int((await transaction.execute(text("SELECT pg_database_size(current_database())"))).scalar_one())


def beside(path: Path) -> tuple[Path, Path, Path]:
    """Return the files that together are one SQLite database (https://sqlite.org/walformat.html)."""
    return path, Path(f"{path}-wal"), Path(f"{path}-shm")


def check_sqlite(path: Path) -> str:
    """Return the version of the tables in a SQLite file after reading all of it; raise StorageError when it is broken.

    It reads beside whoever writes.
    """
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise StorageError(f"{path.name}: không phải cơ sở dữ liệu của chương trình, hoặc đã hỏng ({error})") from error
    if found != "ok":
        raise StorageError(f"{path.name}: cơ sở dữ liệu hỏng ({found})")
    return str(version[0]) if version else ""


def free_bytes(path: Path) -> int:
    """Return the free space where a file is or will be."""
    folder = next(p for p in (path.resolve(), *path.resolve().parents) if p.is_dir())
    return shutil.disk_usage(folder).free
