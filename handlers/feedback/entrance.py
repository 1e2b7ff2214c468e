"""The ways into a draft: a button, a command, words that tell a matter, or simply a photo."""

from dataclasses import replace

from bot.cases import drafts
from bot.cases.drafts import Draft
from bot.messages import LONGEST_QUESTION, AttachmentKind, Incoming, Reply
from bot.storage import questions
from handlers import actions, ask
from handlers.conversation import Awaiting, Conversation
from handlers.feedback import steps, writing
from handlers.feedback.steps import Step
from handlers.services import Turn
from knowledge.answering import Answer, Outcome
from knowledge.vietnamese import clean

REPORTING = "phan-anh-kien-nghi"  # the entry that a report is about
GUIDED = (REPORTING, "khieu-nai", "to-cao")  # what a draft itself leads through
SURE = 0.85
_NO_MATTER = (AttachmentKind.STICKER, AttachmentKind.OTHER)


def is_sent(incoming: Incoming) -> bool:
    """Tell whether a message brings something that only a report has use for."""
    return any(attachment.kind not in _NO_MATTER for attachment in incoming.attachments)


async def tell_or_ask(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Begin a draft with words that report something; answer what asks, greets, or calls for help at once."""
    text = clean(incoming.text)[:LONGEST_QUESTION]
    answer = turn.assistant.answer(text, context=conversation.context())
    is_talk = answer.outcome in (Outcome.EMERGENCY, Outcome.SMALLTALK)
    is_about_else = answer.outcome is Outcome.ANSWERED and answer.entry not in GUIDED and answer.score >= SURE
    if is_talk or not turn.services.desk.sorter.wants_to_report(text):
        return await ask.ask(incoming, conversation, turn, answer=answer)
    if is_about_else:
        answered = await ask.ask(incoming, conversation, turn, answer=answer)
        report = actions.of(actions.FEEDBACK, turn.texts.say("feedback_buttons.this"), conversation.question)
        return [*answered, Reply(turn.texts.say("feedback.or_report"), (report,))]
    begun = await begin_with(incoming, conversation, turn, answer=answer)
    about = answer.entry if answer.entry in GUIDED else REPORTING
    return [replace(reply, answer=Answer(Outcome.ANSWERED, about, score=answer.score)) for reply in begun]


async def begin(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Begin a draft, with the words of the question that a button names, or go on with the one that was left."""
    conversation.awaiting = Awaiting.DRAFT
    left = await drafts.of_person(turn.transaction, turn.person)
    if left:
        return [Reply(turn.texts.say("feedback.still_writing"), steps.resume_or_drop(left, turn))]
    new = Draft(step=Step.CONTENT, text=await _asked(incoming, turn))
    return await writing.go_on(await drafts.begin(turn.transaction, turn.person, new, now=turn.now()), turn)


async def _asked(incoming: Incoming, turn: Turn) -> str:
    """Return the words of the question whose button was pressed, its numbers masked; none when they are gone."""
    _, arguments = actions.parse(incoming.choice or "")
    question = actions.number(arguments[0]) if arguments else -1
    asked = await questions.of_person(turn.transaction, question, turn.person)
    return asked.text if asked else ""


async def begin_with(
    incoming: Incoming, conversation: Conversation, turn: Turn, *, answer: Answer | None = None
) -> list[Reply]:
    """Begin a draft with what was said and sent, or add it to the one that was left.

    A picture that comes with a clear question is kept, and the question answered.
    """
    left = await drafts.of_person(turn.transaction, turn.person)
    draft = left or await drafts.begin(turn.transaction, turn.person, Draft(step=Step.CONTENT), now=turn.now())
    if not incoming.attachments or not writing.is_clear_question(incoming.text, turn):
        return await writing.write(draft, incoming, conversation, turn, answer=answer)
    kept = await writing.write(draft, replace(incoming, text=""), conversation, turn)
    replies = await ask.ask(replace(incoming, attachments=()), conversation, turn)
    return replies if left else [*replies, *kept]


async def goes_on(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Take a message for the draft that is being written, unless it is clearly a question of its own."""
    if incoming.attachments:
        return await begin_with(incoming, conversation, turn)
    draft = await drafts.of_person(turn.transaction, turn.person)
    if draft is None:
        conversation.awaiting = Awaiting.NOTHING
        return await ask.ask(incoming, conversation, turn)
    if writing.is_another_question(incoming, draft, turn):
        replies = await ask.ask(incoming, conversation, turn)
        still = Reply(turn.texts.say("feedback.still_writing"), steps.resume_or_drop(draft, turn))
        return [*replies, still]
    return await writing.write(draft, incoming, conversation, turn)
