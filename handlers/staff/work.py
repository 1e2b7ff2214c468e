"""What an official does in the group: pressing a button, writing under a post. Everything needed is in the message.

A button names the case, the move and the version it was made for; the words are those of the message that the
question replied to. So nothing is remembered between two messages, and a restart loses nothing.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.cases import handling, workflow
from bot.cases.handling import Conflict, NotFound, Order
from bot.cases.moves import Move, Name
from bot.cases.workflow import Given, MoveRefused
from bot.messages import Reply
from bot.officials import invitations
from bot.officials.rights import Official
from bot.storage import case_events
from bot.storage.case_events import Event
from bot.storage.cases import Case
from bot.storage.database import Transaction
from handlers import actions
from handlers.services import Services
from handlers.staff import posts, written
from handlers.staff.written import Words

NOTED = "ghi_chu"  # the kind of event that only officials read, as the console keeps it
_LINK_CODE = re.compile(r"(?:/lienket\s+)?([a-z2-9]{4}-[a-z2-9]{4})")


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button; `words` are those that the question with the button replied to."""

    who: str
    choice: str
    words: Words | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a press: `notice` for the presser alone, `reply` for the group; one that edits takes the place
    of the question.
    """

    notice: str = ""
    reply: Reply | None = None
    is_refusal: bool = False


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a button says."""

    code: str
    verb: str
    version: int
    argument: str


async def link(text: str, who: str, services: Services) -> Reply | None:
    """Return the answer to somebody who sent the code that links a Telegram account; None for any other words."""
    said = _LINK_CODE.fullmatch(text.strip().lower())
    if said is None:
        return None
    async with services.database.transaction() as transaction:
        linked = await invitations.link_telegram(transaction, said[1], who, now=services.now())
    return Reply(services.texts.say("staff.linked", name=linked.full_name)) if linked else None


async def hear(words: Words, code: str, services: Services) -> Reply | None:
    """Return the answer to what was written under a post: the question what to do with it; None for a further picture.

    What comes without words is kept as evidence at once.
    """
    async with services.database.transaction() as transaction:
        actor, case = await written.official(transaction, words.who), await written.case_named(transaction, code)
        if actor is None:
            return Reply(services.texts.say("staff.link_first"))
        if case is None or not written.may_work(actor, case, services):
            return Reply(services.texts.say("staff.no_right", code=code))
        if words.text.strip():
            return posts.confirmation(case, actor, words.text, services)
        if refused := written.refusal(words, services):
            return Reply(refused)
        await written.attach(transaction, case, words, None, now=services.now())
    kinds = services.texts.section("attachment_kinds")
    what = ", ".join(kinds[attachment.kind] for attachment in words.attachments)
    return Reply(services.texts.say("staff.photo_kept", code=code, what=what)) if what else None


async def press(pressed: Press, services: Services) -> Outcome:
    """Do what a button says, or say plainly why not; a move refused changes nothing."""
    try:
        wanted = _read(pressed.choice)
        async with services.database.transaction() as transaction:
            return await _act(transaction, pressed, wanted, services)
    except (MoveRefused, NotFound) as error:
        return Outcome(str(error), is_refusal=True)
    except Conflict:
        return await _changed(pressed, wanted, services)


def _read(choice: str) -> _Wanted:
    letter, arguments = actions.parse(choice)
    code, verb, version, argument = (*arguments, "", "", "", "")[:4]
    return _Wanted(code if letter == actions.STAFF else "", verb, actions.number(version), argument)


