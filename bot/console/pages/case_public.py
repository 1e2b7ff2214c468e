"""Putting a finished case onto the public pages, after a look at what people will see."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from bot.cases import dossier, publishing
from bot.cases.handling import Conflict
from bot.cases.publishing import Public
from bot.console.pages.case_page import code_of, missing, seen_by
from bot.console.pages.queue import QUEUE
from bot.console.visit import Page, Visit
from bot.officials.refused import Refused
from bot.officials.rights import Right
from bot.storage import case_events
from bot.storage.case_events import KeptAttachment
from bot.storage.cases import Case

CHANGED = "Việc này vừa thay đổi. Phần đã sửa còn nguyên; xin xem lại rồi đăng."


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it was left: what is to be shown, whether it is to be looked at first, what is wrong."""

    public: Public
    is_preview: bool = False
    refused: Refused | None = None


async def form(visit: Visit) -> Response:
    """The form, filled in with the case's own words without names and numbers."""
    return await _shown(visit, None)


async def publish(visit: Visit) -> Response:
    """Show what people will see, or publish it."""
    typed = {name: visit.typed(name) for name in ("title", "text", "answer", "version")}
    public = _public(typed, [value for value in visit.form.getlist("photos") if isinstance(value, str)])
    if visit.typed("preview"):
        return await _shown(visit, Draft(public, is_preview=True))
    try:
        async with visit.database.transaction() as transaction:
            case = await dossier.find(transaction, code_of(visit), seen_by(visit), lock=True)
            if case is None:
                return missing(visit)
            desk = visit.office.desk
            await publishing.publish(transaction, case, public, visit.official, desk, now=visit.now())
    except Conflict:
        return await _shown(visit, Draft(public, refused=Refused(CHANGED)))
    except Refused as refused:
        return await _shown(visit, Draft(public, refused=refused))
    return visit.go(f"{QUEUE}/{code_of(visit)}", "Đã đăng công khai.")


def _public(typed: Mapping[str, str], photos: list[str]) -> Public:
    version = typed["version"]
    return Public(
        title=typed["title"],
        text=typed["text"],
        answer=typed["answer"],
        version=int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0,
        photos=frozenset(int(p) for p in photos if p.isascii() and p.isdecimal() and len(p) < 10),
    )


async def withdraw(visit: Visit) -> Response:
    """Take the case off the public pages."""
    async with visit.database.transaction() as transaction:
        case = await dossier.find(transaction, code_of(visit), seen_by(visit), lock=True)
        if case is None:
            return missing(visit)
        await publishing.withdraw(transaction, case, visit.official, now=visit.now())
    return visit.go(f"{QUEUE}/{case.code}", "Đã gỡ khỏi trang công khai.")


async def _shown(visit: Visit, draft: Draft | None) -> Response:
    async with visit.database.transaction() as transaction:
        case = await dossier.find(transaction, code_of(visit), seen_by(visit))
        if case is None:
            return missing(visit)
        kept = await case_events.attachments_of(transaction, case=case.id)
    photos = [a for a in kept if a.kind == "photo" and a.digest]
    left = draft or Draft(_kept(case, photos))
    return visit.show(
        "case_public.html",
        refused=left.refused,
        c=case,
        public=left.public,
        is_preview=left.is_preview,
        photos=photos,
        obstacle=publishing.obstacle(case),
    )


def _kept(case: Case, photos: list[KeptAttachment]) -> Public:
    shown = publishing.suggested(case)
    return Public(shown.title, shown.text, shown.answer, case.version, frozenset(a.id for a in photos if a.public))


PUBLISH = Right.PUBLISH_CASES
PAGES = (
    Page(f"{QUEUE}/{{code}}/dang", form, PUBLISH),
    Page(f"{QUEUE}/{{code}}/dang", publish, PUBLISH, "POST"),
    Page(f"{QUEUE}/{{code}}/go-dang", withdraw, PUBLISH, "POST"),
)
