"""Puts the parts of the house together from the settings."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot import clock
from bot.config import Config
from bot.files import Files
from bot.storage.database import Database
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
        texts=Texts.load(config.unit, config.files),
        assistant=Assistant(library),
        database=database,
        now=now,
        lanes=Lanes(),
        files=files(config),
    )


def files(config: Config) -> Files:
    """Return the folder of kept files as the settings have it; nothing is written yet."""
    settings = config.files
    return Files(
        Path(settings.folder),
        photo_mb=settings.photo_mb,
        video_mb=settings.video_mb,
        document_mb=settings.document_mb,
    )


def quiet_logs() -> None:
    """Log plainly to stderr; keep libraries that print addresses with tokens in them quiet (httpx, at INFO)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in ("httpx", "httpcore", "telegram", "apscheduler", "alembic", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