async def _act(transaction: Transaction, pressed: Press, wanted: _Wanted, services: Services) -> Outcome:
    say, words = services.texts.say, pressed.words
    actor, case = await written.official(transaction, pressed.who), await written.case_named(transaction, wanted.code)
    if actor is None:
        raise NotFound(say("staff.link_first"))
    if case is None:
        raise NotFound(say("staff.old"))
    if words and words.who != pressed.who:
        raise NotFound(say("staff.not_yours"))
    if wanted.verb == posts.DROP:
        return Outcome(reply=Reply(say("staff.dropped", code=case.code), edits=True))
    if wanted.verb == posts.NOTE:
        return await _note(transaction, case, actor, words, services)
    if wanted.verb not in set(Name):
        raise NotFound(say("staff.old"))
    if wanted.version != case.version:
        raise Conflict
    move = _move(case, Name(wanted.verb), actor, services.now())
    if move.needs and words is None:
        return Outcome(reply=_question(move, case, actor, services))
    return await _move_case(transaction, case, actor, wanted, words, services)


async def _move_case(
    transaction: Transaction, case: Case, actor: Official, wanted: _Wanted, words: Words | None, services: Services
) -> Outcome:
    name, now = Name(wanted.verb), services.now()
    given = await written.given(transaction, case, (name, wanted.argument), words, services) if words else Given()
    await handling.carry_out(transaction, case, Order(name, actor, given, wanted.version), services.desk, now=now)
    said = workflow.words()["moves"][name]
    if words is None:
        return Outcome(services.texts.say("staff.done", move=said))
    event = await case_events.last_of_kind(transaction, case.id, name)
    assert event is not None
    await case_events.tie_loose(transaction, case.id, event.id)
    await written.attach(transaction, case, words, event.id, now=now)
    sent = services.texts.say("staff.sent", code=case.code, move=said, name=actor.full_name)
    return Outcome(services.texts.say("staff.done", move=said), Reply(sent, edits=True))


async def _note(
    transaction: Transaction, case: Case, actor: Official, words: Words | None, services: Services
) -> Outcome:
    """Keep words that only officials read."""
    if words is None:
        raise NotFound(services.texts.say("staff.lost_words"))
    if not written.may_work(actor, case, services):
        raise NotFound(services.texts.say("staff.no_right", code=case.code).replace("**", ""))
    if refused := written.refusal(words, services):
        raise NotFound(refused)
    before = await case_events.last_of_kind(transaction, case.id, NOTED)
    if before is None or (before.text, before.official_id) != (words.text, actor.id):  # not a second press
        event = Event(NOTED, "official", services.now(), words.text, actor.id, actor.full_name)
        number = await case_events.add(transaction, case.id, event)
        await written.attach(transaction, case, words, number, now=services.now())
    return Outcome(reply=Reply(services.texts.say("staff.noted", code=case.code, name=actor.full_name), edits=True))


async def _changed(pressed: Press, wanted: _Wanted, services: Services) -> Outcome:
    """Say how the case stands now; a question about words is asked again for it, so that they need not be retyped."""
    async with services.database.transaction() as transaction:
        actor, case = (
            await written.official(transaction, pressed.who),
            await written.case_named(transaction, wanted.code),
        )
    if actor is None or case is None:
        return Outcome(services.texts.say("staff.old"), is_refusal=True)
    notice = services.texts.say("staff.changed", state=posts.state(case))
    if pressed.words is None:
        return Outcome(notice, is_refusal=True)
    again = posts.confirmation(case, actor, pressed.words.text, services)
    return Outcome(notice, replace(again, edits=True), is_refusal=True)


def _move(case: Case, name: Name, actor: Official, now: datetime) -> Move:
    """Return the move as the table has it for the case now; raise MoveRefused when this official may not make it."""
    situation = handling.situation(case)
    found = next((move for move in workflow.allowed(situation, actor, now=now) if move.name is name), None)
    if found is None:
        workflow.apply(situation, name, actor, Given(), now=now)  # says why not
        raise AssertionError(f"{name} is refused and allowed")
    return found


def _question(move: Move, case: Case, actor: Official, services: Services) -> Reply:
    said = workflow.words()["moves"][move.name]
    if move.name is Name.TRANSFER:
        return Reply(services.texts.say("staff.ask_transfer", code=case.code, move=said, name=actor.full_name))
    return Reply(services.texts.say("staff.ask_words", code=case.code, move=said, name=actor.full_name))
