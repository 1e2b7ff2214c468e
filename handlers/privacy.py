"""A person's own data: what is kept, seeing all of it, putting it right, deleting it, taking an agreement back."""

from collections.abc import Awaitable, Callable, Iterable

from bot.events import quiz, taking_part
from bot.messages import Choice, Incoming, Reply
from bot.privacy import correcting, exporting, forgetting, requests
from bot.privacy.correcting import Contact
from bot.privacy.exporting import Part
from bot.privacy.requests import Kind
from bot.storage import consents, data_requests, drafts, events, personal, quizzes, subscribers
from bot.storage.case_lists import FINISHED
from bot.storage.cases import Case
from handlers import actions
from handlers.ask import expired, start_choices
from handlers.conversation import Awaiting, Conversation
from handlers.feedback import words
from handlers.services import Turn
from knowledge.vietnamese import clean

NEWS = "thong_bao"  # the agreement to announcements, kept with the subscription
LONGEST_REQUEST = 1_000
MOST_SHOWN = 20  # of one part in the chat

# The agreements to give one's name, and what removes the names given.
_NAMES = {taking_part.PURPOSE: events.forget_names, quiz.PURPOSE: quizzes.forget_names}

Act = Callable[[str, Conversation, Turn], Awaitable[list[Reply]]]


