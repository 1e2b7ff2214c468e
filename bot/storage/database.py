"""The database: opening it, bringing its tables up to date, transactions, and what can go wrong in words."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Table, create_engine, event, false, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from bot import metrics
from bot.storage import sqlite
from bot.storage.alone import alone
from bot.storage.schema import metadata
from bot.storage.tables import people

Transaction = AsyncConnection

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 10_000
LONGEST_TURN_SECONDS = 30.0  # nobody waits for ever, not even for a transaction begun inside another one


class StorageError(Exception):
    """The database cannot be used now; the sentence says why and what to do."""


class Database:
    """One database, SQLite or PostgreSQL. Every use of it is one transaction.

    SQLite has one writer at a time and lets the others look again now and then, some of them for ever. Inside one
    program they take turns instead, in the order in which they came.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        is_sqlite = engine.dialect.name == "sqlite"
        self._line = asyncio.Lock() if is_sqlite else None

    @classmethod
    def open(cls, url: str) -> "Database":
        """Return the database at `url` (sqlite:///… or postgresql+psycopg://…); nothing is read yet."""
        if not url.startswith("sqlite"):
            return cls(create_async_engine(url, pool_size=8, pool_pre_ping=True))
        path = url.removeprefix("sqlite:///")
        there = f"sqlite+aiosqlite:///{path}"
        engine = create_async_engine(there, async_creator=lambda: sqlite.connect(path), pool_size=8)
        _prepare_sqlite(engine.sync_engine)
        return cls(engine)

    @classmethod
    async def in_memory(cls) -> "Database":
        """Return an empty database that vanishes with the program, for one-off questions at the terminal."""
        database = cls(create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool))
        async with database._engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        return database

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Run a block as one transaction: all of it is kept, or none when it raises."""
        try:
            with metrics.TRANSACTION_SECONDS.time():
                async with self._turn(), self._engine.begin() as connection:
                    yield connection
        except DatabaseError as error:
            raise StorageError(explain(error)) from error

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._line is None:
            yield
            return
        try:
            async with asyncio.timeout(LONGEST_TURN_SECONDS):
                await self._line.acquire()
        except TimeoutError:
            raise StorageError("cơ sở dữ liệu bận quá lâu; việc này chưa được ghi, thử lại sau") from None
        try:
            yield
        finally:
            self._line.release()

    @asynccontextmanager
    async def alone(self, work: str) -> AsyncIterator[None]:
        """Wait until no other process does this work, then keep all others from it for the block."""
        try:
            async with alone(self._engine, work):
                yield
        except DatabaseError as error:
            raise StorageError(explain(error)) from error
        except OSError as error:
            said = f"không mở được tệp khóa ({error.strerror}); kiểm tra quyền ghi ở thư mục dữ liệu"
            raise StorageError(said) from error

    async def check(self) -> None:
        """Return when the database takes writes; raise StorageError when it does not. Nothing is changed."""
        async with self.transaction() as transaction:
            await transaction.execute(update(people).where(false()).values(channel=people.c.channel))

    async def close(self) -> None:
        await self._engine.dispose()


def insert_into(transaction: Transaction, table: Table) -> Insert:
    """Return an insert that can say what to do where the row is there already; both databases write it alike."""
    insert: Any = postgresql.insert if transaction.dialect.name == "postgresql" else sqlite_insert
    return insert(table)  # type: ignore[no-any-return]


def _prepare_sqlite(engine: Engine) -> None:
    """Make SQLite durable and fair: WAL, full sync, and the write lock taken when a transaction begins.

    A transaction that reads first and writes later would otherwise fail at once when another wrote between
    (SQLITE_BUSY_SNAPSHOT); taking the lock at BEGIN waits up to the busy timeout instead.
    """

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def upgrade(url: str) -> None:
    """Create the database at `url` or bring its tables up to date; raise StorageError when it cannot be."""
    if url.startswith("sqlite:///"):
        _make_folder(Path(url.removeprefix("sqlite:///")).parent)
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            settings = AlembicConfig()
            settings.set_main_option("script_location", str(MIGRATIONS))
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
    except DatabaseError as error:
        raise StorageError(explain(error)) from error
    finally:
        engine.dispose()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"không tạo được thư mục {folder} ({error.strerror}); kiểm tra database.url") from error


_KNOWN = {
    "database or disk is full": "ổ đĩa đã đầy; giải phóng chỗ trống rồi thử lại, dữ liệu cũ còn nguyên",
    "database is locked": "cơ sở dữ liệu đang bị chương trình khác giữ; đóng chương trình ấy rồi thử lại",
    "unable to open database file": "không mở được tệp cơ sở dữ liệu; kiểm tra đường dẫn và quyền ghi",
    "readonly database": "tệp cơ sở dữ liệu chỉ cho đọc; kiểm tra quyền ghi",
    "file is not a database": "tệp cơ sở dữ liệu hỏng; khôi phục từ bản sao lưu gần nhất",
    "malformed": "tệp cơ sở dữ liệu hỏng; khôi phục từ bản sao lưu gần nhất",
}


def explain(error: DatabaseError) -> str:
    """Return what went wrong and what to do, for the operator."""
    cause = str(error.orig)
    known = next((words for sign, words in _KNOWN.items() if sign in cause), None)
    if known:
        return known
    if isinstance(error, OperationalError):
        return f"không nối được cơ sở dữ liệu ({type(error.orig).__name__}); kiểm tra database.url và máy chủ"
    return f"cơ sở dữ liệu báo lỗi ({type(error.orig).__name__})"
