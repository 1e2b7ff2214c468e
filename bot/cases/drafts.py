"""What a citizen is writing: kept with every message, so that neither a restart nor a long pause loses a word."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from bot.cases.model import CaseType
from bot.messages import Attachment
from bot.storage import case_events, drafts
from bot.storage.case_events import KeptAttachment
from bot.storage.database import Transaction

LONGEST_TEXT = 8_000  # characters of one case
MOST_ATTACHMENTS = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """The feedback a person is writing. `step` is where the conversation stands, kept here so that it goes with it."""

    step: str = ""
    type: CaseType | None = None
    text: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""
    is_anonymous: bool = False
    thon: str = ""
    landmark: str = ""
    latitude: float | None = None
    longitude: float | None = None
    may_publish: bool = False
    question: int | None = None
    rest: str = ""  # the other part of a text with two matters, offered once this one is sent
    settled: tuple[str, ...] = ()  # steps that the citizen passed over
    id: int = 0
    key: str = ""

    @property
    def is_confidential(self) -> bool:
        return self.type is CaseType.DENUNCIATION

    @property
    def has_place(self) -> bool:
        return bool(self.thon or self.landmark or self.latitude is not None)

    def with_words(self, words: str) -> "Draft":
        """Return the draft with words added to its text."""
        text = f"{self.text}\n{words}".strip() if words else self.text
        return replace(self, text=text[:LONGEST_TEXT])

    def passing(self, step: str) -> "Draft":
        """Return the draft with a step passed over."""
        return replace(self, settled=(*self.settled, step))

    def to_json(self) -> str:
        kept = {name: value for name, value in asdict(self).items() if name not in ("id", "key")}
        return json.dumps(kept, ensure_ascii=False)


def _read(kept: drafts.KeptDraft) -> Draft:
    raw = json.loads(kept.body)
    known = {name: raw[name] for name in Draft.__dataclass_fields__ if name in raw}
    known["settled"] = tuple(known.get("settled", ()))
    known["type"] = CaseType(known["type"]) if known.get("type") else None
    return Draft(**known | {"id": kept.id, "key": kept.key})


async def begin(transaction: Transaction, person: int, draft: Draft, *, now: datetime) -> Draft:
    """Return a new draft, in place of the person's earlier one."""
    return _read(await drafts.start(transaction, person, draft.to_json(), now=now))


async def of_person(transaction: Transaction, person: int) -> Draft | None:
    """Return what a person is writing, or None."""
    kept = await drafts.of_person(transaction, person)
    return _read(kept) if kept else None


async def save(transaction: Transaction, draft: Draft, *, now: datetime) -> None:
    await drafts.save(transaction, draft.id, draft.to_json(), now=now)


async def drop(transaction: Transaction, person: int) -> None:
    """Forget what a person was writing."""
    await drafts.drop(transaction, person)


async def take_unreminded(transaction: Transaction, *, before: datetime, now: datetime) -> list[tuple[int, Draft]]:
    """Return the people and drafts left alone since `before` and not reminded of yet; they count as reminded now."""
    left = await drafts.take_unreminded(transaction, before=before, now=now)
    return [(kept.person_id, _read(kept)) for kept in left]


async def attach(transaction: Transaction, draft: Draft, attachments: Sequence[Attachment], *, now: datetime) -> int:
    """Keep what came with a message; return how many of them there was no room for."""
    if not attachments:
        return 0
    room = MOST_ATTACHMENTS - await case_events.count_attachments(transaction, draft=draft.id)
    for attachment in attachments[: max(0, room)]:
        await case_events.attach(transaction, as_kept(attachment), draft=draft.id, now=now)
    return max(0, len(attachments) - max(0, room))


def as_kept(attachment: Attachment) -> KeptAttachment:
    """Return an attachment as the database keeps it."""
    file, place = attachment.file, attachment.place
    return KeptAttachment(
        kind=attachment.kind,
        digest=file.digest if file else None,
        name=file.name if file else "",
        media_type=file.media_type if file else "",
        size=file.size if file else 0,
        note=attachment.refused or attachment.phone or (place.name if place else ""),
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
    )
