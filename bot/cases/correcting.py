"""Correcting what a case is filed under: its type, where it happened, which unit looks after it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.cases import filing, workflow
from bot.cases.desk import Desk
from bot.cases.drafts import Draft
from bot.cases.handling import Conflict
from bot.cases.model import CaseType, State
from bot.cases.moves import CLOCKS, Clock
from bot.officials import auditing
from bot.officials.refused import Refused
from bot.officials.rights import Official, Right
from bot.storage import case_events, cases
from bot.storage.case_events import Event
from bot.storage.cases import Case
from bot.storage.database import Transaction

CORRECTED = "sua"
LONGEST_UNIT = 64


class Action(StrEnum):
    """What is audited here."""

    CORRECTED = "sua_viec"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a case is to be filed under from now on. `version` is the one of the case as the official saw it."""

    type: CaseType
    thon: str
    landmark: str
    unit: str
    version: int


async def correct(
    transaction: Transaction, case: Case, correction: Correction, by: Official, desk: Desk, *, now: datetime
) -> Case:
    """Return the case corrected; raise Conflict, or Refused for what may not be. Another type has another deadline.

    A case that was or becomes a denunciation stays confidential: its sender was promised so.
    """
    if correction.version != case.version:
        raise Conflict
    _check(case, correction, by)
    changes: dict[str, Any] = {
        name: new
        for name in ("type", "thon", "landmark", "unit")
        if (new := getattr(correction, name)) != getattr(case, name)
    }
    if not changes:
        return case
    if "type" in changes:
        changes |= await _of_type(transaction, case, correction.type, desk, now=now)
    changes["folded"] = _searchable(case, correction)
    told = _told(case, changes, desk)
    if not await cases.change(transaction, case, **changes):
        raise Conflict
    event = Event(CORRECTED, "official", now, told, by.id, by.full_name)
    await case_events.add(transaction, case.id, event)
    await auditing.record(transaction, by, Action.CORRECTED, case.code, now=now, sua=sorted({*changes} - {"folded"}))
    corrected = await cases.by_id(transaction, case.id)
    assert corrected is not None
    return corrected


def _check(case: Case, correction: Correction, by: Official) -> None:
    if not by.may(Right.RECEIVE_CASES):
        raise Refused("Chỉ người tiếp nhận mới sửa được loại việc, nơi xảy ra, bộ phận.")
    if correction.type is CaseType.COMPLAINT and case.type != CaseType.COMPLAINT:
        raise Refused(workflow.words()["refused"]["complaint"], field="type")
    if len(correction.unit) > LONGEST_UNIT or len(correction.thon) > LONGEST_UNIT:
        raise Refused(f"Tên thôn, tên bộ phận dài nhất {LONGEST_UNIT} chữ.", field="unit")


async def _of_type(
    transaction: Transaction, case: Case, kind: CaseType, desk: Desk, *, now: datetime
) -> dict[str, Any]:
    """Return what changes with the type: the deadline while it runs, and what a denunciation must keep to itself."""
    changes: dict[str, Any] = {}
    if kind is CaseType.DENUNCIATION:
        changes |= {"confidential": True, "may_publish": False, "published_at": None}
    if CLOCKS[State(case.state)] is Clock.RUNS and State(case.state) is not State.REOPENED and not case.reopened:
        history = [(at, State(state)) for at, state in await case_events.states(transaction, case.id)]
        due = desk.due(kind, case.created_at, paused=workflow.pauses(history, now))
        changes |= {"due_at": due.at, "due_reason": due.reason, "warned": 0}
    return changes


def _searchable(case: Case, correction: Correction) -> str:
    draft = Draft(
        type=correction.type,
        text=case.text,
        name=case.reporter_name,
        phone=case.reporter_phone,
        is_anonymous=case.confidential,
        thon=correction.thon,
        landmark=correction.landmark,
    )
    return filing.searchable(case.code, draft)


def _told(case: Case, changes: dict[str, Any], desk: Desk) -> str:
    types = desk.texts.section("case_types")
    lines = [f"Loại: {types[case.type]} → {types[changes['type']]}"] if "type" in changes else []
    named = (("thon", "Thôn"), ("landmark", "Nơi xảy ra"), ("unit", "Bộ phận"))
    lines += [f"{word}: {getattr(case, key) or '—'} → {changes[key] or '—'}" for key, word in named if key in changes]
    if "due_at" in changes:
        lines.append(f"Hạn: {desk.day(case.due_at)} → {desk.day(changes['due_at'])}")
    return "\n".join(lines)
