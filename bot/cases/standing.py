"""Where a case stands, in sentences for whoever knows its code: no words, names or places of the citizen."""

from datetime import datetime

from bot.cases import telling
from bot.cases.desk import Desk
from bot.cases.model import State
from bot.cases.moves import CLOCKS, Clock
from bot.storage.cases import Case


def is_running(case: Case) -> bool:
    """Tell whether the deadline runs now."""
    return CLOCKS[State(case.state)] is Clock.RUNS


def lines(case: Case, desk: Desk, *, now: datetime) -> list[str]:
    """Return type, day and state, then the deadline, whether it is missed, or where the case went."""
    say, state = desk.texts.say, State(case.state)
    told = [
        say(
            "track.card",
            code=case.code,
            type=desk.texts.section("case_types")[case.type],
            day=f"{case.created_at:%d/%m/%Y}",
            state=desk.texts.section("case_states")[state],
        )
    ]
    if state is State.NEEDS_MORE:
        told.append(say("track.paused"))
    elif is_running(case) and case.due_at:
        told.append(say("track.overdue" if case.due_at < now else "track.due", due=desk.day(case.due_at)))
    if state is State.TRANSFERRED:
        told.append(say("track.transferred", body=case.transferred_to, document=telling.document(case)))
    return told


def answer(case: Case, text: str, desk: Desk) -> str:
    """Return an answer as it is told: what became of the matter, then `text`."""
    result = desk.texts.section("case_results")[case.result] if case.result else ""
    return desk.texts.say("track.answer", result=result, text=text)


def told(case: Case, desk: Desk, *, is_theirs: bool, now: datetime) -> str:
    """Return all of it, with the answer where it is the reader's own case or published."""
    shown = lines(case, desk, now=now)
    if case.answer and (is_theirs or case.published_at):
        shown.append(answer(case, case.answer if is_theirs else case.public_answer, desk))
    return "\n".join(shown)
