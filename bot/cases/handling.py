"""Moving a case: checked by the table, kept with its story, its deadline, the audit and the word to the citizen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.cases import telling, workflow
from bot.cases.desk import Desk
from bot.cases.model import CaseType, State
from bot.cases.moves import CLOCKS, Clock, Name, Party
from bot.cases.workflow import Given, Situation
from bot.officials import auditing
from bot.officials.rights import Official
from bot.storage import case_events, cases, officials
from bot.storage.cases import Case
from bot.storage.database import Transaction

SECOND_REVIEW = "second_review"  # the rule in deadlines.toml
_ANEW = (Name.OBJECT, Name.REOPEN)


class Conflict(Exception):
    """Somebody else changed the case meanwhile; what was to be done is still in the form."""


class NotFound(Exception):
    """What a move names does not exist; the text is a sentence to show."""


@dataclass(frozen=True, slots=True)
class Order:
    """One move to be made: its name, by whom, what is given. `version` is the one of the case as the actor saw it."""

    name: Name
    actor: Official | Party
    given: Given = field(default_factory=Given)
    version: int | None = None


def situation(case: Case) -> Situation:
    """Return what of a case decides its moves."""
    return Situation(
        type=CaseType(case.type),
        state=State(case.state),
        unit=case.unit,
        asked_from=State(case.asked_from) if case.asked_from else State.NEW,
        answered_at=case.answered_at,
        objections=case.reopened,
    )


async def carry_out(transaction: Transaction, case: Case, order: Order, desk: Desk, *, now: datetime) -> Case:
    """Return the case after a move; raise MoveRefused, NotFound or Conflict, and then nothing is changed."""
    if order.version is not None and order.version != case.version:
        raise Conflict
    after = workflow.apply(situation(case), order.name, order.actor, order.given, now=now)
    changes: dict[str, Any] = {
        "state": after.state,
        "asked_from": after.asked_from,
        "answered_at": after.answered_at,
        "reopened": after.objections,
        "closed_at": now if after.state is State.CLOSED else None,
    }
    changes |= await _particulars(transaction, case, order)
    changes |= await _deadline(transaction, case, order, after.state, desk, now=now)
    if not await cases.change(transaction, case, **changes):
        raise Conflict
    await _write_down(transaction, case, order, after.state, now=now)
    moved = await cases.by_id(transaction, case.id)
    assert moved is not None
    await telling.tell(transaction, moved, order.name, order.given, desk, now=now)
    return moved


async def _particulars(transaction: Transaction, case: Case, order: Order) -> dict[str, Any]:
    """Return what a move changes beside the state."""
    given = order.given
    if order.name is Name.ANSWER:
        answer = "\n".join(part for part in (given.text, given.reason) if part)
        return {"result": given.result, "answer": answer}
    if order.name is Name.TRANSFER:
        return {"transferred_to": given.body, "transfer_document": given.document}
    if order.name in (Name.ASSIGN, Name.REASSIGN):
        return await _assignee(transaction, given.assignee)
    if order.name is Name.START and isinstance(order.actor, Official) and case.assignee_id is None:
        return {"assignee_id": order.actor.id}
    if order.name is Name.MERGE:
        return {"merged_into_id": await _merge(transaction, case, given.main_case)}
    return {}


async def _assignee(transaction: Transaction, named: str) -> dict[str, Any]:
    """Return who is to handle a case: an official by login name, otherwise a unit."""
    account = await officials.find(transaction, named)
    if account is None:
        return {"assignee_id": None, "unit": named}
    if account.disabled_at:
        raise NotFound(f"Tài khoản {named} đang bị khóa; chọn người khác.")
    return {"assignee_id": account.id, "unit": account.unit}


async def _merge(transaction: Transaction, case: Case, code: str) -> int:
    main = await cases.get(transaction, code.strip().upper())
    if main is None or main.id == case.id or main.confidential or main.merged_into_id:
        raise NotFound(f"Không gộp được vào “{code}”: không có việc này, hoặc chính nó đã gộp hay được giữ kín.")
    for person in (case.person_id, *await cases.followers(transaction, case.id)):
        if person is not None and person != main.person_id:
            await cases.follow(transaction, main.id, person, now=case.created_at)
    return main.id


async def _deadline(
    transaction: Transaction, case: Case, order: Order, after: State, desk: Desk, *, now: datetime
) -> dict[str, Any]:
    """Return the deadline after a move: anew for a second review, put off by what the clock stood still."""
    if order.name in _ANEW:
        due = desk.due(SECOND_REVIEW, now)
    elif CLOCKS[State(case.state)] is not Clock.RUNS and CLOCKS[after] is Clock.RUNS:
        start, history = _since_start(await case_events.states(transaction, case.id), case.created_at)
        matter = SECOND_REVIEW if start != case.created_at else case.type
        due = desk.due(matter, start, paused=workflow.pauses(history, now))
    else:
        return {}
    return {"due_at": due.at, "due_reason": due.reason, "warned": 0}


def _since_start(
    entered: Sequence[tuple[datetime, str]], created: datetime
) -> tuple[datetime, list[tuple[datetime, State]]]:
    """Return when the running deadline began, and the states since: at the filing, or at the last second review."""
    history = [(at, State(state)) for at, state in entered]
    again = [place for place, (_, state) in enumerate(history) if state is State.REOPENED]
    if not again:
        return created, history
    return history[again[-1]][0], history[again[-1] :]


async def _write_down(transaction: Transaction, case: Case, order: Order, after: State, *, now: datetime) -> None:
    actor, given = order.actor, order.given
    is_official = isinstance(actor, Official)
    text = "\n".join(part for part in (given.text, given.reason, given.body, given.document) if part)
    event = case_events.Event(
        kind=order.name,
        by="official" if isinstance(actor, Official) else actor,
        at=now,
        text=text,
        official_id=actor.id if isinstance(actor, Official) else None,
        official_name=actor.full_name if isinstance(actor, Official) else "",
        from_state=case.state,
        to_state=after if after != case.state else None,
        shown=not is_official or telling.is_told(order.name),
    )
    await case_events.add(transaction, case.id, event)
    if isinstance(actor, Official):
        await auditing.record(transaction, actor, order.name, case.code, now=now, den=after)
