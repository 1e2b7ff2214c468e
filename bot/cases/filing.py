"""A draft becomes a case, once: its code, its deadline and why, its story begun."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases import codes, similar
from bot.cases.desk import Desk
from bot.cases.drafts import Draft
from bot.cases.model import CaseType, State
from bot.messages import Place
from bot.storage import case_events, case_lists, cases, drafts
from bot.storage.cases import Case
from bot.storage.database import Transaction
from knowledge.vietnamese import fold

MOST_A_DAY = 10  # cases of one person; beyond it the desk asks to come or call
SIMILAR_DAYS = 60

FILED = "filed"
ADDED = "added"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who files a case and how: a person on a channel, or an official's entry for a visitor."""

    channel: str
    person: int | None = None
    official_id: int | None = None
    official_name: str = ""


class TooMany(Exception):
    """The person has filed as many cases today as one may."""


async def filed(transaction: Transaction, draft: Draft) -> Case | None:
    """Return the case that a draft became already, or None."""
    return await cases.by_draft(transaction, draft.key) if draft.key else None


async def file(transaction: Transaction, draft: Draft, sender: Sender, desk: Desk, *, now: datetime) -> Case:
    """Return the case of a draft; a draft filed before gives the same case again. Raise TooMany beyond the limit."""
    before = await filed(transaction, draft)
    if before:
        return before
    if sender.person is not None:
        today = await case_lists.count_filed(transaction, sender.person, since=now - timedelta(days=1))
        if today >= MOST_A_DAY:
            raise TooMany
    case = await _add(transaction, draft, sender, desk, now=now)
    event = case_events.Event(
        FILED,
        "official" if sender.official_id else "citizen",
        now,
        draft.text,
        sender.official_id,
        sender.official_name,
        to_state=State.NEW,
        shown=True,
    )
    first = await case_events.add(transaction, case.id, event)
    await case_events.hand_to_case(transaction, draft.id, case.id, first)
    if sender.person is not None:
        await drafts.drop(transaction, sender.person)
    return case


async def _add(transaction: Transaction, draft: Draft, sender: Sender, desk: Desk, *, now: datetime) -> Case:
    kind = draft.type or CaseType.FEEDBACK
    number = await cases.next_number(transaction, now.year)
    code = codes.make(now.year, number)
    due = desk.due(kind, now)
    anonymous = draft.is_anonymous
    values = {
        "code": code,
        "draft_key": draft.key or None,
        "type": kind,
        "state": State.NEW,
        "confidential": draft.is_confidential,
        "channel": sender.channel,
        "person_id": sender.person,
        "question_id": draft.question,
        "text": draft.text,
        "folded": searchable(code, draft),
        "reporter_name": "" if anonymous else draft.name,
        "reporter_phone": "" if anonymous else draft.phone,
        "reporter_address": "" if anonymous else draft.address,
        "thon": draft.thon,
        "landmark": draft.landmark,
        "latitude": draft.latitude,
        "longitude": draft.longitude,
        "created_at": now,
        "due_at": due.at,
        "due_reason": due.reason,
        "may_publish": draft.may_publish and not draft.is_confidential,
    }
    await cases.add(transaction, values)
    case = await cases.get(transaction, code)
    assert case is not None
    return case


def searchable(code: str, draft: Draft) -> str:
    """Return what the queue's search looks through, without marks. A denouncer's name is not in it."""
    names = () if draft.is_confidential or draft.is_anonymous else (draft.name, draft.phone)
    return fold(" ".join((code, draft.text, draft.thon, draft.landmark, *names)))


async def alike(transaction: Transaction, draft: Draft, *, now: datetime) -> Sequence[Case]:
    """Return the open cases that a draft seems to repeat, the likeliest first."""
    if draft.type not in (CaseType.FEEDBACK, CaseType.PROPOSAL) or not draft.text:
        return ()
    known = await case_lists.candidates(transaction, since=now - timedelta(days=SIMILAR_DAYS))
    reports = [report(case) for case in known]
    by_code = {case.code: case for case in known}
    return [by_code[found.code] for found in similar.similar(_report(draft.text, now, draft), reports)]


def report(case: Case) -> similar.Report:
    """Return what of a case can be like another."""
    return _report(case.text, case.created_at, case, code=case.code)


def _report(text: str, at: datetime, where: Draft | Case, *, code: str = "") -> similar.Report:
    place = None
    if where.latitude is not None and where.longitude is not None:
        place = Place(where.latitude, where.longitude)
    return similar.Report(f"{text} {where.landmark}".strip(), at, where.thon, place, code)
