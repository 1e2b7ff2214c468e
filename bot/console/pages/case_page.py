"""One case: its story in order, what to do next, its files, its sheet of paper, and what the citizen sees of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.responses import FileResponse, Response

from bot import files
from bot.cases import dossier, publishing, queue, standing, templates, workflow
from bot.cases.dossier import Dossier
from bot.cases.model import CaseType, Result
from bot.console import case_words
from bot.console.listing import asked
from bot.console.pages.queue import QUEUE
from bot.console.visit import Page, Visit
from bot.files import StoredFile
from bot.messages import plain
from bot.officials import accounts
from bot.officials.refused import Refused
from bot.officials.rights import Official, Right
from bot.storage import case_events, officials, reply_templates
from bot.storage.case_lists import Scope
from bot.storage.cases import Case
from bot.storage.database import Transaction
from bot.storage.officials import Account
from bot.storage.reply_templates import Template

NO_SUCH_CASE = "Không có việc này, hoặc việc thuộc bộ phận khác."
_MAP = "https://www.openstreetmap.org/"
_ZOOM = 18


@dataclass(frozen=True)
class Form:
    """What an official was about to do when their page was made: the move, what they typed, what went wrong.

    `seen` is the newest event they knew of when somebody else was faster; 0 otherwise.
    """

    move: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    refused: Refused | None = None
    seen: int = 0
    sender_shown: bool = False


def seen_by(visit: Visit) -> Scope:
    return queue.scope(visit.official, visit.office.desk, now=visit.now())


def code_of(visit: Visit) -> str:
    return str(visit.request.path_params.get("code", ""))


def missing(visit: Visit) -> Response:
    """Return what is said for a case that is not there and for one the official may not know of: the same."""
    return visit.say("Không có việc này", NO_SUCH_CASE, 404)


async def page(visit: Visit) -> Response:
    """The case, with the form of the move in the address opened."""
    return await shown(visit, Form(move=asked(visit.request, "buoc")))


async def shown(visit: Visit, form: Form) -> Response:
    """Return the page of the case in the address, with a form as it was left."""
    seen = seen_by(visit)
    async with visit.database.transaction() as transaction:
        case = await dossier.find(transaction, code_of(visit), seen)
        if case is None:
            return missing(visit)
        told = await dossier.read(transaction, case, seen, visit.official)
        await dossier.note_opened(transaction, case, visit.official, now=visit.now(), what="trang")
        people = await officials.everyone(transaction)
        kept = await reply_templates.fitting(transaction, case.type, form.move) if form.move else []
    return visit.show(
        "case.html",
        refused=form.refused,
        d=told,
        c=case,
        form=form,
        move=next((move for move in told.moves if move.name == form.move), None),
        typed=form.typed,
        since=told.since(form.seen) if form.seen else (),
        templates=_filled(kept, case, visit),
        people=_choices(people),
        may_publish=visit.official.may(Right.PUBLISH_CASES),
        may_receive=visit.official.may(Right.RECEIVE_CASES),
        may_handle=visit.official.may(Right.HANDLE_CASES),
        citizen_sees=plain(standing.told(case, visit.office.desk, is_theirs=True, now=visit.now())),
        **words(visit, told, people),
    )


def words(visit: Visit, told: Dossier, people: Sequence[Account]) -> dict[str, Any]:
    """Return what the pages of one case say beside the case itself."""
    case, desk = told.case, visit.office.desk
    names = {account.id: account.full_name for account in people}
    return {
        "deadline": case_words.deadline(case, seen_by(visit), desk),
        "assignee": names.get(case.assignee_id or 0, ""),
        "sender": "người gửi" if case.confidential else case.reporter_name or "người dân",
        "type": desk.texts.section("case_types")[case.type],
        "state": case_words.states()[case.state],
        "states": case_words.states(),
        "channel": case_words.CHANNELS.get(case.channel, case.channel),
        "result": desk.texts.section("case_results").get(case.result or "", ""),
        "map": _map(case),
        "happened": case_words.happened,
        "by_whom": case_words.by_whom,
        "short": case_words.shown_moment,
        "day": desk.day,
        "kinds": desk.texts.section("attachment_kinds"),
        "said": desk.texts.say,
        "moves": workflow.words()["moves"],
        "needs": workflow.words()["needs"],
        "results": {result.value: desk.texts.section("case_results")[result] for result in Result},
        "types": case_words.types(desk, but=() if case.type == CaseType.COMPLAINT else (CaseType.COMPLAINT,)),
        "thon": [*visit.office.config.unit.thon, *([case.thon] if case.thon else [])],
        "unpublishable": publishing.obstacle(case),
        "factors": desk.texts.section("factors"),
    }


def _map(case: Case) -> str:
    """Return the address of a map with the case's point; it is opened only when an official wants it."""
    if case.latitude is None or case.longitude is None:
        return ""
    place = urlencode({"mlat": f"{case.latitude:.6f}", "mlon": f"{case.longitude:.6f}"})
    return f"{_MAP}?{place}#map={_ZOOM}/{case.latitude:.6f}/{case.longitude:.6f}"


