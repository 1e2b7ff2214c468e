"""A question in the citizen's own words: the last route, which always matches."""

import re

from bot.messages import LONGEST_QUESTION, Choice, Incoming, Reply
from bot.redaction import redact
from bot.storage import questions
from handlers import actions
from handlers.cards import card
from handlers.conversation import Awaiting, Conversation
from handlers.services import Turn
from knowledge.answering import EMERGENCY, OUTSIDE, Answer, Outcome
from knowledge.entry import Facet
from knowledge.vietnamese import clean, words

LONGEST_STORED = 500
_LATIN = re.compile(r"[A-Za-z0-9\u00c0-\u024f\u1e00-\u1eff]")


async def ask(
    incoming: Incoming, conversation: Conversation, turn: Turn, *, answer: Answer | None = None
) -> list[Reply]:
    """Answer, ask back, say that we do not know, or chat; every question is kept, redacted.

    An answer that was found already is not looked for again.
    """
    text = clean(incoming.text)
    if not _LATIN.search(text):
        said = "unknown.foreign" if words(text) else "unknown.empty"
        return [Reply(turn.texts.say(said), start_choices(turn), answer=Answer(Outcome.UNKNOWN))]
    answer = answer or turn.assistant.answer(text[:LONGEST_QUESTION], context=conversation.context())
    conversation.asked = redact(text)[:LONGEST_STORED]
    conversation.question = await _record(answer, incoming.channel, conversation, turn)
    conversation.awaiting = Awaiting.NOTHING
    reply = say(answer, conversation, turn)
    if len(text) > LONGEST_QUESTION:
        return [Reply(turn.texts.say("unknown.too_long")), reply]
    return [reply]


async def _record(answer: Answer, channel: str, conversation: Conversation, turn: Turn) -> int:
    asked = questions.Asked(
        person=turn.person,
        channel=channel,
        text=conversation.asked,
        outcome=answer.outcome,
        score=answer.score,
        entry=answer.entry,
        facet=answer.facet,
    )
    return await questions.record(turn.transaction, asked, now=turn.now())


def say(answer: Answer, conversation: Conversation, turn: Turn) -> Reply:
    """Return the reply that puts an answer into words."""
    if answer.outcome is Outcome.ANSWERED and answer.entry:
        return show(answer.entry, answer.facets or (Facet.OVERVIEW,), conversation, turn, answer=answer)
    if answer.outcome is Outcome.UNSURE:
        conversation.talk_about(answer.subject, answer.facet or Facet.OVERVIEW)
        return _ask_back(answer, turn)
    if answer.outcome is Outcome.EMERGENCY:
        return Reply(turn.texts.say(f"talk.{EMERGENCY}"), answer=answer)
    if answer.outcome is Outcome.SMALLTALK:
        return Reply(turn.texts.say(f"talk.{answer.talk}"), start_choices(turn), answer=answer)
    return _unknown(answer, conversation, turn)


def show(
    entry_id: str,
    facets: tuple[Facet, ...],
    conversation: Conversation,
    turn: Turn,
    *,
    answer: Answer | None = None,
) -> Reply:
    """Return the card of an entry and ask whether it was what the citizen meant."""
    texts, library = turn.texts, turn.assistant.library
    conversation.talk_about(entry_id, facets[0])
    shown = card(library.entries[entry_id], facets, texts, library)
    if answer is None:
        return Reply(shown.text, shown.choices, answer=Answer(Outcome.ANSWERED, entry_id, facets, score=1.0))
    rating = (
        actions.of(actions.USEFUL, texts.say("buttons.useful"), conversation.question, 1),
        actions.of(actions.USEFUL, texts.say("buttons.not_useful"), conversation.question, 0),
    )
    text = f"{shown.text}\n{texts.say('answer.useful_question')}"
    return Reply(text, (*shown.choices, *rating), answer=answer)


def _ask_back(answer: Answer, turn: Turn) -> Reply:
    choices = entry_choices(answer.alternatives, answer.facet or Facet.OVERVIEW, turn)
    none = Choice(actions.NONE_OF_THESE, turn.texts.say("buttons.none_of_these"))
    return Reply(turn.texts.say("unsure.question"), (*choices, none), answer=answer)


def entry_choices(ids: tuple[str, ...], facet: Facet, turn: Turn) -> list[Choice]:
    """Return a button for each entry, leading to the part asked for."""
    entries = turn.assistant.library.entries
    return [actions.entry(i, turn.texts.fill(entries[i].title), facet) for i in ids if i in entries]


def _unknown(answer: Answer, conversation: Conversation, turn: Turn) -> Reply:
    texts = turn.texts
    said = "unknown.outside" if answer.talk == OUTSIDE else "unknown.answer"
    hand_over = actions.of(actions.HAND_OVER, texts.say("buttons.hand_over"), conversation.question)
    topics = Choice(actions.TOPICS, texts.say("buttons.topics"))
    return Reply(f"{texts.say(said)}\n{texts.say('unknown.offer')}", (hand_over, topics), answer=answer)


async def attachment(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Note what came without a word and says nothing by itself, such as a sticker; ask for words."""
    kinds = turn.texts.section("attachment_kinds")
    conversation.asked = f"[{', '.join(kinds[attachment.kind] for attachment in incoming.attachments)}]"
    conversation.question = await _record(Answer(Outcome.UNKNOWN), incoming.channel, conversation, turn)
    return [Reply(turn.texts.say("unknown.attachment"), start_choices(turn))]


async def show_entry(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Show the entry and part that a button names."""
    _, arguments = actions.parse(incoming.choice or "")
    entry_id, facet = (*arguments, "", "")[:2]
    if entry_id not in turn.assistant.library.entries or facet not in set(Facet):
        return expired(turn)
    return [show(entry_id, (Facet(facet),), conversation, turn)]


async def none_of_these(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """None of the choices was meant: offer an official, or another wording."""
    texts = turn.texts
    conversation.entry = conversation.facet = None
    choices = [Choice(actions.TOPICS, texts.say("buttons.topics"))]
    if conversation.question is not None:
        button = actions.of(actions.HAND_OVER, texts.say("buttons.hand_over"), conversation.question)
        choices.insert(0, button)
    return [Reply(f"{texts.say('unsure.rejected')}\n{texts.say('unknown.offer')}", tuple(choices))]


def start_choices(turn: Turn) -> tuple[Choice, ...]:
    """Return the buttons that are always a way on."""
    return tuple(Choice(letter, turn.texts.say(f"buttons.{name}")) for letter, name in actions.STARTS)


def expired(turn: Turn) -> list[Reply]:
    """Answer a button that leads nowhere any more."""
    return [Reply(turn.texts.say("unknown.expired_button"), start_choices(turn))]
