"""Reaching a human: where the officials are, and handing a question to them with its context."""

from bot.cases import filing
from bot.cases.drafts import Draft
from bot.cases.model import CaseType
from bot.messages import Incoming, Reply
from bot.redaction import redact
from bot.storage import cases, questions
from handlers import actions
from handlers.ask import LONGEST_STORED, ask, expired, start_choices
from handlers.conversation import Awaiting, Conversation
from handlers.feedback import entrance
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
    """Hand what the citizen just wrote to an official; an emergency gets its numbers, an accusation its own way."""
    suggested = turn.services.desk.sorter.suggest(incoming.text)
    if suggested.may_denounce or suggested.type is CaseType.COMPLAINT:
        return await entrance.begin_with(incoming, conversation, turn)
    if turn.assistant.answer(incoming.text).outcome is Outcome.EMERGENCY:
        return await ask(incoming, conversation, turn)
    text = redact(clean(incoming.text))[:LONGEST_STORED]
    asked = questions.Asked(turn.person, incoming.channel, text, Outcome.UNKNOWN, 0.0)
    question = await questions.record(turn.transaction, asked, now=turn.now())
    conversation.asked = text
    return await _pass_on(question, conversation, turn)


async def _pass_on(question: int, conversation: Conversation, turn: Turn) -> list[Reply]:
    """File the question as a case; the same question a second time finds the case it became."""
    conversation.awaiting = Awaiting.NOTHING
    asked = await questions.of_person(turn.transaction, question, turn.person)
    if asked is None:
        return expired(turn)
    known = await cases.by_question(turn.transaction, question)
    if known:
        return [Reply(turn.texts.say("handover.already", code=known.code), start_choices(turn))]
    draft = Draft(type=CaseType.QUESTION, text=asked.text, question=question)
    sender = filing.Sender(asked.channel, turn.person)
    desk = turn.services.desk
    try:
        case = await filing.file(turn.transaction, draft, sender, desk, now=turn.now())
    except filing.TooMany:
        return [Reply(turn.texts.say("feedback.too_many"), start_choices(turn))]
    due = desk.day(case.due_at)
    text = turn.texts.say("handover.done", code=case.code, due=due)
    return [Reply(text, start_choices(turn))]
