"""Puts the parts of the house together from the settings."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot import clock
from bot.config import Config
from bot.storage.backup import Shelf
from bot.storage.database import Database
from bot.storage.inspection import sqlite_file
from bot.texts import Texts
from handlers.lanes import Lanes
from handlers.services import Services
from knowledge import loading
from knowledge.answering import Assistant


def services(config: Config, database: Database, *, now: Callable[[], datetime] = clock.now) -> Services:
    """Return the services on a database; raise KnowledgeError when the knowledge base has faults."""
    library = loading.load(today=now().date())
    return Services(
        config=config,
        texts=Texts.load(config.unit),
        assistant=Assistant(library),
        database=database,
        now=now,
        lanes=Lanes(),
    )


def files_folder(config: Config) -> Path:
    """Return where the files that people send are kept: setting files.folder."""
    return Path(getattr(getattr(config, "files", None), "folder", "data/tep"))


def shelf(config: Config) -> Shelf | None:
    """Return where nightly backups go, or None when the settings ask for none or PostgreSQL makes its own."""
    if not config.backup.folder or sqlite_file(config.database.url) is None:
        return None
    return Shelf(config.database.url, files_folder(config), Path(config.backup.folder), config.backup.keep)


def quiet_logs() -> None:
    """Log plainly to stderr; keep libraries that print addresses with tokens in them quiet (httpx, at INFO)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in ("httpx", "httpcore", "telegram", "apscheduler", "alembic", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