def _filled(kept: Sequence[Template], case: Case, visit: Visit) -> dict[str, tuple[str, str]]:
    """Return the name and the words of each template, filled in for a case."""
    desk, now = visit.office.desk, visit.now()
    return {str(t.id): (t.name, templates.filled(t.text, case, desk, visit.official, now=now)) for t in kept}


def _choices(people: Sequence[Account]) -> dict[str, dict[str, str]]:
    """Return to whom a case can be given: people who handle cases, and units."""
    able = [a for a in people if a.disabled_at is None and _handles(accounts.official(a))]
    units = sorted({a.unit for a in able if a.unit})
    shown = {a.name: a.full_name + (f" ({a.unit})" if a.unit else "") for a in able}
    return {"Người": shown, "Bộ phận": {unit: unit for unit in units}}


def _handles(official: Official) -> bool:
    return official.may(Right.HANDLE_CASES)


async def sheet(visit: Visit) -> Response:
    """The case on paper, A4."""
    seen = seen_by(visit)
    async with visit.database.transaction() as transaction:
        case = await dossier.find(transaction, code_of(visit), seen)
        if case is None:
            return missing(visit)
        told = await dossier.read(transaction, case, seen, visit.official)
        await dossier.note_opened(transaction, case, visit.official, now=visit.now(), what="bản in")
        people = await officials.everyone(transaction)
    return visit.show("case_sheet.html", d=told, c=case, now=visit.now(), **words(visit, told, people))


async def file(visit: Visit) -> Response:
    """A file of the case, or its small picture; only for those who may see the case."""
    is_small = asked(visit.request, "nho") == "1"
    async with visit.database.transaction() as transaction:
        case = await dossier.find(transaction, code_of(visit), seen_by(visit))
        kept = await _kept(transaction, case, visit.number("file")) if case else None
        if case is None or kept is None:
            return missing(visit)
        if not is_small:
            await dossier.note_opened(transaction, case, visit.official, now=visit.now(), what=f"tệp {kept.id}")
    stored = StoredFile(kept.digest or "", kept.name, kept.media_type, kept.size)
    try:
        if is_small:
            small = StoredFile(stored.digest, "nho.jpg", "image/jpeg", 0)
            return Response(await visit.office.files.thumbnail(stored.digest), headers=files.headers(small))
        return FileResponse(visit.office.files.path(stored.digest), headers=files.headers(stored))
    except FileNotFoundError:
        return visit.say("Không còn tệp", "Tệp này không còn trên máy chủ; xin báo người phụ trách máy.", 404)


async def _kept(transaction: Transaction, case: Case, number: int) -> case_events.KeptAttachment | None:
    kept = await case_events.attachments_of(transaction, case=case.id)
    return next((a for a in kept if a.id == number and a.digest), None)


async def show_sender(visit: Visit) -> Response:
    """Who sent a confidential case: shown once, with a reason, and audited."""
    why = visit.typed("why")
    if not why:
        return await shown(visit, Form(refused=Refused("Xin ghi lý do cần biết người gửi.", field="why")))
    async with visit.database.transaction() as transaction:
        case = await dossier.find(transaction, code_of(visit), seen_by(visit))
        if case is None or not case.confidential:
            return missing(visit)
        await dossier.note_sender_shown(transaction, case, visit.official, why[:200], now=visit.now())
    return await shown(visit, Form(sender_shown=True))


READ = Right.READ_CASES
PAGES = (
    Page(f"{QUEUE}/{{code}}", page, READ),
    Page(f"{QUEUE}/{{code}}/in", sheet, READ),
    Page(f"{QUEUE}/{{code}}/tep/{{file}}", file, READ),
    Page(f"{QUEUE}/{{code}}/nguoi-gui", show_sender, Right.READ_CONFIDENTIAL, "POST"),
)
