"""A question that was answered, taken away as the beginning of a knowledge entry."""

from starlette.responses import Response

from bot.cases import dossier, entry_draft
from bot.cases.model import CaseType
from bot.console.pages.case_page import code_of, missing, seen_by
from bot.console.pages.queue import QUEUE
from bot.console.visit import Page, Visit
from bot.officials.rights import Right


async def download(visit: Visit) -> Response:
    """The draft as a file."""
    async with visit.database.transaction() as transaction:
        case = await dossier.find(transaction, code_of(visit), seen_by(visit))
    if case is None or case.type != CaseType.QUESTION or not case.answer:
        return missing(visit)
    draft = entry_draft.toml(case, unit=visit.office.texts.fill("{don_vi}"), today=visit.now().date())
    name = f"{entry_draft.entry_id(case)}.toml"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(draft, media_type="application/toml; charset=utf-8", headers=headers)


PAGES = (Page(f"{QUEUE}/{{code}}/muc-kien-thuc.toml", download, Right.READ_CASES),)
