"""What the officials' console is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot.cases.desk import Desk
from bot.files import Files
from bot.messages import Reply
from bot.settings import Config
from bot.storage.database import Database
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class Preview:
    """A message as one channel will show it: one bubble for each part that it is sent in, safe HTML."""

    channel: str
    bubbles: tuple[Markup, ...]


@dataclass(frozen=True)
class Office:
    """The parts of the house that officials' pages need; built once, in `bot.program`."""

    config: Config
    desk: Desk
    database: Database
    files: Files
    now: Callable[[], datetime]
    previews: Callable[[Reply, Texts], Sequence[Preview]]

    @property
    def texts(self) -> Texts:
        return self.desk.texts
