"""What a draft still lacks, and how the citizen is asked for it."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from bot.cases import filing
from bot.cases.drafts import Draft
from bot.cases.model import CaseType
from bot.cases.sorting import Suggestion
from bot.messages import Choice, Reply
from bot.storage import case_events, cases, consents
from handlers import actions
from handlers.services import Turn

PURPOSE = "phan_anh"
SUGGESTED = (
    CaseType.FEEDBACK,
    CaseType.PROPOSAL,
    CaseType.SUGGESTION,
    CaseType.PRAISE,
    CaseType.INITIATIVE,
    CaseType.GOOD_EXAMPLE,
    CaseType.QUESTION,
)
PLACED = (CaseType.FEEDBACK, CaseType.PROPOSAL)
EXCERPT = 160


class Step(StrEnum):
    """Where the writing of a draft stands: what the next words are taken for."""

    CONSENT = "consent"
    CONTENT = "content"
    SPLIT = "split"
    TYPE = "type"
    LEGAL = "legal"
    PLACE = "place"
    WHO = "who"
    SIMILAR = "similar"
    PREVIEW = "preview"


async def following(draft: Draft, turn: Turn) -> Step:
    """Return the first step that a draft still needs; how the law wants it filed is told before anything is asked."""
    if draft.type is None and draft.text and _is_for_formal_filing(sorted_out(draft.text, turn)):
        return Step.TYPE
    for step, needs in _NEEDS:
        if step not in draft.settled and await needs(draft, turn):
            return step
    return Step.PREVIEW


def _is_for_formal_filing(suggested: Suggestion) -> bool:
    return suggested.may_denounce or suggested.type is CaseType.COMPLAINT


async def _needs_consent(draft: Draft, turn: Turn) -> bool:  # noqa: ARG001
    return not await consents.has(turn.transaction, turn.person, PURPOSE)


async def _needs_content(draft: Draft, turn: Turn) -> bool:
    return not draft.text and not await case_events.count_attachments(turn.transaction, draft=draft.id)


async def _needs_split(draft: Draft, turn: Turn) -> bool:
    return bool(sorted_out(draft.text, turn).parts)


async def _needs_type(draft: Draft, turn: Turn) -> bool:  # noqa: ARG001
    return draft.type is None


async def _needs_legal(draft: Draft, turn: Turn) -> bool:  # noqa: ARG001
    return draft.type is CaseType.COMPLAINT


async def _needs_place(draft: Draft, turn: Turn) -> bool:  # noqa: ARG001
    return draft.type in PLACED and not draft.has_place


async def _needs_who(draft: Draft, turn: Turn) -> bool:  # noqa: ARG001
    return not (draft.is_anonymous or draft.is_confidential or (draft.name and draft.phone))


async def _needs_similar(draft: Draft, turn: Turn) -> bool:
    return bool(await filing.alike(turn.transaction, draft, now=turn.now()))


_NEEDS: tuple[tuple[Step, Callable[[Draft, Turn], Awaitable[bool]]], ...] = (
    (Step.CONSENT, _needs_consent),
    (Step.CONTENT, _needs_content),
    (Step.SPLIT, _needs_split),
    (Step.TYPE, _needs_type),
    (Step.LEGAL, _needs_legal),
    (Step.PLACE, _needs_place),
    (Step.WHO, _needs_who),
    (Step.SIMILAR, _needs_similar),
)


async def ask(step: Step, draft: Draft, turn: Turn) -> Reply:
    """Return the question of a step, with its buttons."""
    return await _QUESTIONS[step](draft, turn)


def button(draft: Draft, verb: str, name: str, *arguments: object) -> Choice:
    """Return a button of a draft; its id names the draft, so that it does nothing to another one."""
    return actions.of(actions.DRAFT, name, draft.key, verb, *arguments)


def _named(draft: Draft, turn: Turn, *verbs: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(button(draft, verb, turn.texts.say(f"feedback_buttons.{name}")) for verb, name in verbs)


async def _ask_consent(draft: Draft, turn: Turn) -> Reply:
    months = turn.services.config.privacy.keep_cases_months
    lines = [turn.texts.say("feedback.consent", months=months)]
    if not await _needs_content(draft, turn):
        lines.insert(0, turn.texts.say("feedback.kept_so_far"))
    return Reply("\n".join(lines), _named(draft, turn, ("agree", "agree"), ("cancel", "decline")))


async def _ask_content(draft: Draft, turn: Turn) -> Reply:
    return Reply(turn.texts.say("feedback.content"), _named(draft, turn, ("done", "done"), ("cancel", "cancel")))


async def _ask_split(draft: Draft, turn: Turn) -> Reply:
    first, second, *_ = sorted_out(draft.text, turn).parts
    text = turn.texts.say("feedback.mixed", first=excerpt(first.text), second=excerpt(second.text))
    return Reply(text, _named(draft, turn, ("split", "split"), ("together", "together")))


async def _ask_type(draft: Draft, turn: Turn) -> Reply:
    """Suggest a type from the words; accusations and complaints are told of the law's own way first."""
    suggested = sorted_out(draft.text, turn)
    if suggested.may_denounce:
        return Reply(
            turn.texts.say("feedback.denunciation"),
            _named(
                draft,
                turn,
                ("secret", "confidential"),
                ("formal", "formal"),
                ("openly", "not_denunciation"),
                ("cancel", "cancel"),
            ),
        )
    if suggested.type is CaseType.COMPLAINT:
        return await _ask_legal(draft, turn)
    others = [kind for kind in SUGGESTED if kind is not suggested.type]
    if suggested.type is None:
        return Reply(turn.texts.say("feedback.type_unknown"), tuple(_type_button(draft, k, turn) for k in others))
    right = button(draft, "type", turn.texts.say("feedback_buttons.right"), suggested.type)
    text = turn.texts.say("feedback.type", type=type_name(suggested.type, turn))
    return Reply(text, (right, *(_type_button(draft, kind, turn) for kind in others)))


