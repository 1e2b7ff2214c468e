"""What the citizen hears when a case moves, and which buttons come with it."""

from datetime import datetime

from bot import notices
from bot.cases.desk import Desk
from bot.cases.model import CaseType
from bot.cases.moves import TABLE, Name
from bot.cases.workflow import Given
from bot.files import StoredFile
from bot.messages import Choice, Enclosure, Reply
from bot.storage import case_events, cases
from bot.storage.cases import Case
from bot.storage.database import Transaction

CASE_BUTTON = "k"  # the letter of a case's buttons in the conversation (handlers.actions)
_BUTTONS = {
    Name.ASK: (("add", "reply"),),
    Name.ANSWER: (("finished", "finished"), ("unfinished", "unfinished")),
    Name.REFUSE: (("unfinished", "unfinished"),),
    Name.CLOSE: (("rate", "rate"),),
}
_SAME = {Name.ASSIGN: Name.START}  # moves that are one and the same to a citizen


def is_told(move: Name) -> bool:
    """Tell whether the citizen hears of a move."""
    return any(row.tells for row in TABLE if row.name is move)


async def tell(transaction: Transaction, case: Case, move: Name, given: Given, desk: Desk, *, now: datetime) -> None:
    """Keep a message about a move for whoever filed the case and those who follow it."""
    if not is_told(move):
        return
    buttons = tuple(
        Choice(f"{CASE_BUTTON}:{case.code}:{verb}", desk.texts.say(f"track_buttons.{name}"))
        for verb, name in _BUTTONS.get(move, ())
    )
    files = await _evidence(transaction, case) if move is Name.ANSWER else ()
    reply = Reply(_words(case, move, given, desk), buttons, files=files)
    people = [case.person_id, *await cases.followers(transaction, case.id)]
    for person in (person for person in people if person is not None):
        await notices.tell(transaction, person, [reply], case=case.id, now=now)


async def _evidence(transaction: Transaction, case: Case) -> tuple[Enclosure, ...]:
    """Return the files that an official has put to the answer being given: not yet tied to a move."""
    kept = await case_events.attachments_of(transaction, case=case.id)
    return tuple(
        Enclosure(StoredFile(a.digest, a.name, a.media_type, a.size))
        for a in kept
        if a.digest and a.from_official and a.event_id is None
    )


def _words(case: Case, move: Name, given: Given, desk: Desk) -> str:
    key = _SAME.get(move, move)
    if move is Name.ANSWER and case.type == CaseType.QUESTION:
        key = f"{move}_hoi_dap"  # type: ignore[assignment]
    return desk.texts.say(
        f"case_notices.{key}",
        code=case.code,
        due=desk.day(case.due_at),
        reason=case.due_reason,
        text=case.answer if move is Name.ANSWER else given.text or given.reason,
        body=case.transferred_to,
        document=document(case),
        result=desk.texts.section("case_results")[case.result] if case.result else "",
        other=given.main_case,
    )


def document(case: Case) -> str:
    """Return the number of the document that went with a case, as it follows the body's name."""
    return f" (văn bản {case.transfer_document})" if case.transfer_document else ""
