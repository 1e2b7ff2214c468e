"""What the group reads about a case, and the buttons under it. No name, no phone; nothing confidential."""

from collections.abc import Callable
from datetime import datetime

from bot.cases import handling, standing, workflow
from bot.cases.model import Result
from bot.cases.moves import Move, Name, Need
from bot.messages import Choice, Reply
from bot.officials.rights import Official, Role
from bot.redaction import redact
from bot.storage import officials
from bot.storage.cases import Case
from bot.storage.database import Transaction
from handlers import actions
from handlers.services import Services

NOTE, DROP = "note", "drop"
EXCERPT = 300  # letters of what a citizen wrote
LONGEST_PLACE = 120
LONGEST_TOPIC = 128  # createForumTopic, https://core.telegram.org/bots/api#createforumtopic
TRANSFER_LINES = 3  # the body, the document's number, the words

MOVES = (Name.ACCEPT, Name.START, Name.ASK, Name.ANSWER, Name.TRANSFER, Name.CLOSE)
RESULTS = (Result.DONE, Result.PARTLY, Result.NOT_DONE)
_ANYBODY = Official(0, "", "", frozenset({Role.INTAKE, Role.HANDLER, Role.LEADER}))


async def post(transaction: Transaction, case: Case, services: Services) -> Reply:
    """Return a case as the group reads it, with the buttons of what somebody in the group may do now."""
    say = services.texts.say
    if case.confidential:
        return Reply(say("staff.sealed", code=case.code))
    place = redact(", ".join(part for part in (case.thon, case.landmark) if part))
    lines = [say("staff.head", code=case.code, type=kind(case, services), state=state(case))]
    lines += [say("staff.place", place=_cut(place, LONGEST_PLACE))] if place else []
    if standing.is_running(case) and case.due_at:
        lines.append(say("staff.due", due=services.desk.day(case.due_at)))
    account = await officials.get(transaction, case.assignee_id) if case.assignee_id else None
    lines += [say("staff.assignee", name=account.full_name)] if account else []
    words = _cut(" ".join(redact(case.text).replace("**", "").split()), EXCERPT)
    lines.append(say("staff.words", words=words) if words else say("staff.no_words"))
    if services.config.web.public_url:
        lines.append(f"{services.config.web.public_url.rstrip('/')}/quan-tri/phan-anh/{case.code}")
    return Reply("\n".join(lines), _buttons(case, services.now()))


def topic(case: Case, services: Services) -> str:
    """Return the name of a case's topic."""
    return services.texts.say("staff.topic", code=case.code, type=kind(case, services))[:LONGEST_TOPIC]


def confirmation(case: Case, actor: Official, text: str, services: Services) -> Reply:
    """Return the question whether what an official wrote goes to the citizen, and as what."""
    may = {move.name: move for move in workflow.allowed(handling.situation(case), actor, now=services.now())}
    labels = services.texts.section("staff_buttons")
    choices = [choice(case, labels[result], Name.ANSWER, result) for result in RESULTS if Name.ANSWER in may]
    further: tuple[tuple[Name, Callable[[Move], bool]], ...] = (
        (Name.ASK, lambda _: True),
        (Name.TRANSFER, lambda _: len(text.splitlines()) >= TRANSFER_LINES),
        (Name.CLOSE, lambda move: Need.TEXT in move.needs),
    )
    choices += [choice(case, labels[name], name) for name, fits in further if name in may and fits(may[name])]
    choices += [choice(case, labels[verb], verb) for verb in (NOTE, DROP)]
    lines = [services.texts.say("staff.confirm", code=case.code, state=state(case))]
    lines += [services.texts.say("staff.confirm_hint")] if Name.ANSWER in may else []
    return Reply("\n".join(lines), tuple(choices))


def choice(case: Case, label: str, verb: str, argument: str = "") -> Choice:
    """Return a button that acts on a case as it stands now: pressed after a change, it says so instead."""
    return actions.of(actions.STAFF, label, case.code, verb, case.version, *([argument] if argument else []))


def kind(case: Case, services: Services) -> str:
    return services.texts.section("case_types")[case.type]


def state(case: Case) -> str:
    return workflow.words()["states"][case.state]


def _buttons(case: Case, now: datetime) -> tuple[Choice, ...]:
    may = {move.name for move in workflow.allowed(handling.situation(case), _ANYBODY, now=now)}
    return tuple(choice(case, workflow.words()["moves"][name], name) for name in MOVES if name in may)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
