"""What presses, told to the officials' group in working hours: the morning digest, and deadlines that near or passed.

A message is kept in the transaction that counts its warnings, then sent by the courier: a crash loses none of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot import notices
from bot.calendar.workdays import day_of
from bot.cases.deadlines import Warned, warning_moments
from bot.cases.desk import Desk
from bot.messages import Reply
from bot.officials import auditing
from bot.storage import audit, case_lists, cases, people
from bot.storage.audit import Filter
from bot.storage.case_lists import Scope, Wanted
from bot.storage.cases import Case
from bot.storage.database import Database, Transaction

COUNTED = ("overdue", "soon", "new", "waiting")  # of the queue's groups
MOST_IN_DIGEST = 8
MOST_IN_WARNING = 30
MOST_LOOKED_AT = 2_000  # cases due by tomorrow and overdue, of which at most three warnings each are told


class Action(StrEnum):
    """What the program does by itself, kept so that it is done once."""

    DIGEST = "ban_tin_sang"


@dataclass(frozen=True, slots=True)
class Group:
    """The officials' group: its channel and its address there."""

    channel: str
    address: str


async def warn(database: Database, desk: Desk, group: Group, *, now: datetime) -> bool:
    """Keep one message for the group when there is something to tell and the office is open; tell whether there was."""
    if not desk.calendar.is_open(now):
        return False
    async with database.transaction() as transaction:
        reader = await people.recognise(transaction, group.channel, group.address, now=now)  # locked: one digest a day
        pressing, parts = await _digest(transaction, desk, now=now)
        warnings = await _take_warnings(transaction, desk, now=now)
        parts += _told(warnings, desk, but=pressing)
        if parts:
            await notices.tell(transaction, reader, [Reply("\n\n".join(parts))], now=now)
    return bool(parts)


async def _digest(transaction: Transaction, desk: Desk, *, now: datetime) -> tuple[list[Case], list[str]]:
    """Return the cases that the day's digest names, and its words; nothing when it was told already."""
    today = day_of(now)
    if await audit.entries(transaction, Filter(action=Action.DIGEST, subject=today.isoformat()), limit=1):
        return [], []
    await auditing.record(transaction, None, Action.DIGEST, today.isoformat(), now=now)
    seen = Scope(official_id=0, now=now, soon=desk.calendar.closing(today))
    counts = await case_lists.group_counts(transaction, seen)
    everything = await case_lists.group_counts(transaction, replace(seen, confidential=True))
    pressing = [
        case
        for name in ("overdue", "soon")
        for case in await case_lists.page(transaction, Wanted(name), seen, offset=0, limit=MOST_IN_DIGEST)
    ][:MOST_IN_DIGEST]
    hidden = everything["open"] - counts["open"]
    say, lines = desk.texts.say, []
    lines += [say(f"staff_digest.{name}", count=counts[name]) for name in COUNTED if counts[name]]
    lines += [say("staff_digest.confidential", count=hidden)] if hidden else []
    lines += [say("staff_digest.pressing"), *_listed(pressing, desk)] if pressing else []
    return pressing, ["\n".join((say("staff_digest.head", day=desk.day(now)), *lines))] if lines else []


async def _take_warnings(transaction: Transaction, desk: Desk, *, now: datetime) -> list[tuple[Warned, Case]]:
    """Return the cases with a warning whose moment has come, each with its newest; they count as warned now."""
    next_day = desk.calendar.add_working_days(day_of(now), 1)
    until = desk.calendar.closing(next_day)
    due: list[tuple[Warned, Case]] = []
    for case in await case_lists.due_for_warning(transaction, until=until, limit=MOST_LOOKED_AT):
        assert case.due_at is not None
        come = [warned for warned, at in warning_moments(case.due_at, desk.calendar).items() if at <= now]
        if len(come) > case.warned and await cases.count_warnings(transaction, case, len(come)):
            due.append((come[-1], case))
    return due


def _told(warnings: Sequence[tuple[Warned, Case]], desk: Desk, *, but: Sequence[Case]) -> list[str]:
    """Return the warnings, the most pressing first; those that the digest names are not told twice."""
    parts, named = [], {case.id for case in but}
    for stage in reversed(Warned):
        these = [case for warned, case in warnings if warned is stage and case.id not in named]
        seen, hidden = [case for case in these if not case.confidential], sum(case.confidential for case in these)
        lines = _listed(seen[:MOST_IN_WARNING], desk)
        if len(seen) > MOST_IN_WARNING:
            lines.append(desk.texts.say("staff_digest.more", count=len(seen) - MOST_IN_WARNING))
        if hidden:
            lines.append(desk.texts.say("staff_digest.confidential", count=hidden))
        if lines:
            parts.append("\n".join((desk.texts.section("staff_stages")[stage], *lines)))
    return parts


def _listed(these: Sequence[Case], desk: Desk) -> list[str]:
    """Return a line for each case: nothing that a citizen wrote, no name and no number but the code."""
    kinds = desk.texts.section("case_types")
    return [
        desk.texts.say("staff_digest.case", code=case.code, type=kinds[case.type], due=desk.day(case.due_at))
        for case in these
    ]