async def menu(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Tell what is kept about this person, and what they may do about it."""
    text = turn.texts.say("data.menu", held="\n".join(await held(turn)))
    return [Reply(text, _buttons(turn, "see", "correct", "delete", "withdraw"))]


async def see(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    return await _see("", conversation, turn)


async def correct(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    return await _correct("", conversation, turn)


async def delete(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    return await _delete("", conversation, turn)


async def withdraw(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    return await _withdraw("", conversation, turn)


async def press(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Do what a button about one's data says."""
    _, arguments = actions.parse(incoming.choice or "")
    verb, argument = (*arguments, "", "")[:2]
    act = _VERBS.get(verb)
    return await act(argument, conversation, turn) if act else expired(turn)


async def held(turn: Turn) -> list[str]:
    """Return what is kept about the person, a line each."""
    say, privacy = turn.texts.say, turn.services.config.privacy
    counts = await personal.counts(turn.transaction, turn.person)
    lines = []
    if counts["conversations"] or counts["web_messages"]:
        lines.append(say("data.talk", days=privacy.keep_messages_days))
    if counts["questions"]:
        lines.append(say("data.questions", count=counts["questions"], days=privacy.keep_questions_days))
    if counts["drafts"]:
        lines.append(say("data.draft"))
    finished, still_open = await _filed(turn)
    if still_open:
        lines.append(say("data.cases_open", count=len(still_open), codes=_codes(still_open)))
    if finished:
        lines.append(say("data.cases_done", count=len(finished), codes=_codes(finished)))
    if counts["event_sign_ups"]:
        lines.append(say("data.events", count=counts["event_sign_ups"]))
    if counts["quiz_tries"]:
        lines.append(say("data.quizzes", count=counts["quiz_tries"]))
    if counts["notices"]:
        lines.append(say("data.notices", count=counts["notices"]))
    return [*lines, *await _agreements(turn)] or [say("data.nothing")]


async def _agreements(turn: Turn) -> list[str]:
    say, purposes = turn.texts.say, turn.texts.section("purposes")
    lines = []
    for consent in await consents.of_person(turn.transaction, turn.person):
        purpose = purposes.get(consent.purpose, consent.purpose)
        if consent.withdrawn_at:
            lines.append(say("data.withdrawn", day=f"{consent.withdrawn_at:%d/%m/%Y}", purpose=purpose))
        else:
            lines.append(say("data.agreed", day=f"{consent.given_at:%d/%m/%Y}", purpose=purpose))
    agreed = await subscribers.find(turn.transaction, turn.person)
    if agreed.topics and agreed.consented_at:
        lines.append(say("data.subscribed", day=f"{agreed.consented_at:%d/%m/%Y}"))
    return lines


async def _filed(turn: Turn) -> tuple[list[Case], list[Case]]:
    """Return the cases that this person filed: those finished, those open."""
    filed = await personal.filed(turn.transaction, turn.person)
    is_finished = [case.state in FINISHED for case in filed]
    return (
        [case for case, over in zip(filed, is_finished, strict=True) if over],
        [case for case, over in zip(filed, is_finished, strict=True) if not over],
    )


async def _see(argument: str, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Show all that is kept, part by part; the talk itself is on the screen."""
    parts = await exporting.everything(turn.transaction, turn.person, turn.texts)
    await _done(Kind.SEE, turn.texts.say("data.outcome_seen"), turn)
    replies = [Reply(_shown(title, part, turn)) for title, part in parts.items() if title != exporting.TALK]
    return [*replies, Reply(turn.texts.say("data.saw_all"), _buttons(turn, "correct", "delete", "withdraw"))]


def _shown(title: str, part: Part, turn: Turn) -> str:
    lines = [turn.texts.say("data.part", title=title)]
    for item in part[-MOST_SHOWN:]:
        lines.append("- " + "; ".join(f"{label}: {' / '.join(value.splitlines())}" for label, value in item.items()))
    if len(part) > MOST_SHOWN:
        lines.append(turn.texts.say("data.more", count=len(part) - MOST_SHOWN))
    return "\n".join(lines)


async def _correct(argument: str, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    if await correcting.correctable(turn.transaction, turn.person):
        return [Reply(turn.texts.say("data.correct_what"), _buttons(turn, "contact", "other"))]
    return await _correct_other("", conversation, turn)


async def _correct_contact(argument: str, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    found = await correcting.correctable(turn.transaction, turn.person)
    if not found:
        return expired(turn)
    conversation.awaiting = Awaiting.CONTACT
    return [Reply(turn.texts.say("data.correct_contact", codes=_codes(found)))]


async def contact_given(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Put a person's name and number right on their open cases."""
    given = words.contact(incoming.text)
    if given.has_bad_number:
        return [Reply(turn.texts.say("feedback.who_bad_phone"))]
    if not given.name and not given.phone:
        return [Reply(turn.texts.say("data.not_a_contact"))]
    conversation.awaiting = Awaiting.NOTHING
    contact = Contact(given.name, given.phone, given.address)
    changed = await correcting.correct(turn.transaction, turn.person, contact, now=turn.now())
    if not changed:
        return expired(turn)
    codes = _codes(changed)
    await _done(Kind.CORRECT, turn.texts.say("data.outcome_corrected", codes=codes), turn)
    told = ", ".join(part for part in (given.name, given.phone, given.address) if part)
    return [Reply(turn.texts.say("data.corrected", codes=codes, contact=told), start_choices(turn))]


async def _correct_other(argument: str, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    conversation.awaiting = Awaiting.CORRECTION
    return [Reply(turn.texts.say("data.correct_other"))]


async def correction_described(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Pass on to the officials what is wrong and how it should be."""
    text = clean(incoming.text)[:LONGEST_REQUEST]
    if not text:
        return [Reply(turn.texts.say("data.no_words"))]
    conversation.awaiting = Awaiting.NOTHING
    day = await _pass_on(Kind.CORRECT, text, turn)
    return [Reply(turn.texts.say("data.passed_on", due=day), start_choices(turn))]


async def _delete(argument: str, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Tell exactly what goes and what stays, and ask once more."""
    say = turn.texts.say
    conversation.awaiting = Awaiting.DELETION
    finished, still_open = await _filed(turn)
    text = say(
        "data.delete_sure",
        finished=say("data.delete_finished", codes=_codes(finished)) if finished else "",
        staying=say("data.delete_staying", codes=_codes(still_open)) if still_open else "",
        days=turn.services.config.privacy.keep_questions_days,
    )
    return [Reply(_without_gaps(text), _buttons(turn, "really", "keep"))]


async def _really_delete(argument: str, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Delete, when the question was the last thing said: an old button deletes nothing."""
    if conversation.awaiting is not Awaiting.DELETION:
        return [Reply(turn.texts.say("data.not_deleted")), *await _delete(argument, conversation, turn)]
    say = turn.texts.say
    conversation.forget()
    found = await forgetting.forget_person(turn.transaction, turn.person, turn.texts, now=turn.now())
    await _done(Kind.DELETE, say("data.outcome_deleted", count=len(found.staying)), turn)
    done = say("data.deleted_done", codes=_codes(found.anonymous)) if found.anonymous else ""
    staying = say("data.deleted_staying", codes=_codes(found.staying)) if found.staying else ""
    text = say("data.deleted", staying="\n".join((done, staying)))
    return [Reply(_without_gaps(text), start_choices(turn))]


async def _keep(argument: str, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    conversation.awaiting = Awaiting.NOTHING
    return [Reply(turn.texts.say("data.kept"), start_choices(turn))]


async def _withdraw(argument: str, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Offer the agreements that stand, or take the one back that a button names."""
    standing = await _standing(turn)
    if argument in standing:
        return [await _withdrawn(argument, turn)]
    purposes = turn.texts.section("purposes")
    choices = [actions.of(actions.DATA, purposes.get(p, p).capitalize(), "withdraw", p) for p in standing]
    text = turn.texts.say("data.withdraw_which" if choices else "data.withdraw_none")
    return [Reply(text, tuple(choices) or start_choices(turn))]


async def _standing(turn: Turn) -> list[str]:
    given = await consents.of_person(turn.transaction, turn.person)
    purposes = [consent.purpose for consent in given if not consent.withdrawn_at]
    agreed = await subscribers.find(turn.transaction, turn.person)
    return [*purposes, NEWS] if agreed.topics else purposes


async def _withdrawn(purpose: str, turn: Turn) -> Reply:
    say, name = turn.texts.say, turn.texts.section("purposes").get(purpose, purpose)
    outcome = say("data.outcome_withdrawn", purpose=name)
    if purpose == NEWS:
        await subscribers.choose(turn.transaction, turn.person, (), source="", now=turn.now())
        await _done(Kind.WITHDRAW, outcome, turn)
        return Reply(say("data.withdrew_news"), start_choices(turn))
    await consents.withdraw(turn.transaction, turn.person, purpose, now=turn.now())
    if purpose in _NAMES:
        await _NAMES[purpose](turn.transaction, turn.person)
        await _done(Kind.WITHDRAW, outcome, turn)
        return Reply(say("data.withdrew_name", purpose=name), start_choices(turn))
    await drafts.drop(turn.transaction, turn.person)
    await _done(Kind.WITHDRAW, outcome, turn)
    text = say("data.withdrew", purpose=name)
    still_open = await requests.open_cases(turn.transaction, turn.person)
    if still_open:
        codes = _codes(still_open)
        day = await _pass_on(Kind.WITHDRAW, say("data.request_withdraw", codes=codes), turn)
        text = f"{text}\n{say('data.withdrew_open', codes=codes, due=day)}"
    return Reply(text, start_choices(turn))


async def _done(kind: Kind, outcome: str, turn: Turn) -> None:
    due = turn.services.desk.due(requests.matter(kind), turn.now()).at
    await requests.done_at_once(turn.transaction, turn.person, kind, outcome, now=turn.now(), due=due)


async def _pass_on(kind: Kind, text: str, turn: Turn) -> str:
    """Keep a request for the officials; return the day until when they answer, in words."""
    due = turn.services.desk.due(requests.matter(kind), turn.now()).at
    await data_requests.add(turn.transaction, turn.person, kind, text=text, now=turn.now(), due=due)
    return turn.services.desk.day(due)


def _codes(cases: Iterable[Case]) -> str:
    return ", ".join(case.code for case in cases)


def _without_gaps(text: str) -> str:
    """Return a text without the empty lines of what there was nothing to say about."""
    return "\n".join(line for line in text.splitlines() if line.strip())


def _buttons(turn: Turn, *verbs: str) -> tuple[Choice, ...]:
    return tuple(actions.of(actions.DATA, turn.texts.say(f"data_buttons.{verb}"), verb) for verb in verbs)


_VERBS: dict[str, Act] = {
    "see": _see,
    "correct": _correct,
    "contact": _correct_contact,
    "other": _correct_other,
    "delete": _delete,
    "really": _really_delete,
    "keep": _keep,
    "withdraw": _withdraw,
}
