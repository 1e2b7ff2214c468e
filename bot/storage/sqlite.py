"""SQLite connections on which a statement is one trip to the connection's thread. docs/decisions/0014."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

CHUNK = 64  # aiosqlite's own default


class Cursor:
    """One statement at a time: made, run, read whole and closed in the connection's thread, in one trip.

    aiosqlite's own cursor takes a trip for each of these. SQLAlchemy, for which this is written, reads results whole
    anyway, except those it is told to stream, which this program never asks for.
    """

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Sequence[Sequence[Any]] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "Cursor":
        return self

    async def __aexit__(self, *_exception: object) -> None:
        return None

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> "Cursor":
        await self._connection.in_thread(self._run, statement, parameters)
        return self

    async def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> "Cursor":
        await self._connection.in_thread(self._run_many, statement, rows)
        return self

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """Nothing is left open."""

    def _run(self, database: sqlite3.Connection, statement: str, parameters: Sequence[Any]) -> None:
        self._keep(database.execute(statement, parameters))

    def _run_many(self, database: sqlite3.Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        self._keep(database.executemany(statement, rows))

    def _keep(self, done: sqlite3.Cursor) -> None:
        self.description = done.description
        self._rows = done.fetchall() if done.description else []
        self.rowcount, self.lastrowid = done.rowcount, done.lastrowid
        done.close()


class Connection(aiosqlite.Connection):
    """aiosqlite's connection with the cursor above."""

    def cursor(self) -> Cursor:  # type: ignore[override]
        return Cursor(self)

    async def in_thread(self, work: Any, *arguments: Any) -> None:
        """Run `work` with the driver's own connection, in its thread."""
        await self._execute(work, self._conn, *arguments)  # type: ignore[no-untyped-call]


async def connect(path: str) -> Connection:
    """Return an open connection to the file at `path`; sqlite3.Error when it cannot be opened."""
    connection = Connection(lambda: sqlite3.connect(path, check_same_thread=False), CHUNK)
    connection._thread.daemon = True  # as SQLAlchemy does it: one cut off in the middle must not hold up an exit
    await connection
    return connection
