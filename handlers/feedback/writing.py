"""A message that belongs to a draft: its words and files are kept, whatever was asked for."""

from collections.abc import Sequence
from dataclasses import replace

from bot.cases import drafts, filing
from bot.cases.drafts import MOST_ATTACHMENTS, Draft
from bot.messages import Attachment, Incoming, Reply
from handlers.conversation import Awaiting, Conversation
from handlers.feedback import steps, words
from handlers.feedback.steps import Step
from handlers.services import Turn
from knowledge.answering import EMERGENCY, Answer, Outcome
from knowledge.vietnamese import clean, fold

CLEARLY_A_QUESTION = 0.9
NO_NAME = ("an danh", "giau ten", "khong de ten", "khong muon de ten", "khong neu ten", "khong ghi ten")


async def write(
    draft: Draft, incoming: Incoming, conversation: Conversation, turn: Turn, *, answer: Answer | None = None
) -> list[Reply]:
    """Keep a message with a draft and ask for what is still missing; `answer` is the assistant's, where it is known."""
    is_rest = conversation.continues_album(incoming)
    conversation.awaiting = conversation.awaiting if is_rest else Awaiting.DRAFT
    step, before = Step(draft.step or Step.CONTENT), draft
    lost = await drafts.attach(turn.transaction, draft, incoming.attachments, now=turn.now())
    draft = with_attachments(draft, incoming.attachments)
    draft = _with_words(draft, step, incoming.text, turn)
    if is_rest:
        await drafts.save(turn.transaction, draft, now=turn.now())
        return []
    told = _told(incoming, before, draft, turn, lost=lost, answer=answer)
    if step is Step.CONTENT and not _is_plainly_told(incoming, draft):
        return await _gather(draft, told, turn)
    return await go_on(draft, turn, told=told)


async def go_on(draft: Draft, turn: Turn, *, told: Sequence[str] = ()) -> list[Reply]:
    """Ask for what a draft still lacks, after saying what was just kept."""
    step = await steps.following(draft, turn)
    draft = replace(draft, step=step)
    await drafts.save(turn.transaction, draft, now=turn.now())
    question = await steps.ask(step, draft, turn)
    text = "\n".join((*told, question.text))
    return [Reply(text, question.choices, edits=question.edits and not told)]


async def _gather(draft: Draft, told: Sequence[str], turn: Turn) -> list[Reply]:
    """Take more of the story until the citizen says that it is told; consent comes before the second word of it."""
    step = await steps.following(draft, turn)
    if step is Step.CONSENT:
        return await go_on(draft, turn, told=told)
    draft = replace(draft, step=Step.CONTENT)
    await drafts.save(turn.transaction, draft, now=turn.now())
    question = await steps.ask(Step.CONTENT, draft, turn)
    text = question.text if step is Step.CONTENT else turn.texts.say("feedback.content_kept")
    return [Reply("\n".join((*told, text)), question.choices)]


def _is_plainly_told(incoming: Incoming, draft: Draft) -> bool:
    """Tell whether one message of words already holds a matter: then nobody is asked to say that it is told."""
    return not incoming.attachments and len(draft.text.split()) >= 6 and bool(incoming.text.strip())


def with_attachments(draft: Draft, attachments: Sequence[Attachment]) -> Draft:
    """Return the draft with the place and the number that were shared."""
    for attachment in attachments:
        if attachment.place:
            place = attachment.place
            draft = replace(
                draft, latitude=place.latitude, longitude=place.longitude, landmark=place.name or draft.landmark
            )
        if attachment.phone and not draft.phone:
            draft = replace(draft, phone=words.phone_number(attachment.phone))
    return draft


def _with_words(draft: Draft, step: Step, text: str, turn: Turn) -> Draft:
    said = clean(text)
    if not said:
        return draft
    if step is Step.PLACE:
        thon = words.thon(said, turn.services.config.unit.thon)
        return replace(draft, thon=thon or draft.thon, landmark=said[: words.LONGEST_ADDRESS])
    if step is Step.WHO:
        return _with_contact(draft, said)
    return draft.with_words(text.strip())


def _with_contact(draft: Draft, said: str) -> Draft:
    if any(sign in fold(said) for sign in NO_NAME):
        return replace(draft, is_anonymous=True)
    given = words.contact(said)
    return replace(
        draft,
        name=draft.name if draft.name and given.phone else given.name or draft.name,
        phone=given.phone or draft.phone,
        address=given.address or draft.address,
    )


def _told(
    incoming: Incoming, before: Draft, after: Draft, turn: Turn, *, lost: int, answer: Answer | None
) -> list[str]:
    """Return what to say first: emergency numbers, what was received, what could not be."""
    say = turn.texts.say
    told = []
    if incoming.text and turn.services.desk.sorter.is_emergency(incoming.text, answer=answer):
        told.append(say(f"talk.{EMERGENCY}"))
    kinds = [turn.texts.section("attachment_kinds")[a.kind] for a in incoming.attachments if not a.refused]
    if kinds:
        told.append(say("feedback.attached", what=", ".join(dict.fromkeys(kinds))))
    if lost:
        told.append(say("feedback.not_kept", count=lost, most=MOST_ATTACHMENTS))
    if before.step == Step.WHO and not after.phone and words.contact(incoming.text).has_bad_number:
        told.append(say("feedback.who_bad_phone"))
    if before.step == Step.PLACE and after.has_place:
        told.append(say("feedback.place_kept"))
    if before.step in (Step.PREVIEW, Step.SIMILAR, Step.TYPE, Step.SPLIT, Step.LEGAL) and after.text != before.text:
        told.append(say("feedback.added_to_preview"))
    return told


def is_another_question(incoming: Incoming, draft: Draft, turn: Turn) -> bool:
    """Tell whether words in the middle of a draft are a question of their own, clearly."""
    is_free = draft.step in (Step.PREVIEW, Step.SIMILAR, Step.TYPE, Step.CONSENT)
    return is_free and not incoming.attachments and is_clear_question(incoming.text, turn)


def is_clear_question(text: str, turn: Turn) -> bool:
    """Tell whether words surely ask about an entry, and do not report."""
    answer = turn.assistant.answer(text)
    is_sure = answer.outcome is Outcome.ANSWERED and answer.score >= CLEARLY_A_QUESTION
    return is_sure and not turn.services.desk.sorter.wants_to_report(text)


async def file(draft: Draft, incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """File a draft and tell its code, its deadline and why."""
    sender = filing.Sender(incoming.channel, turn.person)
    try:
        case = await filing.file(turn.transaction, draft, sender, turn.services.desk, now=turn.now())
    except filing.TooMany:
        return [Reply(turn.texts.say("feedback.too_many"))]
    conversation.awaiting = Awaiting.NOTHING
    said = "feedback.filed_confidential" if case.confidential else "feedback.filed"
    due = turn.services.desk.day(case.due_at)
    text = turn.texts.say(said, code=case.code, due=due, reason=case.due_reason)
    if not draft.rest:
        return [Reply(text, steps.after_filing(case.code, turn))]
    second = Draft(text=draft.rest, name=draft.name, phone=draft.phone, address=draft.address)
    kept = await drafts.begin(turn.transaction, turn.person, second, now=turn.now())
    offer = turn.texts.say("feedback.split_next", text=steps.excerpt(kept.text))
    return [Reply(text), Reply(offer, steps.resume_or_drop(kept, turn))]
