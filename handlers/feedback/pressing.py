"""The buttons of a draft. Each names its draft: an old one tells what became of that draft and does nothing else."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.cases import drafts
from bot.cases.drafts import Draft
from bot.cases.model import CaseType
from bot.messages import Incoming, Reply
from bot.storage import cases, consents
from handlers import actions
from handlers.ask import start_choices
from handlers.conversation import Awaiting, Conversation
from handlers.feedback import steps, words, writing
from handlers.feedback.steps import PURPOSE, Step
from handlers.services import Turn

CONSENT_WORDING = "feedback.consent/2026-11-2"
Verb = Callable[[Draft, str, Turn], Awaitable[list[Reply]]]


async def press(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Do what a button of a draft says."""
    _, arguments = actions.parse(incoming.choice or "")
    key, verb, argument = (*arguments, "", "", "")[:3]
    draft = await drafts.of_person(turn.transaction, turn.person)
    if draft is None or draft.key != key:
        return await _gone(key, draft, turn)
    conversation.awaiting = Awaiting.DRAFT
    if verb == "send":
        return await _send(draft, incoming, conversation, turn)
    if verb in _ENDINGS:
        conversation.awaiting = Awaiting.NOTHING
    act = _VERBS.get(verb)
    return await act(draft, argument, turn) if act else await writing.go_on(draft, turn)


