"""Everything an official reads about one case, in one reading: its story, its files, what was told, what is near it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.cases import filing, handling, queue, similar, workflow
from bot.cases.filing import SIMILAR_DAYS
from bot.cases.model import CaseType
from bot.cases.moves import Move, Name
from bot.cases.queue import Pressure
from bot.messages import plain
from bot.officials import auditing
from bot.officials.rights import Official
from bot.storage import case_events, case_lists, cases, notices, questions
from bot.storage.case_events import Event, KeptAttachment
from bot.storage.case_lists import Scope
from bot.storage.cases import Case
from bot.storage.database import Transaction
from bot.storage.questions import Asked

MOST_OTHERS = 20
MOST_ALIKE = 5
FIRST_SHOWN = 3

# What an official most likely wants next comes first; the page shows the first three that are allowed.
ORDER = (
    Name.ACCEPT,
    Name.ASSIGN,
    Name.ANSWER,
    Name.RESUME,
    Name.START,
    Name.CLOSE,
    Name.RETURN,
    Name.ASK,
    Name.REFUSE,
    Name.TRANSFER,
    Name.REASSIGN,
    Name.REOPEN,
    Name.MERGE,
)


class Action(StrEnum):
    """Looks at what is confidential; each is audited."""

    OPENED = "mo_viec_kin"
    SENDER_SHOWN = "xem_nguoi_gui"


@dataclass(frozen=True, slots=True)
class Told:
    """What the citizen was told; `is_delivered` None while it waits."""

    at: datetime
    text: str
    people: int
    is_delivered: bool | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing that happened, with what came with it. `told` belongs to the moment, not to the event."""

    event: Event
    attachments: tuple[KeptAttachment, ...] = ()
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """One case for one official. `loose` files were uploaded for a move that is not made yet."""

    case: Case
    pressure: Pressure
    story: tuple[Chapter, ...]
    loose: tuple[KeptAttachment, ...]
    moves: tuple[Move, ...]
    others: tuple[Case, ...]
    alike: tuple[Case, ...]
    main: Case | None
    merged: tuple[Case, ...]
    asked: Asked | None
    followers: int
    marks: dict[str, int]

    @property
    def first_moves(self) -> tuple[Move, ...]:
        return self.moves[:FIRST_SHOWN]

    @property
    def further_moves(self) -> tuple[Move, ...]:
        return self.moves[FIRST_SHOWN:]

    @property
    def attachments(self) -> tuple[KeptAttachment, ...]:
        return tuple(kept for chapter in self.story for kept in chapter.attachments)

    @property
    def newest(self) -> int:
        """The id of the last thing that happened, so that a form can tell later what has happened since."""
        return self.story[-1].event.id if self.story else 0

    def since(self, event: int) -> tuple[Chapter, ...]:
        return tuple(chapter for chapter in self.story if chapter.event.id > event)


async def find(transaction: Transaction, code: str, scope: Scope, *, lock: bool = False) -> Case | None:
    """Return the case of a code, or None when there is none or the official may not know of it."""
    case = await cases.get(transaction, code, lock=lock)
    return case if case and queue.may_see(case, scope) else None


async def read(transaction: Transaction, case: Case, scope: Scope, by: Official) -> Dossier:
    """Return all there is about a case that the official may see; what else they see keeps to their scope."""
    loose, story = await _story(transaction, case)
    return Dossier(
        case=case,
        pressure=queue.pressure(case, scope),
        story=story,
        loose=loose,
        moves=moves(case, by, now=scope.now),
        others=await _others(transaction, case, scope),
        alike=await _alike(transaction, case, scope),
        main=await _main(transaction, case, scope),
        merged=tuple(c for c in await cases.merged_into(transaction, case.id) if queue.may_see(c, scope)),
        asked=await questions.get(transaction, case.question_id) if case.question_id else None,
        followers=await cases.count_followers(transaction, case.id),
        marks=await cases.ratings(transaction, case.id),
    )


def moves(case: Case, by: Official, *, now: datetime) -> tuple[Move, ...]:
    """Return the moves that an official may make now, the likeliest first."""
    allowed = workflow.allowed(handling.situation(case), by, now=now)
    return tuple(sorted(allowed, key=lambda move: ORDER.index(move.name)))


async def note_opened(transaction: Transaction, case: Case, by: Official, *, now: datetime, what: str) -> None:
    """Audit that an official looks at a confidential case; `what` says at which part."""
    if case.confidential:
        await auditing.record(transaction, by, Action.OPENED, case.code, now=now, xem=what)


async def note_sender_shown(transaction: Transaction, case: Case, by: Official, why: str, *, now: datetime) -> None:
    """Audit that an official looks at who sent a confidential case, and why."""
    await auditing.record(transaction, by, Action.SENDER_SHOWN, case.code, now=now, ly_do=why)


async def _story(transaction: Transaction, case: Case) -> tuple[tuple[KeptAttachment, ...], tuple[Chapter, ...]]:
    events = await case_events.of_case(transaction, case.id)
    kept = await case_events.attachments_of(transaction, case=case.id)
    told = _told(await notices.of_case(transaction, case.id))
    loose = tuple(a for a in kept if a.from_official and a.event_id is None)
    first = events[0].id if events else 0
    telling = {event.at: event.id for event in events if event.by != "citizen"}  # of two at one moment the later
    chapters = tuple(
        Chapter(
            event,
            tuple(a for a in kept if a not in loose and (a.event_id or first) == event.id),
            tuple(message for message in told if telling.get(message.at) == event.id),
        )
        for event in events
    )
    return loose, chapters


def _told(messages: Sequence[notices.Told]) -> list[Told]:
    """Return each message once, however many people it went to."""
    by_words: dict[tuple[datetime, str], list[str | None]] = {}
    for message in messages:
        by_words.setdefault((message.at, message.body), []).append(message.outcome)
    return [
        Told(at, plain(json.loads(body)["text"]), len(outcomes), _delivered(outcomes))
        for (at, body), outcomes in by_words.items()
    ]


def _delivered(outcomes: Sequence[str | None]) -> bool | None:
    return None if None in outcomes else "delivered" in outcomes


async def _others(transaction: Transaction, case: Case, scope: Scope) -> tuple[Case, ...]:
    """Return the sender's other cases; a denouncer's are never named together (Luật Tố cáo 2018 Điều 56)."""
    if case.person_id is None or case.confidential:
        return ()
    known = await case_lists.of_person(transaction, case.person_id, limit=MOST_OTHERS)
    return tuple(c for c in known if c.id != case.id and not c.confidential and queue.may_see(c, scope))


async def _alike(transaction: Transaction, case: Case, scope: Scope) -> tuple[Case, ...]:
    if case.type not in (CaseType.FEEDBACK, CaseType.PROPOSAL) or case.confidential:
        return ()
    known = await case_lists.candidates(transaction, since=case.created_at - timedelta(days=SIMILAR_DAYS))
    by_code = {c.code: c for c in known if c.id != case.id and queue.may_see(c, scope)}
    found = similar.similar(filing.report(case), map(filing.report, by_code.values()), most=MOST_ALIKE)
    return tuple(by_code[each.code] for each in found)


async def _main(transaction: Transaction, case: Case, scope: Scope) -> Case | None:
    main = await cases.by_id(transaction, case.merged_into_id) if case.merged_into_id else None
    return main if main and queue.may_see(main, scope) else None
