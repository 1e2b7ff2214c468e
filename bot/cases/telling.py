"""What the citizen hears when a case moves, and which buttons come with it."""

from datetime import datetime

from bot import notices
from bot.cases.desk import Desk
from bot.cases.model import CaseType, State
from bot.cases.moves import CLOCKS, TABLE, Clock, Name
from bot.cases.workflow import Given
from bot.messages import Choice, Reply
from bot.storage import cases
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
    reply = Reply(_words(case, move, given, desk), buttons)
    people = [case.person_id, *await cases.followers(transaction, case.id)]
    for person in (person for person in people if person is not None):
        await notices.tell(transaction, person, [reply], case=case.id, now=now)


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


def standing(case: Case, desk: Desk, *, is_theirs: bool, now: datetime) -> str:
    """Return where a case stands, as its code shows it: no words, names or places of the citizen."""
    say, state = desk.texts.say, State(case.state)
    lines = [
        say(
            "track.card",
            code=case.code,
            type=desk.texts.section("case_types")[case.type],
            day=f"{case.created_at:%d/%m/%Y}",
            state=desk.texts.section("case_states")[state],
        )
    ]
    if state is State.NEEDS_MORE:
        lines.append(say("track.paused"))
    elif CLOCKS[state] is Clock.RUNS and case.due_at:
        lines.append(say("track.overdue" if case.due_at < now else "track.due", due=desk.day(case.due_at)))
    if state is State.TRANSFERRED:
        lines.append(say("track.transferred", body=case.transferred_to, document=document(case)))
    if case.answer and (is_theirs or case.published_at):
        result = desk.texts.section("case_results")[case.result] if case.result else ""
        lines.append(say("track.answer", result=result, text=case.answer if is_theirs else case.public_answer))
    return "\n".join(lines)
