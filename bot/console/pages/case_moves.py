"""What officials do with a case: its moves, notes, corrections. Nothing typed is lost when one cannot be made."""

from collections.abc import Mapping
from dataclasses import replace

from starlette.datastructures import UploadFile
from starlette.responses import Response

from bot.cases import dossier, handling, templates, workflow
from bot.cases.correcting import Correction, correct
from bot.cases.handling import Conflict, NotFound, Order
from bot.cases.model import CaseType, Result
from bot.cases.moves import BY_RESULT, SHOWN_DONE, Move, Name, Need
from bot.cases.workflow import Given, MoveRefused
from bot.console import case_words
from bot.console.pages.case_page import Form, code_of, missing, seen_by, shown
from bot.console.pages.queue import QUEUE
from bot.console.visit import Page, Visit
from bot.files import FileRefused, StoredFile
from bot.officials.refused import Refused
from bot.officials.rights import Right
from bot.storage import case_events, reply_templates
from bot.storage.case_events import Event, KeptAttachment
from bot.storage.cases import Case
from bot.storage.reply_templates import Template

LONGEST = 8_000  # characters of one field
MOST_FILES = 10
FIELDS = (*(need.value for need in Need), "version", "seen", "template")
CHANGED = "Trong lúc ông/bà viết, việc này đã thay đổi. Phần đã viết còn nguyên bên dưới; xin xem điều mới rồi gửi lại."


async def move(visit: Visit) -> Response:
    """Make a move, or insert a template into its form."""
    name, typed = str(visit.request.path_params["move"]), {key: visit.typed(key)[:LONGEST] for key in FIELDS}
    async with visit.database.transaction() as transaction:
        case = await dossier.find(transaction, code_of(visit), seen_by(visit))
        if case is None:
            return missing(visit)
        wanted = next((m for m in dossier.moves(case, visit.official, now=visit.now()) if m.name == name), None)
        kept = await reply_templates.get(transaction, _number(typed["template"])) if visit.typed("insert") else None
    if visit.typed("insert"):
        return await shown(visit, Form(name, _with_template(visit, case, kept, typed)))
    try:
        if wanted:
            await _keep_files(visit, case)
        await _carry_out(visit, name, typed)
    except Conflict:
        return await shown(visit, Form(name, typed, Refused(CHANGED), _number(typed["seen"])))
    except (MoveRefused, NotFound) as error:
        refused = (wanted and _first_missing(wanted, case, typed)) or Refused(str(error))
        return await shown(visit, Form(name, typed, refused))
    except FileRefused as error:
        told = Refused(visit.office.texts.say(error.reason), field="files")
        return await shown(visit, Form(name, typed, told))
    return await _back(visit, f"Đã ghi: {workflow.words()['moves'][name].lower()}.")


async def _back(visit: Visit, notice: str) -> Response:
    """Lead to the case again, or to the queue when it is now somebody else's."""
    async with visit.database.transaction() as transaction:
        still = await dossier.find(transaction, code_of(visit), seen_by(visit))
    return visit.go(f"{QUEUE}/{code_of(visit)}" if still else QUEUE, notice)


