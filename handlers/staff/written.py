"""What an official wrote under a post, who they are, and what their words give to a move."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.cases import drafts, queue
from bot.cases.handling import NotFound
from bot.cases.model import Result
from bot.cases.moves import Name
from bot.cases.workflow import Given
from bot.messages import Attachment
from bot.officials import accounts
from bot.officials.rights import Official, Right
from bot.storage import case_events, cases, officials
from bot.storage.cases import Case
from bot.storage.database import Transaction
from handlers.services import Services

_DOCUMENT = re.compile(r"\b\d{1,5}/[\w-]*[A-ZĐ]{2}[\w-]*")  # 45/BC-UBND, 12/2026/UBND-VP


@dataclass(frozen=True, slots=True)
class Words:
    """What an official wrote under a post: `who` is their number on the channel."""

    who: str
    text: str
    attachments: tuple[Attachment, ...] = ()


async def given(
    transaction: Transaction, case: Case, wanted: tuple[Name, str], words: Words, services: Services
) -> Given:
    """Return what an official's words give to a move, a result with it; first lines may have a meaning of their own.

    Raise NotFound when a file with them could not be had.
    """
    if refused := refusal(words, services):
        raise NotFound(refused)
    name, argument = wanted
    text = words.text.strip()
    first, _, rest = text.partition("\n")
    if name == Name.TRANSFER:
        document, _, said = rest.strip().partition("\n")
        return Given(body=first.strip(), document=document.strip(), text=said.strip())
    if name != Name.ANSWER:
        return Given(text=text)
    result = Result(argument) if argument in set(Result) else None
    if result is not Result.DONE:
        return Given(text=first.strip(), reason=rest.strip(), result=result)
    kept = await case_events.attachments_of(transaction, case=case.id)
    proofs = [a.name or a.kind for a in kept if a.from_official and a.event_id is None]
    proofs += [a.file.name or a.kind for a in words.attachments if a.file] + _DOCUMENT.findall(text)
    return Given(text=text, result=result, evidence=", ".join(proofs))


def refusal(words: Words, services: Services) -> str:
    """Return why a file could not be had, or "": without it nothing is to be sent."""
    refused = next((attachment.refused for attachment in words.attachments if attachment.refused), "")
    return services.texts.say(refused) if refused else ""


async def attach(transaction: Transaction, case: Case, words: Words, event: int | None, *, now: datetime) -> None:
    """Keep what came with an official's words as the case's, tied to an event or waiting for one."""
    for attachment in words.attachments:
        kept = replace(drafts.as_kept(attachment), from_official=True, event_id=event)
        await case_events.attach(transaction, kept, case=case.id, now=now)


async def official(transaction: Transaction, who: str) -> Official | None:
    """Return the official whose Telegram account this is."""
    account = await officials.with_telegram(transaction, who)
    return accounts.official(account) if account else None


async def case_named(transaction: Transaction, code: str) -> Case | None:
    """Return the case of a code, locked; a confidential one does not exist for the group."""
    case = await cases.get(transaction, code, lock=True) if code else None
    return None if case is None or case.confidential else case


def may_work(actor: Official, case: Case, services: Services) -> bool:
    """Tell whether an official may write about a case: one that the console would show them."""
    scope = queue.scope(actor, services.desk, now=services.now())
    return actor.may(Right.HANDLE_CASES) and queue.may_see(case, scope)
