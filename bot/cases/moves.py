"""The table of moves: from which state to which, who may, what must be given, what the citizen learns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.cases.model import OPEN, CaseType, Result, State
from bot.officials.rights import Right

MOST_OBJECTIONS = 2  # how often a citizen may say "chưa xong"
OBJECTION_TIME = timedelta(days=30)  # after an answer


class Name(StrEnum):
    """What a move is called; the words for it are in workflow.toml."""

    ACCEPT = "tiep_nhan"
    ASSIGN = "giao"
    START = "bat_dau"
    REASSIGN = "giao_lai"
    ASK = "hoi_them"
    REPLY = "dan_tra_loi"
    RESUME = "thoi_cho"
    ADD = "bo_sung"
    TRANSFER = "chuyen"
    RETURN = "tra_lai"
    REFUSE = "tu_choi"
    ANSWER = "tra_loi"
    CLOSE = "dong"
    OBJECT = "chua_xong"
    REOPEN = "mo_lai"
    MERGE = "gop"
    WITHDRAW = "rut"


class Party(StrEnum):
    """Who moves a case without being an official; the caller has made sure that the citizen is the case's own."""

    CITIZEN = "citizen"
    SYSTEM = "system"


class Way(StrEnum):
    """Where a move leads that leads to no state of its own."""

    STAYS = "stays"
    BACK = "back"  # to the state from which the citizen was asked


class Need(StrEnum):
    """What must be given with a move: the field of `Given` of the same name."""

    REASON = "reason"
    TEXT = "text"
    RESULT = "result"
    BODY = "body"
    DOCUMENT = "document"
    EVIDENCE = "evidence"
    ASSIGNEE = "assignee"
    MAIN_CASE = "main_case"


class Clock(StrEnum):
    """What the deadline does while a case stands in a state."""

    RUNS = "runs"
    PAUSES = "pauses"
    STOPS = "stops"


