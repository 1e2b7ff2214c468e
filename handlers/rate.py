"""Was this useful? And if not, why."""

from bot.messages import Choice, Incoming, Reply
from bot.redaction import redact
from bot.storage import questions
from handlers import actions
from handlers.ask import ask
from handlers.conversation import Awaiting, Conversation
from handlers.services import Turn
from knowledge.answering import Outcome
from knowledge.vietnamese import clean

LONGEST_REASON = 300
CLEARLY_A_QUESTION = 0.9  # of 1; a reason in a citizen's words often resembles some entry a little


async def useful(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Keep the verdict; on "no" ask for the reason and offer a human."""
    question, verdict = _numbers(incoming.choice, 2)
    texts = turn.texts
    if not await questions.rate(turn.transaction, question, person=turn.person, useful=verdict == 1):
        return [Reply(texts.say("rating.closed"))]
    if verdict == 1:
        return [Reply(texts.say("rating.thanks"))]
    conversation.awaiting, conversation.question = Awaiting.REASON, question
    reasons = enumerate(texts.section("reasons").values())
    choices = [actions.of(actions.REASON, label, question, number) for number, label in reasons]
    return [Reply(texts.say("rating.ask_reason"), tuple(choices))]


async def chosen_reason(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Keep the reason that was pressed."""
    question, number = _numbers(incoming.choice, 2)
    reasons = list(turn.texts.section("reasons"))
    reason = reasons[number] if 0 <= number < len(reasons) else reasons[0]
    return await _keep(question, reason, conversation, turn)


async def written_reason(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Keep the reason in the citizen's own words, redacted; unless the words are a new question."""
    answer = turn.assistant.answer(incoming.text)
    if answer.outcome in (Outcome.ANSWERED, Outcome.EMERGENCY) and answer.score >= CLEARLY_A_QUESTION:
        return await ask(incoming, conversation, turn)
    return await _keep(conversation.question or 0, redact(clean(incoming.text))[:LONGEST_REASON], conversation, turn)


async def _keep(question: int, reason: str, conversation: Conversation, turn: Turn) -> list[Reply]:
    conversation.awaiting = Awaiting.NOTHING
    texts = turn.texts
    if not await questions.rate(turn.transaction, question, person=turn.person, useful=False, reason=reason):
        return [Reply(texts.say("rating.closed"))]
    hand_over = actions.of(actions.HAND_OVER, texts.say("buttons.hand_over"), question)
    topics = Choice(actions.TOPICS, texts.say("buttons.topics"))
    return [Reply(f"{texts.say('rating.kept')}\n{texts.say('unknown.offer')}", (hand_over, topics))]


def _numbers(choice: str | None, count: int) -> list[int]:
    """Return the numeric arguments of a choice id; -1 for what is missing or not a number."""
    _, arguments = actions.parse(choice or "")
    read = [actions.number(argument) for argument in arguments]
    return (read + [-1] * count)[:count]
