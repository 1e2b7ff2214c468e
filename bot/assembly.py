"""Puts the parts of the house together from the settings."""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot import clock
from bot.calendar.changes import CalendarError
from bot.calendar.hours import HoursError, OfficeHours
from bot.calendar.workdays import WorkCalendar
from bot.cases.desk import Desk
from bot.cases.rules import Rules, RulesError
from bot.cases.sorting import Sorter
from bot.config import ConfigError
from bot.files import Files
from bot.redaction import redact_log
from bot.settings import Config
from bot.storage.backup import Shelf
from bot.storage.database import Database
from bot.storage.inspection import sqlite_file
from bot.texts import Texts
from handlers.lanes import Lanes
from handlers.services import Services
from knowledge import loading
from knowledge.answering import Assistant


def services(
    config: Config,
    database: Database,
    *,
    now: Callable[[], datetime] = clock.now,
    assistant: Assistant | None = None,
) -> Services:
    """Return the services on a database; raise KnowledgeError when the knowledge base has faults.

    An assistant that exists already is used as it is.
    """
    texts = Texts.load(config.unit, config.files)
    with _no_collecting():
        assistant = assistant or Assistant(loading.load(today=now().date()))
        at_desk = desk(config, texts, assistant)
    return Services(
        config=config,
        texts=texts,
        desk=at_desk,
        assistant=assistant,
        database=database,
        now=now,
        lanes=Lanes(),
        files=files(config),
    )


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Let millions of small objects be made without looking for garbage among them, which takes a quarter longer."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def files(config: Config) -> Files:
    """Return the folder of kept files as the settings have it; nothing is written yet."""
    settings = config.files
    return Files(
        Path(settings.folder),
        photo_mb=settings.photo_mb,
        video_mb=settings.video_mb,
        document_mb=settings.document_mb,
    )


def desk(config: Config, texts: Texts, assistant: Assistant) -> Desk:
    """Return the desk with the commune's calendar and promises; raise ConfigError for wrong ones."""
    at_work = calendar(config)
    try:
        return Desk(texts, at_work, Rules.load(config.cases.promises()), Sorter.load(assistant))
    except RulesError as error:
        raise _wrong(error) from error


def calendar(config: Config) -> WorkCalendar:
    """Return the commune's working days and hours; raise ConfigError for wrong ones."""
    own = Path(config.cases.calendar) if config.cases.calendar else None
    try:
        return WorkCalendar.load(own, hours=OfficeHours.parse(config.cases.hours))
    except (HoursError, CalendarError) as error:
        raise _wrong(error) from error


def _wrong(error: Exception) -> ConfigError:
    return ConfigError("\n".join(f"cases: {line}" for line in str(error).splitlines()))


def shelf(config: Config) -> Shelf | None:
    """Return where nightly backups go, or None when the settings ask for none or PostgreSQL makes its own."""
    if not config.backup.folder or sqlite_file(config.database.url) is None:
        return None
    return Shelf(config.database.url, Path(config.files.folder), Path(config.backup.folder), config.backup.keep)


class Masking(logging.Formatter):
    """Masks phone and ID numbers in all that is logged: the words, their arguments, the traces of faults."""

    def format(self, record: logging.LogRecord) -> str:
        return redact_log(super().format(record))


def quiet_logs() -> None:
    """Log plainly to stderr, people's numbers masked; keep libraries quiet that print addresses with tokens (httpx)."""
    handler = logging.StreamHandler()
    handler.setFormatter(Masking("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in ("httpx", "httpcore", "telegram", "apscheduler", "alembic", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
