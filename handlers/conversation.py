"""Where one person's talk stands: what was last answered, what was offered, what is awaited."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.clock import ZONE
from bot.messages import Choice, Incoming
from knowledge.answering import Context
from knowledge.entry import Facet

MOST_MISSES = 8  # codes that led nowhere, then a pause
MISS_PAUSE = timedelta(hours=1)
NEVER = datetime(2000, 1, 1, tzinfo=ZONE)


class Awaiting(StrEnum):
    """What the next words of the citizen are taken for."""

    NOTHING = ""
    REASON = "reason"
    HANDOVER = "handover"
    DRAFT = "draft"
    ADDITION = "addition"  # this and the next two: to the case in `case`
    UNFINISHED = "unfinished"
    PROOF = "proof"
    CONTACT = "contact"  # the right name and number, for one's open cases
    CORRECTION = "correction"
    EVENT_NAME = "event_name"  # this and the next: for what `case` numbers
    QUIZ_NAME = "quiz_name"
    DELETION = "deletion"  # the button that deletes one's data


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
    case: str = ""
    album: str = ""
    misses: int = 0
    last_miss: str = ""
    posters: list[str] = field(default_factory=list)  # through which they came: each is counted once

    def context(self) -> Context:
        """Return what a follow-up question leans on."""
        return Context(self.entry, Facet(self.facet) if self.facet else None)

    def talk_about(self, entry: str | None, facet: Facet) -> None:
        self.entry, self.facet = entry, facet.value

    def await_for_case(self, awaiting: Awaiting, code: str) -> None:
        """Take the next words for something about a case."""
        self.awaiting, self.case = awaiting, code

    def continues_album(self, incoming: Incoming) -> bool:
        """Tell whether a picture is a further one of the album that was answered last: it gets no answer of its own."""
        before, self.album = self.album, incoming.album
        return bool(incoming.album) and incoming.album == before and not incoming.text

    def miss(self, now: datetime) -> None:
        """Count a code that led nowhere; after a pause the count begins anew."""
        if now >= self.missed_at() + MISS_PAUSE:
            self.misses = 0
        self.misses, self.last_miss = self.misses + 1, now.isoformat()

    def may_try_codes(self, now: datetime) -> bool:
        return self.misses < MOST_MISSES or now >= self.missed_at() + MISS_PAUSE

    def missed_at(self) -> datetime:
        return datetime.fromisoformat(self.last_miss) if self.last_miss else NEVER

    def forget(self) -> None:
        """Drop everything but that we have met, and how."""
        kept = Conversation(met=self.met, misses=self.misses, last_miss=self.last_miss, posters=self.posters)
        self.__dict__.update(kept.__dict__)

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
