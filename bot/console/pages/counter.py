"""Tiếp nhận: a visitor, a call or a letter becomes a case in under a minute, with a receipt to take home."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import segno
from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.responses import Response

from bot.cases import dossier, filing
from bot.cases.drafts import LONGEST_TEXT, Draft
from bot.cases.filing import Sender
from bot.cases.model import CaseType, Entrance
from bot.console import case_words
from bot.console.pages.case_moves import MOST_FILES, as_kept
from bot.console.pages.case_page import code_of, missing, seen_by
from bot.console.visit import Page, Visit
from bot.files import FileRefused, StoredFile
from bot.officials.refused import Refused
from bot.officials.rights import Right
from bot.storage import case_events
from bot.storage.cases import Case
from handlers.feedback.words import LONGEST_ADDRESS, LONGEST_NAME, phone_number
from knowledge.vietnamese import clean

COUNTER = "/tiep-nhan"
FIELDS = ("key", "channel", "type", "text", "name", "phone", "address", "thon", "landmark")
BOXES = ("anonymous", "publish", "warned")
QR_SCALE = 4
WARNINGS: Mapping[CaseType, str] = {
    CaseType.COMPLAINT: (
        "Lời kể giống khiếu nại. Khiếu nại cần đơn có chữ ký và có thời hạn theo luật; xin hướng dẫn nộp đơn. "
        "Nếu người dân chỉ muốn phản ánh để xã biết và sửa, đánh dấu ô “Đã hướng dẫn” rồi ghi nhận."
    ),
    CaseType.DENUNCIATION: (
        "Lời kể có nội dung tố cáo. Luật yêu cầu giữ bí mật người tố cáo: xin đừng ghi tên ở đây, mời người dân gặp "
        "người được giao tiếp nhận tố cáo. Nếu đây chỉ là phản ánh, đánh dấu ô “Đã hướng dẫn” rồi ghi nhận."
    ),
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the visitor takes home."""

    code: str
    address: str
    qr: Markup


async def form(visit: Visit) -> Response:
    """The empty form."""
    fresh = dict.fromkeys((*FIELDS, *BOXES), "") | {"key": secrets.token_hex(8), "channel": Entrance.COUNTER.value}
    return _form(visit, fresh | {"type": CaseType.FEEDBACK.value})


def _form(visit: Visit, typed: Mapping[str, str], refused: Refused | None = None, warning: str = "") -> Response:
    return visit.show(
        "counter.html",
        refused=refused,
        typed=typed,
        warning=warning,
        entrances=case_words.ENTRANCES,
        types=_types(visit),
        thon={name: name for name in visit.office.config.unit.thon},
        most_text=LONGEST_TEXT,
    )


def _types(visit: Visit) -> dict[str, str]:
    """Return what can be taken in here: a denunciation only by those who may read it."""
    closed = () if visit.official.may(Right.READ_CONFIDENTIAL) else (CaseType.DENUNCIATION,)
    return case_words.types(visit.office.desk, but=(CaseType.COMPLAINT, *closed))


async def receive(visit: Visit) -> Response:
    """File the case; a form sent twice is one case."""
    typed = {name: visit.typed(name) for name in (*FIELDS, *BOXES)}
    try:
        draft = _draft(visit, typed)
        warning = "" if typed["warned"] else _warning(visit, draft)
        if warning:
            return _form(visit, typed, warning=warning)
        stored = await _stored(visit)
        case = await _file(visit, draft, stored, typed["channel"])
    except Refused as refused:
        return _form(visit, typed, refused)
    return visit.go(f"{COUNTER}/{case.code}")


def _draft(visit: Visit, typed: Mapping[str, str]) -> Draft:
    """Return what was typed as a draft; raise Refused for what is missing or wrong."""
    anonymous, phone = bool(typed["anonymous"]), phone_number(typed["phone"])
    if typed["type"] not in _types(visit):
        raise Refused("Xin chọn loại việc.", field="type")
    if typed["channel"] not in set(Entrance):
        raise Refused("Xin chọn người dân đến, gọi hay gửi thư.", field="channel")
    if not typed["text"] or len(typed["text"]) > LONGEST_TEXT:
        raise Refused(f"Xin ghi nội dung, dài nhất {LONGEST_TEXT} chữ.", field="text")
    if not anonymous and not typed["name"]:
        raise Refused("Xin ghi họ tên, hoặc đánh dấu “Không để tên”.", field="name")
    if not anonymous and typed["phone"] and not phone:
        raise Refused("Số điện thoại chưa đúng, ví dụ 0912 345 678.", field="phone")
    return Draft(
        type=CaseType(typed["type"]),
        text=clean(typed["text"]),
        name=typed["name"][:LONGEST_NAME],
        phone=phone,
        address=typed["address"][:LONGEST_ADDRESS],
        is_anonymous=anonymous,
        thon=typed["thon"][:64],
        landmark=typed["landmark"][:LONGEST_ADDRESS],
        may_publish=bool(typed["publish"]),
        key=typed["key"][:32],
    )


def _warning(visit: Visit, draft: Draft) -> str:
    """Return what to tell the visitor before anything is kept; "" when the words fit the type."""
    likely = visit.office.desk.sorter.suggest(draft.text)
    kind = CaseType.DENUNCIATION if likely.may_denounce else likely.type
    return WARNINGS.get(kind, "") if kind and kind is not draft.type else ""


async def _stored(visit: Visit) -> list[StoredFile]:
    uploads = [f for f in visit.form.getlist("files") if isinstance(f, UploadFile) and f.filename]
    try:
        return [await visit.office.files.keep(f.file, name=f.filename or "") for f in uploads[:MOST_FILES]]
    except FileRefused as error:
        raise Refused(visit.office.texts.say(error.reason), field="files") from error


async def _file(visit: Visit, draft: Draft, stored: list[StoredFile], channel: str) -> Case:
    by, now = visit.official, visit.now()
    sender = Sender(channel, None, by.id, by.full_name)
    async with visit.database.transaction() as transaction:
        before = await filing.filed(transaction, draft)
        if before:
            return before
        case = await filing.file(transaction, draft, sender, visit.office.desk, now=now)
        first = await case_events.last_of_kind(transaction, case.id, filing.FILED)
        for file in stored:
            kept = as_kept(file, event=first.id if first else None)
            await case_events.attach(transaction, kept, case=case.id, now=now)
    return case


async def receipt(visit: Visit) -> Response:
    """The receipt, to be printed: code, deadline, and a QR code that leads to where the case can be followed."""
    async with visit.database.transaction() as transaction:
        case = await dossier.find(transaction, code_of(visit), seen_by(visit))
    if case is None:
        return missing(visit)
    base = visit.office.config.web.public_url or str(visit.request.base_url.replace(path=""))
    address = f"{base.rstrip('/')}/tra-cuu/{case.code}"
    qr = segno.make(address, error="m", micro=False)
    drawn = Markup(qr.svg_inline(scale=QR_SCALE, dark="#000", light="#fff"))  # noqa: S704
    return visit.show(
        "receipt.html",
        c=case,
        receipt=Receipt(case.code, address, drawn),
        type=visit.office.texts.section("case_types")[case.type],
        due=visit.office.desk.day(case.due_at),
        short=case_words.shown_moment,
        u=visit.office.config.unit,
        months=visit.office.config.privacy.keep_cases_months,
    )


RECEIVE = Right.RECEIVE_CASES
PAGES = (
    Page(COUNTER, form, RECEIVE),
    Page(COUNTER, receive, RECEIVE, "POST"),
    Page(f"{COUNTER}/{{code}}", receipt, RECEIVE),
)
