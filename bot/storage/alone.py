"""Work that one process at a time may do; whoever does it lets go when it ends, however it ends."""

import asyncio
import fcntl
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

log = logging.getLogger(__name__)

TRY_SECONDS = 1.0


@asynccontextmanager
async def alone(engine: AsyncEngine, work: str) -> AsyncIterator[None]:
    """Wait until no other process on this database does this work, then keep all others from it for the block.

    PostgreSQL holds it as an advisory lock of one connection, kept open; beside SQLite's file it is a lock on a file.
    A server of PostgreSQL that restarts meanwhile lets go of it unnoticed.
    """
    path = engine.url.database
    if engine.dialect.name == "postgresql":
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await _until(lambda: _asked(connection, work), work)
            try:
                yield
            finally:
                await connection.execute(text("SELECT pg_advisory_unlock_all()"))
    elif path:
        with Path(f"{path}.{work}.lock").open("w") as file:  # noqa: ASYNC230
            await _until(lambda: _locked(file), work)
            yield
    else:  # in memory: there is no other process
        yield


async def _until(take: Callable[[], Awaitable[bool]], work: str) -> None:
    if await take():
        return
    log.warning("%s: tiến trình khác đang làm việc này; chờ đến khi tiến trình ấy dừng", work)
    while not await take():  # noqa: ASYNC110
        await asyncio.sleep(TRY_SECONDS)  # neither lock tells when it is let go


async def _asked(connection: AsyncConnection, work: str) -> bool:
    taken = await connection.execute(text("SELECT pg_try_advisory_lock(hashtext(:work))"), {"work": f"motcua {work}"})
    return bool(taken.scalar_one())


async def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
