"""Reply templates: wordings that officials put into an answer, each for one type of case or move, or for any."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage.case_tables import reply_templates
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Template:
    """One wording. An empty `case_type` or `move` fits all; `id` 0 is not kept yet."""

    name: str
    text: str
    case_type: str = ""
    move: str = ""
    id: int = 0


_COLUMNS = [reply_templates.c[name] for name in Template.__dataclass_fields__]


async def everything(transaction: Transaction) -> list[Template]:
    """Return all templates by name; a commune has some dozens."""
    query = select(*_COLUMNS).order_by(reply_templates.c.name)
    return [Template(*row) for row in await transaction.execute(query)]


async def get(transaction: Transaction, template: int) -> Template | None:
    row = (await transaction.execute(select(*_COLUMNS).where(reply_templates.c.id == template))).first()
    return Template(*row) if row else None


async def fitting(transaction: Transaction, case_type: str, move: str) -> list[Template]:
    """Return the templates for a move of a type of case, by name."""
    kind, step = reply_templates.c.case_type, reply_templates.c.move
    query = select(*_COLUMNS).where(kind.in_(("", case_type)), step.in_(("", move))).order_by(reply_templates.c.name)
    return [Template(*row) for row in await transaction.execute(query)]


async def save(transaction: Transaction, template: Template) -> int | None:
    """Keep a template, new or changed; return its id, or None when another has its name or it is gone."""
    row = {"name": template.name, "text": template.text, "case_type": template.case_type, "move": template.move}
    change = (
        update(reply_templates).where(reply_templates.c.id == template.id) if template.id else insert(reply_templates)
    )
    try:
        async with transaction.begin_nested():
            kept = (await transaction.execute(change.values(row).returning(reply_templates.c.id))).scalar()
    except IntegrityError:
        return None
    return None if kept is None else int(kept)


async def remove(transaction: Transaction, template: int) -> bool:
    """Delete a template; False when it was gone."""
    gone = delete(reply_templates).where(reply_templates.c.id == template)
    return (await transaction.execute(gone)).rowcount == 1
