"""What the officials' console is given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.config import Config
from bot.storage.database import Database
from bot.texts import Texts


@dataclass(frozen=True)
class Office:
    """The parts of the house that officials' pages need; built once, in `bot.program`."""

    config: Config
    texts: Texts
    database: Database
    now: Callable[[], datetime]
