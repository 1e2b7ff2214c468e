"""Forgetting: a case keeps what was done, not for whom; of a person only what an open case needs stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.events import taking_part
from bot.privacy.masking import mask
from bot.storage import case_events, consents, data_requests, deletions, personal, quizzes, subscribers
from bot.storage.case_lists import FINISHED
from bot.storage.cases import Case
from bot.storage.database import Transaction
from bot.texts import Texts
from knowledge.vietnamese import fold

CASES, FILES = "cases", "attachments"  # beside the names of tables, what the log of deletions counts
WISH = "người dân yêu cầu xóa"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What became of a wish to be forgotten: rows removed by table, cases without their sender, cases that stay."""

    removed: Mapping[str, int]
    anonymous: Sequence[Case]
    staying: Sequence[Case]


async def forget_case(transaction: Transaction, case: Case, *, why: str, now: datetime) -> None:
    """Remove from a case who sent it and from where, and the files; its words stay with names and numbers masked.

    So do the remarks of judges: in a contest that is over, the place, code and marks stay (bot.storage.juries.close).
    """
    hidden = [case.reporter_name, case.reporter_address]
    words = ("text", "landmark", "answer", "public_title", "public_text", "public_answer")
    masked = {name: mask(getattr(case, name), hidden) for name in words}
    values = {
        **masked,
        "folded": fold(" ".join((case.code, masked["text"], case.thon, masked["landmark"]))),
        "reporter_name": "",
        "reporter_phone": "",
        "reporter_address": "",
        "latitude": None,
        "longitude": None,
        "person_id": None,
        "forgotten_at": now,
    }
    await personal.rewrite(transaction, case, values)
    events = await case_events.of_case(transaction, case.id)
    await personal.rewrite_events(transaction, case.id, {e.id: mask(e.text, hidden) for e in events if e.text})
    remarks = await personal.remarks(transaction, case.id)
    await personal.rewrite_remarks(transaction, case.id, {key: mask(text, hidden) for key, text in remarks.items()})
    await personal.unlink(transaction, case.id)
    gone = await case_events.remove_attachments(transaction, case=case.id)
    await deletions.record(transaction, CASES, 1, why, now=now)
    await deletions.record(transaction, FILES, len(gone), why, now=now)


async def forget_person(transaction: Transaction, person: int, texts: Texts, *, now: datetime) -> Forgotten:
    """Remove at once what may go: from talk and questions to sign-ups, tries and the person in finished cases.

    Cases still open keep their sender until they are finished (bot.privacy.retention). That agreements and requests
    were made stays as proof.
    """
    filed = await personal.filed(transaction, person)
    finished = [case for case in filed if case.state in FINISHED]
    for case in finished:
        await forget_case(transaction, case, why=WISH, now=now)
    removed = await personal.remove(transaction, person) | await _leave(transaction, person, texts, now=now)
    for table, rows in removed.items():
        await deletions.record(transaction, table, rows, WISH, now=now)
    agreed = await subscribers.find(transaction, person)
    if agreed.topics:
        await subscribers.choose(transaction, person, (), source="", now=now)
    for consent in await consents.of_person(transaction, person):
        await consents.withdraw(transaction, person, consent.purpose, now=now)
    await data_requests.empty_done(transaction, person)
    return Forgotten(removed, finished, [case for case in filed if case.state not in FINISHED])


async def _leave(transaction: Transaction, person: int, texts: Texts, *, now: datetime) -> dict[str, int]:
    """Leave events, whose seats others get, and quizzes: one still open keeps that this person had their try."""
    lists = await taking_part.leave_all(transaction, person, texts, now=now)
    tries = await quizzes.of_person(transaction, person)
    still_open = [tried.id for quiz, tried in tries if quiz.closes_at > now]
    await quizzes.forget(transaction, [tried.id for _, tried in tries if tried.id not in still_open], now=None)
    await quizzes.forget(transaction, still_open, now=now)
    return {"event_sign_ups": lists, "quiz_tries": len(tries)}
