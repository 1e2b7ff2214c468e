"""What an official does in the group: pressing a button, writing under a post. Everything needed is in the message.

A button names the case, the move and the version it was made for; the words are those of the message that the
question replied to. So nothing is remembered between two messages, and a restart loses nothing.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.cases import drafts, handling, workflow
from bot.cases.handling import Conflict, NotFound, Order
from bot.cases.model import Result
from bot.cases.moves import Move, Name
from bot.cases.workflow import Given, MoveRefused
from bot.messages import Attachment, Reply
from bot.officials import accounts, invitations
from bot.officials.rights import Official, Right
from bot.storage import case_events, cases, officials
from bot.storage.case_events import Event
from bot.storage.cases import Case
from bot.storage.database import Transaction
from handlers import actions
from handlers.services import Services
from handlers.staff import posts

NOTED = "ghi_chu"  # the kind of event that only officials read, as the console keeps it
_LINK_CODE = re.compile(r"[a-z2-9]{4}-[a-z2-9]{4}")
_DOCUMENT = re.compile(r"\b\d{1,5}/[\w-]*[A-ZĐ]{2}[\w-]*")  # 45/BC-UBND, 12/2026/UBND-VP


@dataclass(frozen=True, slots=True)
class Words:
    """What an official wrote under a post: `who` is their number on the channel."""

    who: str
    text: str
    attachments: tuple[Attachment, ...] = ()


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
    if not _LINK_CODE.fullmatch(text.strip().lower()):
        return None
    async with services.database.transaction() as transaction:
        linked = await invitations.link_telegram(transaction, text, who, now=services.now())
    return Reply(services.texts.say("staff.linked", name=linked.full_name)) if linked else None


async def hear(words: Words, code: str, services: Services) -> Reply | None:
    """Return the answer to what was written under a post: the question what to do with it; None for a further picture.

    What comes without words is kept as evidence at once.
    """
    async with services.database.transaction() as transaction:
        actor, case = await _official(transaction, words.who), await _case(transaction, code)
        if actor is None:
            return Reply(services.texts.say("staff.link_first"))
        if case is None or not _may_work(actor, case):
            return Reply(services.texts.say("staff.no_right", code=code))
        if words.text.strip():
            return posts.confirmation(case, actor, words.text, services)
        refused = [attachment.refused for attachment in words.attachments if attachment.refused]
        if refused:
            return Reply(services.texts.say(refused[0]))
        await _attach(transaction, case, words, None, now=services.now())
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
    actor, case = await _official(transaction, pressed.who), await _case(transaction, wanted.code)
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
    given = await _given(transaction, case, wanted, words, services) if words else Given()
    await handling.carry_out(transaction, case, Order(name, actor, given, wanted.version), services.desk, now=now)
    said = workflow.words()["moves"][name]
    if words is None:
        return Outcome(services.texts.say("staff.done", move=said))
    event = await case_events.last_of_kind(transaction, case.id, name)
    assert event is not None
    await case_events.tie_loose(transaction, case.id, event.id)
    await _attach(transaction, case, words, event.id, now=now)
    sent = services.texts.say("staff.sent", code=case.code, move=said, name=actor.full_name)
    return Outcome(services.texts.say("staff.done", move=said), Reply(sent, edits=True))


async def _note(
    transaction: Transaction, case: Case, actor: Official, words: Words | None, services: Services
) -> Outcome:
    """Keep words that only officials read."""
    if words is None:
        raise NotFound(services.texts.say("staff.lost_words"))
    if not _may_work(actor, case):
        raise NotFound(services.texts.say("staff.no_right", code=case.code).replace("**", ""))
    _check_files(words, services)
    event = Event(NOTED, "official", services.now(), words.text, actor.id, actor.full_name)
    number = await case_events.add(transaction, case.id, event)
    await _attach(transaction, case, words, number, now=services.now())
    return Outcome(reply=Reply(services.texts.say("staff.noted", code=case.code, name=actor.full_name), edits=True))


async def _changed(pressed: Press, wanted: _Wanted, services: Services) -> Outcome:
    """Say how the case stands now; a question about words is asked again for it, so that they need not be retyped."""
    async with services.database.transaction() as transaction:
        actor, case = await _official(transaction, pressed.who), await _case(transaction, wanted.code)
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


async def _given(transaction: Transaction, case: Case, wanted: _Wanted, words: Words, services: Services) -> Given:
    """Return what an official's words give to a move: for some moves the first lines have a meaning of their own."""
    _check_files(words, services)
    text = words.text.strip()
    first, _, rest = text.partition("\n")
    if wanted.verb == Name.TRANSFER:
        document, _, said = rest.strip().partition("\n")
        return Given(body=first.strip(), document=document.strip(), text=said.strip())
    if wanted.verb != Name.ANSWER:
        return Given(text=text)
    result = Result(wanted.argument) if wanted.argument in set(Result) else None
    if result is not Result.DONE:
        return Given(text=first.strip(), reason=rest.strip(), result=result)
    kept = await case_events.attachments_of(transaction, case=case.id)
    proofs = [a.name or a.kind for a in kept if a.from_official and a.event_id is None]
    proofs += [a.file.name or a.kind for a in words.attachments if a.file] + _DOCUMENT.findall(text)
    return Given(text=text, result=result, evidence=", ".join(proofs))


def _check_files(words: Words, services: Services) -> None:
    """Raise NotFound with the reason when a file could not be had: nothing is to be sent without it."""
    refused = next((attachment.refused for attachment in words.attachments if attachment.refused), "")
    if refused:
        raise NotFound(services.texts.say(refused))


async def _attach(transaction: Transaction, case: Case, words: Words, event: int | None, *, now: datetime) -> None:
    for attachment in words.attachments:
        kept = replace(drafts.as_kept(attachment), from_official=True, event_id=event)
        await case_events.attach(transaction, kept, case=case.id, now=now)


async def _official(transaction: Transaction, who: str) -> Official | None:
    account = await officials.with_telegram(transaction, who)
    return accounts.official(account) if account else None


async def _case(transaction: Transaction, code: str) -> Case | None:
    """Return the case of a code, locked; a confidential one does not exist for the group."""
    case = await cases.get(transaction, code, lock=True) if code else None
    return None if case is None or case.confidential else case


def _may_work(actor: Official, case: Case) -> bool:
    sees = actor.may(Right.READ_ALL_CASES) or actor.unit in ("", case.unit)
    return sees and actor.may(Right.HANDLE_CASES)
