"""The citizen's side of a filed case: whose it is, adding to it, proving it is theirs, a second review."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.cases import handling, workflow
from bot.cases.desk import Desk
from bot.cases.handling import Order
from bot.cases.model import OPEN, State
from bot.cases.moves import Name, Party
from bot.cases.workflow import Given
from bot.storage import case_events, cases
from bot.storage.case_events import Event, KeptAttachment
from bot.storage.cases import Case
from bot.storage.database import Transaction

MOST_PROOFS = 5  # wrong phone numbers a case and day, whoever tries
FAILED_PROOF = "sai_so"
SENT = "(chỉ gửi tệp, không có chữ)"


class Proof(StrEnum):
    """What became of somebody's attempt to show that a case is theirs; the names of the sentences in [proofs]."""

    LINKED = "linked"
    WRONG = "wrong_phone"
    CLOSED = "proof_closed"


@dataclass(frozen=True, slots=True)
class Addition:
    """What a citizen adds."""

    text: str
    attachments: tuple[KeptAttachment, ...] = ()


async def is_theirs(transaction: Transaction, case: Case, person: int) -> bool:
    """Tell whether a person filed a case or is linked to it."""
    return person == case.person_id or person in await cases.followers(transaction, case.id)


def may_add(case: Case) -> bool:
    return State(case.state) in OPEN


def may_reopen(case: Case, now: datetime) -> bool:
    moves = workflow.allowed(handling.situation(case), Party.CITIZEN, now=now)
    return any(move.name is Name.OBJECT for move in moves)


async def add(transaction: Transaction, case: Case, addition: Addition, desk: Desk, *, now: datetime) -> None:
    """Keep what a citizen adds; it answers a question of the officials when they wait for one."""
    if State(case.state) is State.NEEDS_MORE:
        order = Order(Name.REPLY, Party.CITIZEN, Given(text=addition.text or SENT))
        await handling.carry_out(transaction, case, order, desk, now=now)
        said = await case_events.last_of_kind(transaction, case.id, Name.REPLY)
        event = said.id if said else None
    else:
        event = await case_events.add(transaction, case.id, Event(Name.ADD, "citizen", now, addition.text, shown=True))
    for kept in addition.attachments:
        await case_events.attach(transaction, replace(kept, event_id=event), case=case.id, now=now)


async def reopen(transaction: Transaction, case: Case, text: str, desk: Desk, *, now: datetime) -> Case:
    """Return the case under a second review."""
    order = Order(Name.OBJECT, Party.CITIZEN, Given(reason=text or SENT))
    return await handling.carry_out(transaction, case, order, desk, now=now)


async def confirm(transaction: Transaction, case: Case, desk: Desk, *, now: datetime) -> Case:
    """Return the case closed by the citizen, who says that it is done."""
    return await handling.carry_out(transaction, case, Order(Name.CLOSE, Party.CITIZEN), desk, now=now)


async def prove(transaction: Transaction, case: Case, person: int, phone: str, *, now: datetime) -> Proof:
    """Link a case to a person who knows the phone number given with it; a few tries a day for all together."""
    failed = await case_events.count_of_kind(transaction, case.id, FAILED_PROOF, since=now - timedelta(days=1))
    if failed >= MOST_PROOFS or not case.reporter_phone:
        return Proof.CLOSED
    if phone != case.reporter_phone:
        await case_events.add(transaction, case.id, Event(FAILED_PROOF, "system", now))
        return Proof.WRONG
    await cases.follow(transaction, case.id, person, now=now)
    return Proof.LINKED
