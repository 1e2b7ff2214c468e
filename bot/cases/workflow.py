"""What may be done with a case now, and what it becomes; the table itself is in moves.py."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

from bot.cases.model import CaseType, Result, State
from bot.cases.moves import (
    BY_RESULT,
    CLOCKS,
    MOST_OBJECTIONS,
    OBJECTION_TIME,
    SHOWN_DONE,
    TABLE,
    Clock,
    Move,
    Name,
    Need,
    Party,
    Way,
)
from bot.officials.rights import Official, Right

HOME = Path(__file__).parent / "workflow.toml"


class MoveRefused(Exception):
    """A move that cannot be made now; its text is a sentence to show."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What of a case decides its moves. `asked_from`: the state in which the citizen was asked for more."""

    type: CaseType
    state: State = State.NEW
    unit: str = ""
    asked_from: State = State.NEW
    answered_at: datetime | None = None  # answered or refused, the last time
    objections: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with a move. `evidence` names a photo or a document that shows the matter done."""

    reason: str = ""
    text: str = ""
    result: Result | None = None
    body: str = ""
    document: str = ""
    evidence: str = ""
    assignee: str = ""
    main_case: str = ""


def allowed(case: Situation, actor: Official | Party, *, now: datetime) -> tuple[Move, ...]:
    """Return the moves that `actor` may make now, in the table's order."""
    moves = (move for move in TABLE if case.state in move.sources)
    return tuple(move for move in moves if not _refusal(move, case, actor, now))


def apply(case: Situation, name: Name, actor: Official | Party, given: Given, *, now: datetime) -> Situation:
    """Return what the case becomes; raise MoveRefused with a sentence when the move cannot be made."""
    move = next((move for move in TABLE if move.name is name and case.state in move.sources), None)
    if move is None:
        raise MoveRefused(_say("state", name, state=words()["states"][case.state]))
    refusal = _refusal(move, case, actor, now) or _missing(move, case, given)
    if refusal:
        raise MoveRefused(refusal)
    return replace(
        case,
        state=_leads_to(move, case),
        asked_from=case.state if name is Name.ASK else case.asked_from,
        answered_at=now if name in (Name.ANSWER, Name.REFUSE) else case.answered_at,
        objections=case.objections + (name is Name.OBJECT),
    )


def pauses(history: Sequence[tuple[datetime, State]], now: datetime) -> list[tuple[datetime, datetime]]:
    """Return when a case stood still, from the moments it entered each state, in order: asked for more, or elsewhere.

    What lasts until `now` counts only while the citizen is asked: a deadline does not move once a case is answered.
    """
    lasting = [(now, State.CLOSED)] if history and CLOCKS[history[-1][1]] is Clock.PAUSES else []
    entered = pairwise([*history, *lasting])
    return [(at, until) for (at, state), (until, _) in entered if CLOCKS[state] is not Clock.RUNS]


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return the words of workflow.toml: "moves", "states", "needs", "refused", each by name."""
    return tomllib.loads(HOME.read_text(encoding="utf-8"))


def _leads_to(move: Move, case: Situation) -> State:
    if isinstance(move.to, State):
        return move.to
    return case.asked_from if move.to is Way.BACK else case.state


def _refusal(move: Move, case: Situation, actor: Official | Party, now: datetime) -> str:
    """Return why `actor` may not make this move, or ""."""
    return _of_actor(move, case, actor) or _of_type(move, case) or _of_time(move, case, actor, now)


def _of_actor(move: Move, case: Situation, actor: Official | Party) -> str:
    if isinstance(actor, Party):
        return "" if actor in move.by else _say("actor", move.name)
    if case.type is CaseType.DENUNCIATION and not actor.may(Right.READ_CONFIDENTIAL):
        return _say("confidential", move.name)
    if not actor.may(Right.READ_ALL_CASES) and actor.unit not in ("", case.unit):
        return _say("unit", move.name)
    return "" if any(isinstance(by, Right) and actor.may(by) for by in move.by) else _say("actor", move.name)


def _of_type(move: Move, case: Situation) -> str:
    if case.type not in move.not_for:
        return ""
    return _say("complaint" if case.type is CaseType.COMPLAINT else "denunciation", move.name)


def _of_time(move: Move, case: Situation, actor: Official | Party, now: datetime) -> str:
    if move.name is Name.CLOSE and actor is Party.SYSTEM:
        waited = case.answered_at is not None and now - case.answered_at > OBJECTION_TIME
        return "" if waited else _say("too_early", move.name)
    if move.name is not Name.OBJECT:
        return ""
    if case.answered_at is None:
        return _say("unanswered", move.name)
    if case.objections >= MOST_OBJECTIONS:
        return _say("too_often", move.name, times=case.objections)
    is_late = now - case.answered_at > OBJECTION_TIME
    return _say("too_late", move.name, days=OBJECTION_TIME.days) if is_late else ""


def _missing(move: Move, case: Situation, given: Given) -> str:
    missing = [need for need in _needs(move, case, given) if not str(getattr(given, need) or "").strip()]
    named = ", ".join(words()["needs"][need] for need in missing)
    return _say("needs", move.name, needs=named) if missing else ""


def _needs(move: Move, case: Situation, given: Given) -> Iterator[Need]:
    yield from (need for need in Need if need in move.needs)
    if given.result is not None and Need.RESULT in move.needs:
        yield from BY_RESULT[given.result]
        if given.result is Result.DONE and case.type in SHOWN_DONE:
            yield Need.EVIDENCE


def _say(key: str, move: Name, **values: object) -> str:
    return words()["refused"][key].format(move=words()["moves"][move], **values)