CLOCKS: Mapping[State, Clock] = {
    State.NEW: Clock.RUNS,
    State.NEEDS_MORE: Clock.PAUSES,
    State.ACCEPTED: Clock.RUNS,
    State.IN_PROGRESS: Clock.RUNS,
    State.TRANSFERRED: Clock.STOPS,
    State.REFUSED: Clock.STOPS,
    State.ANSWERED: Clock.STOPS,
    State.REOPENED: Clock.RUNS,  # anew, by the rule "second_review"
    State.CLOSED: Clock.STOPS,
}


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table. `by`: any one of them suffices. `tells`: the citizen gets a message."""

    name: Name
    sources: frozenset[State]
    to: State | Way
    by: frozenset[Right | Party]
    needs: frozenset[Need]
    tells: bool
    not_for: frozenset[CaseType]


def _row(
    name: Name,
    sources: set[State] | frozenset[State],
    to: State | Way,
    by: set[Right | Party],
    *needs: Need,
) -> Move:
    quiet = name in _QUIET
    return Move(
        name, frozenset(sources), to, frozenset(by), frozenset(needs), not quiet, _NOT_FOR.get(name, frozenset())
    )


# What the citizen does is answered in the talk itself; a change of hands inside the office is not their concern.
_QUIET = frozenset({Name.REPLY, Name.ADD, Name.OBJECT, Name.WITHDRAW, Name.REASSIGN})

# khiếu nại: guided to formal filing, no legal clock starts here (Luật Khiếu nại 2011 Điều 8). tố cáo: never joined to a
# file that others read (Luật Tố cáo 2018 Điều 47, 56); withdrawn only in writing (Mẫu 02, NĐ 156/2026/NĐ-CP).
_NOT_FOR: Mapping[Name, frozenset[CaseType]] = {
    Name.ACCEPT: frozenset({CaseType.COMPLAINT}),
    Name.TRANSFER: frozenset({CaseType.COMPLAINT}),
    Name.MERGE: frozenset({CaseType.DENUNCIATION}),
    Name.WITHDRAW: frozenset({CaseType.DENUNCIATION}),
}

_S, _R, _N = State, Right, Need
_WORKING = {_S.ACCEPTED, _S.IN_PROGRESS}

TABLE: tuple[Move, ...] = (
    _row(Name.ACCEPT, {_S.NEW}, _S.ACCEPTED, {_R.RECEIVE_CASES}),
    _row(Name.ASSIGN, {_S.ACCEPTED}, _S.IN_PROGRESS, {_R.RECEIVE_CASES}, _N.ASSIGNEE),
    _row(Name.START, {_S.ACCEPTED}, _S.IN_PROGRESS, {_R.HANDLE_CASES}),
    _row(Name.REASSIGN, {_S.IN_PROGRESS, _S.REOPENED}, Way.STAYS, {_R.RECEIVE_CASES}, _N.ASSIGNEE),
    _row(Name.ASK, {_S.NEW}, _S.NEEDS_MORE, {_R.RECEIVE_CASES}, _N.TEXT),
    _row(Name.ASK, {*_WORKING, _S.REOPENED}, _S.NEEDS_MORE, {_R.HANDLE_CASES}, _N.TEXT),
    _row(Name.REPLY, {_S.NEEDS_MORE}, Way.BACK, {Party.CITIZEN}),
    _row(Name.RESUME, {_S.NEEDS_MORE}, Way.BACK, {_R.RECEIVE_CASES, _R.HANDLE_CASES, Party.SYSTEM}),
    _row(Name.ADD, OPEN - {_S.NEEDS_MORE}, Way.STAYS, {Party.CITIZEN}),
    _row(
        Name.TRANSFER,
        {_S.NEW, *_WORKING, _S.REOPENED},
        _S.TRANSFERRED,
        {_R.RECEIVE_CASES},
        *(_N.BODY, _N.DOCUMENT, _N.TEXT),
    ),
    _row(Name.RETURN, {_S.TRANSFERRED}, _S.ACCEPTED, {_R.RECEIVE_CASES}, _N.REASON),
    _row(Name.REFUSE, {_S.NEW, _S.NEEDS_MORE, _S.ACCEPTED}, _S.REFUSED, {_R.RECEIVE_CASES}, _N.REASON, _N.TEXT),
    _row(Name.ANSWER, _WORKING, _S.ANSWERED, {_R.HANDLE_CASES}, _N.RESULT, _N.TEXT),
    _row(Name.ANSWER, {_S.TRANSFERRED}, _S.ANSWERED, {_R.RECEIVE_CASES}, _N.RESULT, _N.TEXT),
    # A second review is answered by somebody who may close cases, not by the first handler alone.
    _row(Name.ANSWER, {_S.REOPENED}, _S.ANSWERED, {_R.CLOSE_CASES}, _N.RESULT, _N.TEXT),
    _row(Name.CLOSE, {_S.ANSWERED, _S.REFUSED}, _S.CLOSED, {_R.CLOSE_CASES, Party.CITIZEN, Party.SYSTEM}),
    _row(Name.CLOSE, {_S.TRANSFERRED}, _S.CLOSED, {_R.CLOSE_CASES}, _N.TEXT),
    _row(Name.OBJECT, {_S.ANSWERED, _S.REFUSED, _S.CLOSED}, _S.REOPENED, {Party.CITIZEN}),
    _row(Name.REOPEN, {_S.ANSWERED, _S.REFUSED, _S.CLOSED}, _S.REOPENED, {_R.CLOSE_CASES}, _N.REASON),
    _row(Name.MERGE, OPEN, _S.CLOSED, {_R.RECEIVE_CASES}, _N.MAIN_CASE),
    _row(Name.WITHDRAW, OPEN, _S.CLOSED, {Party.CITIZEN}),
)

# What an answer needs besides, by its result; a phản ánh is done only where something shows it.
BY_RESULT: Mapping[Result, frozenset[Need]] = {
    Result.DONE: frozenset(),
    Result.PARTLY: frozenset({Need.REASON}),
    Result.NOT_DONE: frozenset({Need.REASON}),
    Result.NOT_OURS: frozenset({Need.REASON}),
}
SHOWN_DONE = frozenset({CaseType.FEEDBACK})
