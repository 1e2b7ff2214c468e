"""Putting a finished case onto the public pages: with the citizen's consent and without personal data."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot import notices
from bot.cases.desk import Desk
from bot.cases.handling import Conflict
from bot.cases.model import State
from bot.messages import Reply
from bot.officials import auditing
from bot.officials.refused import Refused
from bot.officials.rights import Official, Right
from bot.redaction import redact
from bot.storage import case_events, cases
from bot.storage.case_events import Event
from bot.storage.cases import Case
from bot.storage.database import Transaction

PUBLISHED, WITHDRAWN = "dang", "go_dang"
LONGEST_TITLE, LONGEST_TEXT = 120, 6_000
HIDDEN_NAME = "người dân"


class Action(StrEnum):
    """What is audited here."""

    PUBLISHED = "dang_cong_khai"
    WITHDRAWN = "go_cong_khai"


@dataclass(frozen=True, slots=True)
class Public:
    """What the public page shows of a case as an official saw it in `version`; `photos` are ids of its attachments."""

    title: str
    text: str
    answer: str
    version: int
    photos: frozenset[int] = frozenset()


def obstacle(case: Case) -> str:
    """Return why a case cannot be published, in words; "" when it can."""
    if case.confidential:
        return "Việc giữ kín không đăng công khai."
    if State(case.state) not in (State.ANSWERED, State.CLOSED) or not case.answer:
        return "Việc chưa có câu trả lời nên chưa đăng được."
    if case.merged_into_id:
        return "Việc này đã gộp vào việc khác; xin đăng việc chính."
    return "" if case.may_publish else "Người gửi không đồng ý cho đăng công khai."


def suggested(case: Case) -> Public:
    """Return what was kept for the public page, or else the case's own words without names and numbers."""
    return Public(
        title=case.public_title or _cleaned(_first_sentence(case.text), case),
        text=case.public_text or _cleaned(case.text, case),
        answer=case.public_answer or _cleaned(case.answer, case),
        version=case.version,
    )


async def publish(
    transaction: Transaction, case: Case, public: Public, by: Official, desk: Desk, *, now: datetime
) -> None:
    """Show a case on the public pages, or change what is shown; the sender hears of it the first time.

    Raise Conflict, or Refused for what may not be shown: names or numbers of people, a case without consent.
    """
    if public.version != case.version:
        raise Conflict
    _check(case, public, by)
    values = {"public_title": public.title, "public_text": public.text, "public_answer": public.answer}
    if not await cases.change(transaction, case, published_at=case.published_at or now, **values):
        raise Conflict
    await _choose_photos(transaction, case, public.photos)
    if case.published_at is None:
        await case_events.add(
            transaction, case.id, Event(PUBLISHED, "official", now, "", by.id, by.full_name, shown=True)
        )
        if case.person_id is not None:
            reply = Reply(desk.texts.say("case_notices.dang", code=case.code))
            await notices.tell(transaction, case.person_id, [reply], case=case.id, now=now)
    await auditing.record(transaction, by, Action.PUBLISHED, case.code, now=now, anh=len(public.photos))


async def withdraw(transaction: Transaction, case: Case, by: Official, *, now: datetime) -> None:
    """Take a case off the public pages; what was written for them is kept."""
    if not by.may(Right.PUBLISH_CASES):
        raise Refused("Chỉ người được phân quyền mới gỡ được trang công khai.")
    if case.published_at is None:
        return
    if not await cases.change(transaction, case, published_at=None):
        raise Conflict
    await case_events.add(transaction, case.id, Event(WITHDRAWN, "official", now, "", by.id, by.full_name))
    await auditing.record(transaction, by, Action.WITHDRAWN, case.code, now=now)


def _check(case: Case, public: Public, by: Official) -> None:
    reason = obstacle(case)
    if reason or not by.may(Right.PUBLISH_CASES):
        raise Refused(reason or "Chỉ người được phân quyền mới đăng được.")
    parts = (("title", public.title, LONGEST_TITLE), ("text", public.text, LONGEST_TEXT))
    for field, text, longest in (*parts, ("answer", public.answer, LONGEST_TEXT)):
        if not text or len(text) > longest:
            raise Refused(f"Xin viết phần này, dài nhất {longest} chữ.", field=field)
        if _cleaned(text, case) != text:
            raise Refused("Còn tên người gửi, số điện thoại, số giấy tờ hoặc thư điện tử. Xin bỏ đi.", field=field)


async def _choose_photos(transaction: Transaction, case: Case, chosen: Collection[int]) -> None:
    for kept in await case_events.attachments_of(transaction, case=case.id):
        await case_events.set_public(
            transaction, case.id, kept.id, public=kept.kind == "photo" and kept.digest is not None and kept.id in chosen
        )


def _cleaned(text: str, case: Case) -> str:
    """Return a text without numbers that identify people and without the sender's name and address."""
    masked = redact(text)
    for personal in (case.reporter_name, case.reporter_address):
        if len(personal) > 1:
            pattern = rf"(?<!\w){re.escape(personal)}(?!\w)"
            masked = re.sub(pattern, HIDDEN_NAME, masked, flags=re.IGNORECASE)
    return masked


def _first_sentence(text: str) -> str:
    line = re.split(r"[.!?\n]", text.strip(), maxsplit=1)[0].strip()
    if len(line) <= LONGEST_TITLE:
        return line
    return line[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
