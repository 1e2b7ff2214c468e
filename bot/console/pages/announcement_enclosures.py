"""Pictures and files of an announcement: put to it and taken off, while its words can still be changed."""

from starlette.datastructures import UploadFile
from starlette.responses import Response

from bot.broadcasting import enclosing
from bot.console import announcement_words as words
from bot.console.pages.announcement_page import seen_in_form, shown
from bot.console.pages.announcement_sheet import existing, refusing
from bot.console.pages.announcements import NEWSDESK
from bot.console.visit import Page, Visit
from bot.messages import Enclosure
from bot.officials.refused import Refused
from bot.officials.rights import Right


async def attach(visit: Visit) -> Response:
    """Put uploaded files to an announcement; it needs to be approved anew."""
    try:
        added = await _uploaded(visit)
        async with visit.database.transaction() as transaction:
            seen = seen_in_form(visit, await existing(transaction, visit))
            with refusing():
                await enclosing.attach(transaction, seen, added, who=visit.official.name, now=visit.now())
            await visit.record(transaction, words.Action.CHANGED, words.subject(seen.id))
    except Refused as refused:
        return await shown(visit, refused)
    return visit.go(f"{NEWSDESK}/{seen.id}#kem", "Đã thêm ảnh, tệp.")


async def detach(visit: Visit) -> Response:
    """Take one file off an announcement; it needs to be approved anew."""
    try:
        async with visit.database.transaction() as transaction:
            seen = seen_in_form(visit, await existing(transaction, visit))
            with refusing():
                await enclosing.detach(
                    transaction, seen, visit.number("position"), who=visit.official.name, now=visit.now()
                )
            await visit.record(transaction, words.Action.CHANGED, words.subject(seen.id))
    except Refused as refused:
        return await shown(visit, refused)
    return visit.go(f"{NEWSDESK}/{seen.id}#kem", "Đã bỏ.")


async def _uploaded(visit: Visit) -> list[Enclosure]:
    """Return what was uploaded, kept; one that stays unused is swept away at night."""
    uploads = [f for f in visit.form.getlist("files") if isinstance(f, UploadFile) and f.filename]
    if not uploads:
        raise Refused("Xin chọn ảnh hoặc tệp.", field="files")
    texts, alt = visit.office.texts, visit.typed("alt")
    with refusing():
        return [
            await enclosing.keep(visit.office.files, one.file, texts, name=one.filename or "", alt=alt)
            for one in uploads[: enclosing.MOST_FILES]
        ]


WRITE = Right.WRITE_ANNOUNCEMENTS
PAGES = (
    Page(f"{NEWSDESK}/{{announcement}}/kem", attach, WRITE, "POST"),
    Page(f"{NEWSDESK}/{{announcement}}/kem/{{position}}/bo", detach, WRITE, "POST"),
)