async def _send(draft: Draft, incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    lacking = await steps.following(draft, turn)
    if lacking not in (Step.PREVIEW, Step.SIMILAR):
        return await writing.go_on(draft, turn)
    return await writing.file(draft, incoming, conversation, turn)


async def _gone(key: str, current: Draft | None, turn: Turn) -> list[Reply]:
    filed = await cases.by_draft(turn.transaction, key) if key else None
    if filed and filed.person_id == turn.person:
        return [Reply(turn.texts.say("feedback.already_filed", code=filed.code), steps.after_filing(filed.code, turn))]
    if current:
        return [Reply(turn.texts.say("feedback.still_writing"), steps.resume_or_drop(current, turn))]
    return [Reply(turn.texts.say("feedback.no_draft"), start_choices(turn))]


async def _agree(draft: Draft, argument: str, turn: Turn) -> list[Reply]:  # noqa: ARG001
    await consents.give(turn.transaction, turn.person, PURPOSE, CONSENT_WORDING, now=turn.now())
    return await writing.go_on(draft, turn)


async def _cancel(draft: Draft, argument: str, turn: Turn) -> list[Reply]:  # noqa: ARG001
    await drafts.drop(turn.transaction, turn.person)
    said = "feedback.declined" if draft.step == Step.CONSENT else "feedback.dropped"
    return [Reply(turn.texts.say(said), start_choices(turn))]


async def _formal(draft: Draft, argument: str, turn: Turn) -> list[Reply]:  # noqa: ARG001
    await drafts.drop(turn.transaction, turn.person)
    return [Reply(turn.texts.say("feedback.denunciation_how"), start_choices(turn))]


async def _done(draft: Draft, argument: str, turn: Turn) -> list[Reply]:  # noqa: ARG001
    told = [] if await steps.following(draft, turn) is not Step.CONTENT else [turn.texts.say("feedback.nothing_yet")]
    return await writing.go_on(draft, turn, told=told)


async def _type(draft: Draft, argument: str, turn: Turn) -> list[Reply]:
    chosen = CaseType(argument) if argument in steps.SUGGESTED else None
    return await writing.go_on(replace(draft, type=chosen or draft.type), turn)


async def _secret(draft: Draft, argument: str, turn: Turn) -> list[Reply]:  # noqa: ARG001
    return await writing.go_on(replace(draft, type=CaseType.DENUNCIATION, may_publish=False, name="", phone=""), turn)


async def _openly(draft: Draft, argument: str, turn: Turn) -> list[Reply]:  # noqa: ARG001
    return await writing.go_on(replace(draft, type=CaseType.FEEDBACK), turn)


async def _split(draft: Draft, argument: str, turn: Turn) -> list[Reply]:  # noqa: ARG001
    first, *others = [part.text for part in steps.sorted_out(draft.text, turn).parts] or [draft.text]
    return await writing.go_on(replace(draft, text=first, rest="\n".join(others)).passing(Step.SPLIT), turn)


def _passes(step: Step) -> Verb:
    async def act(draft: Draft, argument: str, turn: Turn) -> list[Reply]:  # noqa: ARG001
        return await writing.go_on(draft.passing(step), turn)

    return act


async def _thon(draft: Draft, argument: str, turn: Turn) -> list[Reply]:
    places, number = turn.services.config.unit.thon, actions.number(argument)
    chosen = places[number] if 0 <= number < len(places) else ""
    return await writing.go_on(replace(draft, thon=chosen or draft.thon), turn)


async def _anonymous(draft: Draft, argument: str, turn: Turn) -> list[Reply]:  # noqa: ARG001
    return await writing.go_on(replace(draft, is_anonymous=True), turn)


async def _shown_name(draft: Draft, argument: str, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Take the name that the platform shows: who presses this allows it, for this draft."""
    if draft.is_confidential:
        return await writing.go_on(draft, turn)
    name = words.shown_name(turn.shown_name or "")
    if not name:
        replies = await writing.go_on(draft, turn, told=[turn.texts.say("feedback.no_shown_name")])
        return [replace(reply, wants_name=steps.button(draft, "name", "").id) for reply in replies]
    return await writing.go_on(replace(draft, name=name, is_anonymous=False), turn)


async def _publish(draft: Draft, argument: str, turn: Turn) -> list[Reply]:
    return await writing.go_on(replace(draft, may_publish=argument == "1" and not draft.is_confidential), turn)


async def _follow(draft: Draft, argument: str, turn: Turn) -> list[Reply]:
    known = await cases.get(turn.transaction, argument)
    if known is None or known.confidential:
        return await writing.go_on(draft.passing(Step.SIMILAR), turn)
    await cases.follow(turn.transaction, known.id, turn.person, now=turn.now())
    await drafts.drop(turn.transaction, turn.person)
    return [Reply(turn.texts.say("feedback.following", code=known.code), steps.after_filing(known.code, turn))]


async def _edit(draft: Draft, argument: str, turn: Turn) -> list[Reply]:
    """Ask one thing again; what was said before stays until something else is said."""
    step = {"text": Step.CONTENT, "type": Step.TYPE, "place": Step.PLACE, "who": Step.WHO}.get(argument)
    if step is None:
        return await writing.go_on(draft, turn)
    if step is Step.WHO:
        draft = replace(draft, name="", phone="", address="", is_anonymous=False)
    draft = replace(draft, step=step, settled=tuple(s for s in draft.settled if s != step))
    await drafts.save(turn.transaction, draft, now=turn.now())
    question = await steps.ask(step, draft, turn)
    rewrite = steps.button(draft, "rewrite", turn.texts.say("feedback_buttons.rewrite"))
    return [Reply(question.text, (*question.choices, rewrite) if step is Step.CONTENT else question.choices)]


async def _rewrite(draft: Draft, argument: str, turn: Turn) -> list[Reply]:  # noqa: ARG001
    draft = replace(draft, text="", step=Step.CONTENT, type=None, settled=())
    await drafts.save(turn.transaction, draft, now=turn.now())
    return [await steps.ask(Step.CONTENT, draft, turn)]


_ENDINGS = ("cancel", "formal", "follow")
_VERBS: dict[str, Verb] = {
    "agree": _agree,
    "cancel": _cancel,
    "formal": _formal,
    "done": _done,
    "type": _type,
    "secret": _secret,
    "openly": _openly,
    "split": _split,
    "together": _passes(Step.SPLIT),
    "skip": _passes(Step.PLACE),
    "thon": _thon,
    "anonymous": _anonymous,
    "name": _shown_name,
    "nophone": _passes(Step.WHO),
    "follow": _follow,
    "anyway": _passes(Step.SIMILAR),
    "publish": _publish,
    "edit": _edit,
    "rewrite": _rewrite,
}
