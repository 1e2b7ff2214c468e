"""Mẫu trả lời: wordings that officials put into their answers."""

from typing import Any

from starlette.responses import Response

from bot.cases import templates, workflow
from bot.cases.dossier import ORDER
from bot.cases.moves import TABLE, Need
from bot.console import case_words
from bot.console.visit import Page, Visit
from bot.officials.refused import Refused
from bot.officials.rights import Right
from bot.storage import reply_templates
from bot.storage.reply_templates import Template

PLACE = "/mau-tra-loi"


async def everything(visit: Visit) -> Response:
    """All templates."""
    async with visit.database.transaction() as transaction:
        kept = await reply_templates.everything(transaction)
    return visit.show("templates.html", kept=kept, **_words(visit))


async def new(visit: Visit) -> Response:
    """The form of a new template."""
    return _form(visit, Template("", ""))


async def one(visit: Visit) -> Response:
    """The form of a template."""
    async with visit.database.transaction() as transaction:
        kept = await reply_templates.get(transaction, visit.number("template"))
    return _form(visit, kept) if kept else _gone(visit)


async def save(visit: Visit) -> Response:
    """Keep a template, new or changed."""
    kind, move = visit.typed("case_type"), visit.typed("move")
    typed = Template(visit.typed("name"), visit.typed("text"), kind, move, visit.number("template"))
    try:
        if kind not in {"", *_types(visit)} or move not in {"", *_moves()}:
            raise Refused("Xin chọn loại việc và bước trong danh sách.")
        tidy = templates.checked(typed)
        async with visit.database.transaction() as transaction:
            number = await reply_templates.save(transaction, tidy)
            if number is None:
                raise Refused("Tên này đã có, hoặc mẫu vừa bị xóa. Xin chọn tên khác.", field="name")
            await visit.record(transaction, case_words.Action.TEMPLATE_SAVED, tidy.name[:64])
    except Refused as refused:
        return _form(visit, typed, refused)
    return visit.go(PLACE, f"Đã lưu mẫu “{tidy.name}”.")


async def remove(visit: Visit) -> Response:
    """Delete a template."""
    async with visit.database.transaction() as transaction:
        kept = await reply_templates.get(transaction, visit.number("template"))
        if kept is None:
            return _gone(visit)
        await reply_templates.remove(transaction, kept.id)
        await visit.record(transaction, case_words.Action.TEMPLATE_REMOVED, kept.name[:64])
    return visit.go(PLACE, f"Đã xóa mẫu “{kept.name}”.")


def _form(visit: Visit, typed: Template, refused: Refused | None = None) -> Response:
    return visit.show("template.html", refused=refused, typed=typed, fields=templates.FIELDS, **_words(visit))


def _words(visit: Visit) -> dict[str, Any]:
    return {"types": _types(visit), "moves": _moves()}


def _types(visit: Visit) -> dict[str, str]:
    return case_words.types(visit.office.desk)


def _moves() -> dict[str, str]:
    """Return the moves in which an official writes to the citizen."""
    written = {move.name for move in TABLE if Need.TEXT in move.needs}
    return {name.value: workflow.words()["moves"][name] for name in ORDER if name in written}


def _gone(visit: Visit) -> Response:
    return visit.say("Không có mẫu này", "Mẫu này không còn, có thể ai đó vừa xóa.", 404)


EDIT = Right.EDIT_TEMPLATES
PAGES = (
    Page(PLACE, everything, EDIT),
    Page(f"{PLACE}/moi", new, EDIT),
    Page(f"{PLACE}/moi", save, EDIT, "POST"),
    Page(f"{PLACE}/{{template}}", one, EDIT),
    Page(f"{PLACE}/{{template}}", save, EDIT, "POST"),
    Page(f"{PLACE}/{{template}}/xoa", remove, EDIT, "POST"),
)
