"""Whether a channel lives: decided from what its process told last and from what waits in its inbox. No clock here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.storage.channel_health import Vitals
from bot.storage.inbox import Backlog

SILENT = timedelta(minutes=5)  # five rounds of its process
FAILING = timedelta(minutes=5)  # longer than a platform's hiccup or a restart of ours
UNWORKED = timedelta(minutes=8)  # all that a channel is given is acted on within seconds
PARTS = {"telegram": "telegram", "zalo_bot": "zalo", "zalo_oa": "web,zalo"}  # what runs a channel; web is nobody's duty
STEADY = timedelta(minutes=5)  # how long a channel is well before that is told: one that flutters is not told each time


class Condition(StrEnum):
    """How it is with a channel."""

    OFF = "tắt"
    UNSEEN = "chưa chạy lần nào"
    WELL = "đang chạy"
    FAILING = "đang trục trặc"
    DEAD = "không hoạt động"


@dataclass(frozen=True, slots=True)
class State:
    """One channel's condition, why it is so ("" when well), and what that was judged by."""

    channel: str
    condition: Condition
    why: str = ""
    vitals: Vitals | None = None
    backlog: Backlog = Backlog()

    @property
    def is_dead(self) -> bool:
        return self.condition is Condition.DEAD


def judge_all(
    configured: Mapping[str, bool],
    vitals: Mapping[str, Vitals],
    backlogs: Mapping[str, Backlog],
    *,
    now: datetime,
    watching_since: datetime | None = None,
) -> dict[str, State]:
    """Return the state of every channel, switched on or not.

    Silence and waiting count from `watching_since` on: a machine that was off all night raises no alarm when it starts.
    """
    return {
        name: _judge(name, vitals.get(name), backlogs.get(name, Backlog()), now=now, watching_since=watching_since)
        if is_on
        else State(name, Condition.OFF, vitals=vitals.get(name), backlog=backlogs.get(name, Backlog()))
        for name, is_on in configured.items()
    }


def _judge(
    channel: str, vitals: Vitals | None, backlog: Backlog, *, now: datetime, watching_since: datetime | None
) -> State:
    if vitals is None:
        return _unseen(channel, backlog, now=now, watching_since=watching_since)
    why = _death(vitals, backlog, now=now, watching_since=watching_since)
    if why:
        return State(channel, Condition.DEAD, why, vitals, backlog)
    condition = Condition.FAILING if vitals.trouble else Condition.WELL
    return State(channel, condition, vitals.trouble, vitals, backlog)


def _unseen(channel: str, backlog: Backlog, *, now: datetime, watching_since: datetime | None) -> State:
    """Return the state of a channel that no process ever told of: dead once somebody has watched in vain."""
    part = PARTS.get(channel)
    if part is None:
        return State(channel, Condition.UNSEEN, backlog=backlog)
    why = f"chưa tiến trình nào chạy kênh này; chạy motcua run --only {part}, hoặc motcua run để chạy mọi phần"
    is_dead = _has_lasted(watching_since, SILENT, now)
    return State(channel, Condition.DEAD if is_dead else Condition.UNSEEN, why, backlog=backlog)


def _death(vitals: Vitals, backlog: Backlog, *, now: datetime, watching_since: datetime | None) -> str:
    """Return the fact by which a channel is dead, "" when it lives."""
    if vitals.trouble and vitals.is_final:
        return vitals.trouble  # whether or not the process still runs: it is this that a human has to mend
    if now - _from(vitals.seen_at, watching_since) >= SILENT:
        return f"chương trình chạy kênh này không báo gì từ {_clock(vitals.seen_at)}"
    if vitals.trouble and _has_lasted(vitals.failing_since, FAILING, now):
        return vitals.trouble
    if backlog.oldest and now - _from(backlog.oldest, watching_since) >= UNWORKED:
        return f"{backlog.waiting} tin đã nhận mà chưa được trả lời, cũ nhất từ {_clock(backlog.oldest)}"
    return ""


def is_steady(state: State, *, now: datetime) -> bool:
    """Tell whether a channel has been well long enough for that to be told."""
    vitals = state.vitals
    return state.condition is Condition.WELL and vitals is not None and _has_lasted(vitals.well_since, STEADY, now)


def _has_lasted(since: datetime | None, least: timedelta, now: datetime) -> bool:
    return since is not None and now - since >= least


def _from(moment: datetime, earliest: datetime | None) -> datetime:
    return max(moment, earliest) if earliest else moment


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M %d/%m}"
