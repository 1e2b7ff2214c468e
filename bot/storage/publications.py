"""What is on the public pages. Only what an official released is read here: no words, names or places of a citizen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from bot.storage.case_events import KeptAttachment
from bot.storage.case_tables import attachments, cases
from bot.storage.database import Transaction

QUESTION = "hoi_dap"


@dataclass(frozen=True, slots=True)
class Publication:
    """One case as the public sees it. `title`, `text` and `answer` were written or checked by an official."""

    id: int
    code: str
    type: str
    result: str | None
    published_at: datetime
    title: str
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of it: answered questions or everything else (None: both), of one type, of one thôn; "" is any."""

    questions: bool | None = None
    type: str = ""
    thon: str = ""


_COLUMNS = [
    cases.c.id,
    cases.c.code,
    cases.c.type,
    cases.c.result,
    cases.c.published_at,
    cases.c.public_title,
    cases.c.public_text,
    cases.c.public_answer,
]


def _is_public() -> ColumnElement[bool]:
    return and_(cases.c.published_at.is_not(None), ~cases.c.confidential)


async def newest(transaction: Transaction, wanted: Wanted, *, offset: int = 0, limit: int) -> list[Publication]:
    """Return a page of what is public, newest first."""
    rules = [_is_public()]
    if wanted.questions is not None:
        rules.append(cases.c.type == QUESTION if wanted.questions else cases.c.type != QUESTION)
    if wanted.type:
        rules.append(cases.c.type == wanted.type)
    if wanted.thon:
        rules.append(cases.c.thon == wanted.thon)
    query = select(*_COLUMNS).where(*rules).order_by(cases.c.published_at.desc(), cases.c.id.desc())
    return [Publication(*row) for row in await transaction.execute(query.offset(offset).limit(limit))]


async def of_code(transaction: Transaction, code: str) -> Publication | None:
    """Return what is public of a case; None when nothing is."""
    row = (await transaction.execute(select(*_COLUMNS).where(_is_public(), cases.c.code == code))).first()
    return Publication(*row) if row else None


async def pictures(transaction: Transaction, ids: list[int]) -> dict[int, list[int]]:
    """Return the pictures to be shown, by case: the ids of public attachments of cases that are public."""
    query = (
        select(attachments.c.case_id, attachments.c.id)
        .join(cases, cases.c.id == attachments.c.case_id)
        .where(_is_public(), _is_picture(), cases.c.id.in_(ids))
        .order_by(attachments.c.id)
    )
    found: dict[int, list[int]] = {}
    for case, attachment in await transaction.execute(query):
        found.setdefault(case, []).append(attachment)
    return found


async def picture(transaction: Transaction, attachment: int) -> KeptAttachment | None:
    """Return a picture that the public may see; None for any other attachment."""
    columns = [attachments.c[name] for name in KeptAttachment.__dataclass_fields__]
    query = select(*columns).join(cases, cases.c.id == attachments.c.case_id)
    row = (await transaction.execute(query.where(_is_public(), _is_picture(), attachments.c.id == attachment))).first()
    return KeptAttachment(*row) if row else None


def _is_picture() -> ColumnElement[bool]:
    return attachments.c.public & attachments.c.digest.is_not(None) & attachments.c.media_type.startswith("image/")
