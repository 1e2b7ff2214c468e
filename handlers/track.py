"""Following a case: by its code on any channel, adding to it, saying that it is not done, giving marks."""

from collections.abc import Awaitable, Callable

from bot.cases import codes, drafts, following, sipas, standing
from bot.cases.model import State
from bot.cases.moves import MOST_OBJECTIONS, OBJECTION_TIME
from bot.messages import Choice, Incoming, Reply
from bot.storage import case_lists, cases
from bot.storage.cases import Case
from handlers import actions
from handlers.ask import expired, start_choices
from handlers.conversation import Awaiting, Conversation
from handlers.feedback.words import phone_number
from handlers.services import Turn
from knowledge.vietnamese import clean

Act = Callable[[Case, str, Conversation, Turn], Awaitable[list[Reply]]]


def names_a_code(incoming: Incoming, conversation: Conversation) -> bool:  # noqa: ARG001
    """Tell whether a short message is about a code: inside a longer story a code is part of the story."""
    return len(incoming.text) <= 60 and codes.looks_like(incoming.text)


async def ask_code(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    return [Reply(turn.texts.say("track.ask_code"), (Choice(actions.MY_CASES, turn.texts.say("track_buttons.mine")),))]


async def mine(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """List the cases of the person who asks."""
    known = await case_lists.of_person(turn.transaction, turn.person, limit=8)
    if not known:
        return [Reply(turn.texts.say("track.none"), start_choices(turn))]
    states = turn.texts.section("case_states")
    choices = [button(case, f"{case.code} · {states[case.state]}", "see") for case in known]
    return [Reply(turn.texts.say("track.mine"), tuple(choices))]


async def by_code(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Show the case whose code was typed; who tries many codes has to wait."""
    if not conversation.may_try_codes(turn.now()):
        return [Reply(turn.texts.say("track.too_often"))]
    code = codes.read(incoming.text)
    if code is None:
        return [Reply(turn.texts.say("track.mistyped"))]
    case = await cases.get(turn.transaction, code)
    if case is None or not await _may_see(case, turn):
        conversation.miss(turn.now())
        return [Reply(turn.texts.say("track.not_found"))]
    return [await card(case, turn)]


async def press(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Do what a button of a case says."""
    _, arguments = actions.parse(incoming.choice or "")
    code, verb, argument = (*arguments, "", "", "")[:3]
    case = await cases.get(turn.transaction, code) if codes.read(code) == code else None
    if case is None or not await _may_see(case, turn):
        return expired(turn)
    if verb == "follow":
        return _ask_proof(case, conversation, turn)
    if verb in _VERBS and not await following.is_theirs(turn.transaction, case, turn.person):
        return _ask_proof(case, conversation, turn)
    act = _VERBS.get(verb)
    return await act(case, argument, conversation, turn) if act else [await card(case, turn)]


async def _may_see(case: Case, turn: Turn) -> bool:
    """Tell whether the code alone opens the case to this person: a confidential one opens only to its sender."""
    return not case.confidential or await following.is_theirs(turn.transaction, case, turn.person)


async def card(case: Case, turn: Turn) -> Reply:
    """Return where a case stands: no words, names or places of the citizen."""
    is_theirs = await following.is_theirs(turn.transaction, case, turn.person)
    text = standing.told(case, turn.services.desk, is_theirs=is_theirs, now=turn.now())
    return Reply(text, _ways(case, turn, is_theirs=is_theirs))


def _ways(case: Case, turn: Turn, *, is_theirs: bool) -> tuple[Choice, ...]:
    def named(verb: str, name: str | None = None) -> Choice:
        return button(case, turn.texts.say(f"track_buttons.{name or verb}"), verb)

    if not is_theirs:
        return (named("follow"),)
    if case.state == State.ANSWERED:
        return (named("finished"), named("unfinished"))
    if following.may_reopen(case, turn.now()):
        return (named("unfinished"), named("rate"))
    if case.state == State.NEEDS_MORE:
        return (named("add", "reply"),)
    return (named("add"),) if following.may_add(case) else ()


def button(case: Case, label: str, verb: str, *arguments: object) -> Choice:
    return actions.of(actions.CASE, label, case.code, verb, *arguments)


def _ask_proof(case: Case, conversation: Conversation, turn: Turn) -> list[Reply]:
    conversation.await_for_case(Awaiting.PROOF, case.code)
    return [Reply(turn.texts.say("track.ask_phone"))]


async def prove(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Link a case to this conversation when the phone number is the one given with it; a few tries a day."""
    case = await cases.get(turn.transaction, conversation.case)
    conversation.awaiting = Awaiting.NOTHING
    if case is None or case.confidential:
        return expired(turn)
    phone = phone_number(incoming.text)
    outcome = await following.prove(turn.transaction, case, turn.person, phone, now=turn.now())
    if outcome is following.Proof.WRONG:
        conversation.awaiting = Awaiting.PROOF
    return [Reply(turn.texts.say(f"proofs.{outcome}", code=case.code))]


async def _add(case: Case, argument: str, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    if not following.may_add(case):
        return [Reply(turn.texts.say("track.cannot_add", code=case.code))]
    conversation.await_for_case(Awaiting.ADDITION, case.code)
    return [Reply(turn.texts.say("track.add", code=case.code), _told_all(case, turn))]


def _told_all(case: Case, turn: Turn) -> tuple[Choice, ...]:
    return (button(case, turn.texts.say("track_buttons.enough"), "enough"),)


async def added(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Keep what a citizen adds to a case, whatever it is; the officials see it at once."""
    case = await cases.get(turn.transaction, conversation.case, lock=True)
    if case is None or not following.may_add(case):
        conversation.awaiting = Awaiting.NOTHING
        return expired(turn)
    is_rest = conversation.continues_album(incoming)
    await _keep(case, incoming, turn)
    if is_rest:
        return []
    return [Reply(turn.texts.say("track.added", code=case.code), _told_all(case, turn))]


async def _keep(case: Case, incoming: Incoming, turn: Turn) -> None:
    kept = [drafts.as_kept(attachment) for attachment in incoming.attachments]
    addition = following.Addition(clean(incoming.text), tuple(kept))
    await following.add(turn.transaction, case, addition, turn.services.desk, now=turn.now())


async def _enough(case: Case, argument: str, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    conversation.awaiting = Awaiting.NOTHING
    return [Reply(turn.texts.say("track.added_all", code=case.code), start_choices(turn))]


async def _unfinished(case: Case, argument: str, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    if not following.may_reopen(case, turn.now()):
        return [Reply(_cannot_reopen(case, turn))]
    conversation.await_for_case(Awaiting.UNFINISHED, case.code)
    return [Reply(turn.texts.say("track.unfinished", code=case.code))]


def _cannot_reopen(case: Case, turn: Turn) -> str:
    days, times = OBJECTION_TIME.days, MOST_OBJECTIONS
    return turn.texts.say("track.cannot_reopen", code=case.code, days=days, times=times)


async def reopened(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Open a second review, with what the citizen says is not done."""
    conversation.awaiting = Awaiting.NOTHING
    case = await cases.get(turn.transaction, conversation.case, lock=True)
    if case is None or not await following.is_theirs(turn.transaction, case, turn.person):
        return expired(turn)
    if not following.may_reopen(case, turn.now()):
        return [Reply(_cannot_reopen(case, turn))]
    await _keep(case, incoming, turn)
    case = await following.reopen(turn.transaction, case, clean(incoming.text), turn.services.desk, now=turn.now())
    due = turn.services.desk.day(case.due_at)
    text = turn.texts.say("case_notices.mo_lai", code=case.code, due=due, reason=case.due_reason)
    return [Reply(text, _ways(case, turn, is_theirs=True))]


async def _finished(case: Case, argument: str, conversation: Conversation, turn: Turn) -> list[Reply]:
    if case.state == State.ANSWERED:
        await following.confirm(turn.transaction, case, turn.services.desk, now=turn.now())
    return await _rate(case, argument, conversation, turn)


async def _rate(case: Case, argument: str, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Take a mark ("factor-score") if one is given, and ask for the next factor."""
    factor, _, score = argument.partition("-")
    if factor in sipas.FACTORS and actions.number(score) in sipas.MARKS:
        await cases.rate(turn.transaction, case.id, factor, actions.number(score), now=turn.now())
    given = await cases.ratings(turn.transaction, case.id)
    wanted = next((name for name in sipas.FACTORS if name not in given), None)
    if wanted is None or argument == "skip":
        return [Reply(turn.texts.say("track.rated"), start_choices(turn), edits=True)]
    text = turn.texts.say("track.rate", factor=turn.texts.section("factors")[wanted])
    marks = [button(case, turn.texts.section("marks")[str(m)], "rate", f"{wanted}-{m}") for m in sipas.MARKS]
    skip = button(case, turn.texts.say("track_buttons.skip"), "rate", "skip")
    return [Reply(text, (*marks, skip), edits=True)]


_VERBS: dict[str, Act] = {
    "add": _add,
    "enough": _enough,
    "finished": _finished,
    "unfinished": _unfinished,
    "rate": _rate,
}