def _type_button(draft: Draft, kind: CaseType, turn: Turn) -> Choice:
    return button(draft, "type", type_name(kind, turn).capitalize(), kind)


async def _ask_legal(draft: Draft, turn: Turn) -> Reply:
    text, _, small = turn.texts.say("feedback.complaint").partition("\n\n")
    text = f"{text}\n{turn.texts.say('feedback.complaint_ways')}\n\n{small}"
    return Reply(text, _named(draft, turn, ("openly", "as_feedback"), ("cancel", "cancel")))


async def _ask_place(draft: Draft, turn: Turn) -> Reply:
    places = turn.services.config.unit.thon
    choices = [button(draft, "thon", name, number) for number, name in enumerate(places)]
    return Reply(turn.texts.say("feedback.place"), (*choices, *_named(draft, turn, ("skip", "skip_place"))))


async def _ask_who(draft: Draft, turn: Turn) -> Reply:
    if draft.name and not draft.phone:
        text = turn.texts.say("feedback.who_phone", name=draft.name)
        return Reply(text, _named(draft, turn, ("nophone", "no_phone"), ("anonymous", "anonymous")))
    told, verbs = [turn.texts.say("feedback.who"), turn.texts.say("feedback.anonymous")], [("anonymous", "anonymous")]
    if turn.shown_name is not None:
        told.insert(1, turn.texts.say("feedback.who_shown_name"))
        verbs.insert(0, ("name", "shown_name"))
    return Reply("\n\n".join(told), _named(draft, turn, *verbs))


async def _ask_similar(draft: Draft, turn: Turn) -> Reply:
    known = (await filing.alike(turn.transaction, draft, now=turn.now()))[0]
    others = 1 + await cases.count_followers(turn.transaction, known.id)
    created = known.created_at
    text = turn.texts.say(
        "feedback.similar",
        count=others,
        text=excerpt(known.text),
        where=known.landmark or known.thon or turn.texts.say("feedback.no_place"),
        day=f"{created.day}/{created.month}",
    )
    follow = button(draft, "follow", turn.texts.say("feedback_buttons.follow"), known.code)
    return Reply(text, (follow, *_named(draft, turn, ("anyway", "anyway"), ("cancel", "cancel"))))


async def _ask_preview(draft: Draft, turn: Turn) -> Reply:
    say = turn.texts.say
    kept = await case_events.attachments_of(turn.transaction, draft=draft.id)
    kinds = [turn.texts.section("attachment_kinds")[a.kind] for a in kept]
    text = say(
        "feedback.preview",
        type=type_name(draft.type or CaseType.FEEDBACK, turn),
        text=draft.text or say("feedback.no_text"),
        place=_place(draft) or say("feedback.no_place"),
        sender=_sender(draft, turn),
        files=", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)) or say("feedback.no_files"),
        publish=say("feedback.yes" if draft.may_publish else "feedback.no"),
    )
    publish = ("publish:0", "publish_off") if draft.may_publish else ("publish:1", "publish_on")
    edits = [("text", "edit_text"), ("type", "edit_type"), ("place", "edit_place"), ("who", "edit_who")]
    if draft.is_confidential:
        publish, edits = ("edit:type", "edit_type"), [("text", "edit_text")]
    verbs = [("send", "send"), *((f"edit:{what}", name) for what, name in edits), publish, ("cancel", "cancel")]
    return Reply(text, _named(draft, turn, *verbs), edits=True)


def _place(draft: Draft) -> str:
    point = f"{draft.latitude:.5f}, {draft.longitude:.5f}" if draft.latitude is not None else ""
    return " · ".join(part for part in (draft.thon, draft.landmark, point) if part)


def _sender(draft: Draft, turn: Turn) -> str:
    if draft.is_confidential:
        return turn.texts.say("feedback.confidential_sender")
    known = ", ".join(part for part in (draft.name, draft.phone, draft.address) if part)
    return turn.texts.say("feedback.no_sender") if draft.is_anonymous or not known else known


_QUESTIONS: dict[Step, Callable[[Draft, Turn], Awaitable[Reply]]] = {
    Step.CONSENT: _ask_consent,
    Step.CONTENT: _ask_content,
    Step.SPLIT: _ask_split,
    Step.TYPE: _ask_type,
    Step.LEGAL: _ask_legal,
    Step.PLACE: _ask_place,
    Step.WHO: _ask_who,
    Step.SIMILAR: _ask_similar,
    Step.PREVIEW: _ask_preview,
}


def sorted_out(text: str, turn: Turn) -> Suggestion:
    """Return what a message seems to be."""
    return turn.services.desk.sorter.suggest(text)


def type_name(kind: CaseType, turn: Turn) -> str:
    return turn.texts.section("case_types")[kind]


def excerpt(text: str) -> str:
    """Return the beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"


def resume_or_drop(draft: Draft, turn: Turn) -> tuple[Choice, ...]:
    """Return the two ways on from a draft that was left alone."""
    return _named(draft, turn, ("resume", "resume"), ("cancel", "cancel"))


def after_filing(code: str, turn: Turn) -> tuple[Choice, ...]:
    """Return what can be done about a case that one has just filed."""
    return (
        actions.of(actions.CASE, turn.texts.say("track_buttons.add"), code, "add"),
        Choice(actions.MY_CASES, turn.texts.say("track_buttons.mine")),
        Choice(actions.TOPICS, turn.texts.say("buttons.topics")),
    )
