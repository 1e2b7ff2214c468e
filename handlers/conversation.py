"""Where one person's talk stands: what was last answered, what was offered, what is awaited."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from bot.messages import Choice
from knowledge.answering import Context
from knowledge.entry import Facet


class Awaiting(StrEnum):
    """What the next words of the citizen are taken for."""

    NOTHING = ""
    REASON = "reason"
    HANDOVER = "handover"


@dataclass
class Conversation:
    """The state of one conversation. Handlers change it; routing stores it when the turn is done."""

    met: bool = False
    entry: str | None = None
    facet: str | None = None
    offered: list[Choice] = field(default_factory=list)
    question: int | None = None
    asked: str = ""
    awaiting: Awaiting = Awaiting.NOTHING
    album: str = ""

    def context(self) -> Context:
        """Return what a follow-up question leans on."""
        return Context(self.entry, Facet(self.facet) if self.facet else None)

    def talk_about(self, entry: str | None, facet: Facet) -> None:
        self.entry, self.facet = entry, facet.value

    def forget(self) -> None:
        """Drop everything but that we have met."""
        self.__dict__.update(Conversation(met=self.met).__dict__)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | None) -> "Conversation":
        """Return the stored conversation; what an older version kept and this one does not know is dropped."""
        raw = json.loads(text) if text else {}
        known = {name: raw[name] for name in cls.__dataclass_fields__ if name in raw}
        known["offered"] = [Choice(**choice) for choice in known.get("offered", ())]
        known["awaiting"] = Awaiting(known.get("awaiting", ""))
        return cls(**known)
