"""What a handler may use."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.cases.desk import Desk
from bot.files import Files
from bot.health import Health
from bot.settings import Config
from bot.storage.database import Database, Transaction
from bot.texts import Texts
from handlers.lanes import Lanes
from knowledge.answering import Assistant


@dataclass(frozen=True)
class Services:
    """The parts of the house a conversation needs; built once, in `bot.assembly`."""

    config: Config
    texts: Texts
    desk: Desk
    assistant: Assistant
    database: Database
    now: Callable[[], datetime]
    lanes: Lanes
    files: Files
    health: Health = field(default_factory=Health)

    def during(self, transaction: Transaction, person: int, *, shown_name: str | None = None) -> "Turn":
        """Return these services for one message of one person, inside its transaction."""
        return Turn(self, transaction, person, shown_name)


@dataclass(frozen=True)
class Turn:
    """The services while one message is answered: everything stored here is kept together or not at all.

    `shown_name` is the message's (`bot.messages.Incoming`).
    """

    services: Services
    transaction: Transaction
    person: int
    shown_name: str | None = None

    @property
    def texts(self) -> Texts:
        return self.services.texts

    @property
    def assistant(self) -> Assistant:
        return self.services.assistant

    def now(self) -> datetime:
        return self.services.now()