def _with_template(visit: Visit, case: Case, kept: Template | None, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what is typed, with the words of a template at its end."""
    words = templates.filled(kept.text, case, visit.office.desk, visit.official, now=visit.now()) if kept else ""
    return {**typed, "text": f"{typed['text']}\n{words}".strip()}


async def _carry_out(visit: Visit, name: str, typed: Mapping[str, str]) -> None:
    """Make the move; raise Conflict, MoveRefused or NotFound."""
    if name not in set(Name):
        raise MoveRefused("Không có bước này.")
    async with visit.database.transaction() as transaction:
        case = await dossier.find(transaction, code_of(visit), seen_by(visit), lock=True)
        if case is None:
            raise NotFound("Việc này không còn.")
        kept = await case_events.attachments_of(transaction, case=case.id)
        proofs = [a.name or a.kind for a in kept if a.from_official and a.event_id is None]
        given = _given(typed, proofs)
        order = Order(Name(name), visit.official, given, _number(typed["version"]))
        await handling.carry_out(transaction, case, order, visit.office.desk, now=visit.now())
        said = await case_events.last_of_kind(transaction, case.id, name)
        if proofs and said:
            await case_events.tie_loose(transaction, case.id, said.id)


def _given(typed: Mapping[str, str], proofs: list[str]) -> Given:
    result = typed["result"]
    return Given(
        reason=typed["reason"],
        text=typed["text"],
        result=Result(result) if result in set(Result) else None,
        body=typed["body"],
        document=typed["document"] or typed["evidence"],
        evidence=typed["evidence"] or ", ".join(proofs),
        assignee=typed["assignee"],
        main_case=typed["main_case"],
    )


def _first_missing(wanted: Move, case: Case, typed: Mapping[str, str]) -> Refused | None:
    """Return the first field that the move needs and that is empty."""
    needs = set(wanted.needs)
    if typed["result"] in set(Result) and Need.RESULT in needs:
        result = Result(typed["result"])
        needs |= BY_RESULT[result]
        if result is Result.DONE and CaseType(case.type) in SHOWN_DONE:
            needs.add(Need.EVIDENCE)
    empty = next((need for need in Need if need in needs and not typed[need]), None)
    return Refused(f"Còn thiếu {workflow.words()['needs'][empty]}.", field=empty) if empty else None


async def _keep_files(visit: Visit, case: Case) -> None:
    """Keep what was uploaded with the case; it stays there even when the move is not made."""
    uploads = [f for f in visit.form.getlist("files") if isinstance(f, UploadFile) and f.filename]
    stored = [await visit.office.files.keep(upload.file, name=upload.filename or "") for upload in uploads[:MOST_FILES]]
    async with visit.database.transaction() as transaction:
        for file in stored:
            await case_events.attach(transaction, as_kept(file, from_official=True), case=case.id, now=visit.now())


def as_kept(file: StoredFile, *, from_official: bool = False, event: int | None = None) -> KeptAttachment:
    """Return an uploaded file as the database keeps it, tied to an event or not yet."""
    family = file.media_type.partition("/")[0]
    kind = {"image": "photo", "video": "video", "audio": "voice"}.get(family, "file")
    described = KeptAttachment(kind, file.digest, file.name, file.media_type, file.size)
    return replace(described, from_official=from_official, event_id=event)


async def drop_file(visit: Visit) -> Response:
    """Take back a file that was uploaded for a move that is not made yet."""
    async with visit.database.transaction() as transaction:
        case = await dossier.find(transaction, code_of(visit), seen_by(visit))
        if case is None or not await case_events.drop_loose(transaction, case.id, visit.number("file")):
            return missing(visit)
    return visit.go(f"{QUEUE}/{code_of(visit)}", "Đã bỏ tệp.")


async def note(visit: Visit) -> Response:
    """A note that only officials read."""
    text = visit.typed("note")[:LONGEST]
    if not text:
        return await shown(visit, Form(refused=Refused("Xin viết ghi chú.", field="note")))
    async with visit.database.transaction() as transaction:
        case = await dossier.find(transaction, code_of(visit), seen_by(visit))
        if case is None:
            return missing(visit)
        by = visit.official
        event = Event(case_words.NOTED, "official", visit.now(), text, by.id, by.full_name)
        await case_events.add(transaction, case.id, event)
    return visit.go(f"{QUEUE}/{code_of(visit)}", "Đã ghi chú. Người dân không thấy ghi chú này.")


async def correction(visit: Visit) -> Response:
    """Another type, place or unit."""
    typed = {name: visit.typed(name) for name in ("type", "thon", "landmark", "unit", "version", "seen")}
    if typed["type"] not in set(CaseType):
        return await shown(visit, Form("sua", typed, Refused("Xin chọn loại việc.", field="type")))
    change = Correction(
        CaseType(typed["type"]), typed["thon"], typed["landmark"][:200], typed["unit"], _number(typed["version"])
    )
    try:
        async with visit.database.transaction() as transaction:
            case = await dossier.find(transaction, code_of(visit), seen_by(visit), lock=True)
            if case is None:
                return missing(visit)
            await correct(transaction, case, change, visit.official, visit.office.desk, now=visit.now())
    except Conflict:
        return await shown(visit, Form("sua", typed, Refused(CHANGED), _number(typed["seen"])))
    except Refused as refused:
        return await shown(visit, Form("sua", typed, refused))
    return await _back(visit, "Đã sửa.")


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


READ = Right.READ_CASES
PAGES = (
    Page(f"{QUEUE}/{{code}}/buoc/{{move}}", move, READ, "POST"),
    Page(f"{QUEUE}/{{code}}/tep/{{file}}/bo", drop_file, Right.HANDLE_CASES, "POST"),
    Page(f"{QUEUE}/{{code}}/ghi-chu", note, Right.HANDLE_CASES, "POST"),
    Page(f"{QUEUE}/{{code}}/sua", correction, Right.RECEIVE_CASES, "POST"),
)
