"""What the officials' console is given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.cases.desk import Desk
from bot.files import Files
from bot.settings import Config
from bot.storage.database import Database
from bot.texts import Texts


@dataclass(frozen=True)
class Office:
    """The parts of the house that officials' pages need; built once, in `bot.program`."""

    config: Config
    desk: Desk
    database: Database
    files: Files
    now: Callable[[], datetime]

    @property
    def texts(self) -> Texts:
        return self.desk.texts
