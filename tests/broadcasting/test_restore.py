"""A database restored from a backup asks before it sends; a database that only crashed does not."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.broadcasting import approval, mark, office
from bot.broadcasting.delivery import MOST_IN_FLIGHT
from bot.broadcasting.mark import Mark
from bot.settings import Config
from bot.storage.announcements import State
from bot.storage.database import Database, upgrade
from tests.broadcasting.shared import Clock, Commune, Post

BACKUP = "sao-luu.db"


class Machine:
    """A machine with an SQLite file that is backed up and restored while the program is off."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file, self.post = folder, folder / "motcua.db", Post()
        self.clock = Clock()
        upgrade(self._url)

    @property
    def _url(self) -> str:
        return f"sqlite:///{self.file}"

    def on(self) -> Commune:
        return Commune(Database.open(self._url), self.folder, self.clock)

    def back_up(self) -> None:
        """Copy the database, whatever is going on."""
        with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(self.folder / BACKUP)) as copy:
            source.backup(copy)

    def restore(self) -> None:
        for left in ("-wal", "-shm"):
            Path(f"{self.file}{left}").unlink(missing_ok=True)
        shutil.copy(self.folder / BACKUP, self.file)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


async def send_some(machine: Machine, *, before: int) -> int:
    """Announce to 50 people, and back up once `before` of them have it."""
    commune = machine.on()
    await commune.subscribe([str(number) for number in range(50)])
    number = await commune.announce()
    machine.post.gate, machine.post.free = asyncio.Event(), before
    if not before:
        machine.back_up()
    async with commune.working({"telegram": machine.post}) as at_work:
        await at_work.until(lambda: machine.post.at_once == MOST_IN_FLIGHT)
        if before:
            machine.back_up()
        machine.post.gate.set()
        await at_work.until(lambda: commune.is_in(number, State.FINISHED))
    assert await commune.counts(number) == {"delivered": 50}
    await commune.database.close()
    return number


@pytest.mark.parametrize("before", [0, 20])
@pytest.mark.parametrize("later", [timedelta(minutes=5), timedelta(days=1)])
async def test_yesterdays_backup_sends_nothing_again(machine: Machine, before: int, later: timedelta) -> None:
    number = await send_some(machine, before=before)
    machine.restore()
    machine.clock.passes(later)
    commune = machine.on()
    assert await commune.is_in(number, State.SENDING if before else State.SCHEDULED)
    async with commune.working({"telegram": machine.post}) as at_work:
        for _ in range(5):
            await at_work.tick()
        found = await commune.find(number)
        assert (found.state, found.note) == (State.PAUSED, office.RESTORED)
        assert sum(machine.post.arrived.values()) == 50
        await commune.decide(approval.cancel, number)
        fresh = await commune.announce(urgent="sau khi khôi phục vẫn gửi được")
        await at_work.until(lambda: commune.is_in(fresh, State.FINISHED))
    await commune.database.close()


async def test_a_new_machine_asks_too(machine: Machine) -> None:
    number = await send_some(machine, before=20)
    (machine.folder / "dau").unlink()
    machine.restore()
    commune = machine.on()
    assert not await commune.tick({"telegram": machine.post})
    assert await commune.is_in(number, State.PAUSED)
    await commune.database.close()


def reached(post: Post, most: int) -> bool:
    return len(post.arrived) >= most


async def test_a_restart_asks_nothing(machine: Machine) -> None:
    commune = machine.on()
    await commune.subscribe([str(number) for number in range(50)])
    number = await commune.announce()
    await commune.database.close()
    for most in (10, 25, 50):
        commune = machine.on()
        async with commune.working({"telegram": machine.post}) as at_work:
            await at_work.until(partial(reached, machine.post, most))
        await commune.database.close()
    commune = machine.on()
    assert await commune.send_all({"telegram": machine.post}, number) == {"delivered": 50}
    assert set(machine.post.arrived.values()) == {1}
    await commune.database.close()


async def test_without_the_mark_on_the_disk_nothing_is_sent(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    commune = machine.on()
    await commune.subscribe(["lan"])
    number = await commune.announce()

    def full(_self: Mark, _mark: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.broadcasting.delivery.STORAGE_SECONDS", 0.001)
    with monkeypatch.context() as patch:
        patch.setattr(Mark, "raise_to", full)
        async with commune.working({"telegram": machine.post}) as at_work:
            await at_work.until(lambda: "không ghi được dấu gửi" in caplog.text)
    assert machine.post.tried == []
    async with commune.working({"telegram": machine.post}) as at_work:
        await at_work.until(lambda: commune.is_in(number, State.FINISHED), step=timedelta(seconds=20))
    assert await commune.counts(number) == {"delivered": 1}
    await commune.database.close()


def test_the_mark_only_grows_and_survives_what_it_cannot_read(tmp_path: Path) -> None:
    outside = Mark(tmp_path / "sau" / "dau")
    assert outside.read() is None
    for given, kept in ((3, 3), (2, 3), (10**15, 10**15)):
        outside.raise_to(given)
        assert Mark(tmp_path / "sau" / "dau").read() == kept
    (tmp_path / "sau" / "dau").write_text("rác")
    assert outside.read() is None
    outside.raise_to(5)
    assert outside.read() == 5


@pytest.mark.parametrize(
    ("inside", "outside", "restored"),
    [(0, None, False), (0, 0, False), (5, None, True), (5, 5, False), (6, 5, False), (5, 6, True), (0, 1, True)],
)
def test_restored_means_behind(inside: int, outside: int | None, restored: bool) -> None:
    assert mark.is_restored(inside, outside) is restored


def test_each_database_has_its_own_mark(settings: Config) -> None:
    assert str(mark.path_for(settings.database.url)).endswith("motcua.db.da-gui")
    paths = {mark.path_for(f"postgresql+psycopg://an:mk{n}@may/{name}") for name in ("a", "b") for n in (1, 2)}
    assert len(paths) == 2, "another password is the same database"
