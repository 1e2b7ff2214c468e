"""Reaching a human: where the officials are, and handing a question to them with its context."""

import json

from bot.messages import Incoming, Reply
from bot.redaction import redact
from bot.storage import questions
from handlers import actions
from handlers.ask import LONGEST_STORED, ask, expired, start_choices
from handlers.conversation import Awaiting, Conversation
from handlers.services import Turn
from knowledge.answering import Outcome
from knowledge.vietnamese import clean


async def officials(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Say where and when officials are met, and take a question for them."""
    conversation.awaiting = Awaiting.HANDOVER
    return [Reply(turn.texts.say("handover.contact"))]


async def hand_over(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Hand the question that a button names to an official."""
    _, arguments = actions.parse(incoming.choice or "")
    question = actions.number(arguments[0]) if arguments else -1
    if question < 0:
        return expired(turn)
    return await _pass_on(question, conversation, turn)


async def described(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Hand what the citizen just wrote to an official; an emergency gets its numbers instead."""
    if turn.assistant.answer(incoming.text).outcome is Outcome.EMERGENCY:
        return await ask(incoming, conversation, turn)
    text = redact(clean(incoming.text))[:LONGEST_STORED]
    asked = questions.Asked(turn.person, incoming.channel, text, Outcome.UNKNOWN, 0.0)
    question = await questions.record(turn.transaction, asked, now=turn.now())
    conversation.asked = text
    return await _pass_on(question, conversation, turn)


async def _pass_on(question: int, conversation: Conversation, turn: Turn) -> list[Reply]:
    conversation.awaiting = Awaiting.NOTHING
    context = {"asked": conversation.asked, "entry": conversation.entry, "facet": conversation.facet}
    became = await questions.hand_over(
        turn.transaction,
        question,
        person=turn.person,
        context=json.dumps(context, ensure_ascii=False),
        now=turn.now(),
    )
    if became is questions.HandedOver.MISSING:
        return expired(turn)
    told = "handover.done" if became is questions.HandedOver.DONE else "handover.already"
    return [Reply(turn.texts.say(told), start_choices(turn))]
