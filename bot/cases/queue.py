"""What an official may see of the cases, and how pressing a case is."""

from datetime import datetime
from enum import StrEnum

from bot.calendar.workdays import day_of
from bot.cases.desk import Desk
from bot.cases.model import State
from bot.cases.moves import CLOCKS, Clock
from bot.officials.rights import Official, Right
from bot.storage.case_lists import Scope
from bot.storage.cases import Case


class Pressure(StrEnum):
    """How a case stands to its deadline."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    CALM = "calm"
    PAUSED = "paused"  # the citizen was asked
    STOPPED = "stopped"  # answered, refused, elsewhere or closed


def scope(official: Official, desk: Desk, *, now: datetime) -> Scope:
    """Return what an official may see; pressing is what is due by the end of the next working day."""
    next_day = desk.calendar.add_working_days(day_of(now), 1)
    sees_all = official.may(Right.READ_ALL_CASES) or not official.unit
    return Scope(
        official_id=official.id,
        now=now,
        soon=desk.calendar.closing(next_day),
        unit=None if sees_all else official.unit,
        confidential=official.may(Right.READ_CONFIDENTIAL),
    )


def may_see(case: Case, scope: Scope) -> bool:
    """Tell whether a case is among those that lists show in this scope."""
    if case.confidential and not scope.confidential:
        return False
    return scope.unit is None or case.unit == scope.unit or case.assignee_id == scope.official_id


def pressure(case: Case, scope: Scope) -> Pressure:
    """Return how pressing a case is, as the groups of the queue count it."""
    clock = CLOCKS[State(case.state)]
    if clock is not Clock.RUNS or case.due_at is None:
        return Pressure.PAUSED if clock is Clock.PAUSES else Pressure.STOPPED
    if case.due_at < scope.now:
        return Pressure.OVERDUE
    if day_of(case.due_at) == day_of(scope.now):
        return Pressure.TODAY
    return Pressure.SOON if case.due_at <= scope.soon else Pressure.CALM


def days_over(case: Case, desk: Desk, *, now: datetime) -> int:
    """Return by how many working days a case is overdue, 0 on the day itself."""
    return desk.calendar.working_days_between(day_of(case.due_at), day_of(now)) if case.due_at else 0


def days_left(case: Case, desk: Desk, *, now: datetime) -> int:
    """Return how many working days are left after today."""
    return desk.calendar.working_days_between(day_of(now), day_of(case.due_at)) if case.due_at else 0
