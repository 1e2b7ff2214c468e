"""`motcua cases`: feedback cases from the machine itself. What is confidential is seen in the console alone."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot import clock, config
from bot.cases import codes, queue, register, workflow
from bot.cases.model import State
from bot.cases.queue import Pressure
from bot.console import case_words
from bot.storage import case_events, case_lists
from bot.storage import cases as stored
from bot.storage.case_lists import GROUPS, Scope, Wanted
from bot.storage.database import Database, upgrade
from bot.texts import Texts

LONGEST_LINE = 80


@dataclass(frozen=True, slots=True)
class _Room:
    """What a command works with."""

    database: Database
    texts: Texts
    scope: Scope


@click.group()
def cases() -> None:
    """Phản ánh, kiến nghị của người dân (việc giữ kín chỉ xem ở trang quản trị)."""


@cases.command("list")
@click.option("--group", default="open", type=click.Choice(GROUPS), help="Nhóm việc; mặc định: đang mở.")
@click.option("--state", default="", type=click.Choice(["", *State]), help="Chỉ việc ở trạng thái này.")
@click.option("--limit", default=50, type=click.IntRange(1, 10_000), help="Nhiều nhất bao nhiêu việc.")
def list_cases(group: str, state: str, limit: int) -> None:
    """Liệt kê các việc, việc gấp đứng trước."""

    async def work(room: _Room) -> None:
        async with room.database.transaction() as transaction:
            wanted = Wanted(group, state=state)
            found = await case_lists.page(transaction, wanted, room.scope, offset=0, limit=limit)
        for case in found:
            late = "  quá hạn" if queue.pressure(case, room.scope) is Pressure.OVERDUE else ""
            due = f"hạn {case.due_at:%d/%m/%Y}" if case.due_at else "không có hạn"
            words = " ".join(case.text.split())[:LONGEST_LINE]
            click.echo(f"{case.code}  {case_words.states()[case.state]}  {due}{late}  {words}")

    _run(work)


@cases.command()
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def show(code: str, as_json: bool) -> None:
    """Xem một việc theo mã."""

    async def work(room: _Room) -> None:
        shown = await _shown(room, code)
        click.echo(json.dumps(shown, ensure_ascii=False, indent=None) if as_json else _said(shown))

    _run(work)


@cases.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(file: Path) -> None:
    """Ghi sổ theo dõi mọi việc vào một tệp Excel (.xlsx)."""
    if file.suffix != ".xlsx" or not file.parent.is_dir():
        raise click.UsageError(f"{file}: cần một tệp .xlsx trong thư mục đã có; ví dụ: motcua cases export so.xlsx")

    async def work(room: _Room) -> None:
        found = await register.collect(room.database, Wanted("all"), room.scope)
        async with room.database.transaction() as transaction:
            hidden = await case_lists.count_confidential(transaction, since=None, until=None)
        say = room.texts.section
        words = register.Words(say("case_types"), case_words.states(), say("case_results"), case_words.CHANNELS)
        try:
            register.write(file, found, words, confidential=hidden)
        except OSError as error:
            raise click.UsageError(f"{file}: không ghi được ({error.strerror}); xem quyền ghi, chỗ trống") from error
        click.echo(f"Đã ghi {len(found)} việc vào {file}.")

    _run(work)


async def _shown(room: _Room, typed: str) -> dict[str, Any]:
    """Return a case in the shape that scripts rely on."""
    code = codes.read(typed)
    async with room.database.transaction() as transaction:
        case = await stored.get(transaction, code) if code else None
        if case is None:
            raise click.UsageError(f"không có việc “{typed}”; xem các mã bằng: motcua cases list --group all")
        if case.confidential:
            raise click.UsageError(f"{code} được giữ kín; chỉ người được giao xem, ở trang quản trị")
        story = await case_events.of_case(transaction, case.id)
        kept = await case_events.attachments_of(transaction, case=case.id)
    return {
        "code": case.code,
        "type": case.type,
        "state": case.state,
        "text": case.text,
        "attachments": [{"kind": a.kind, "name": a.name, "size": a.size} for a in kept],
        "due": case.due_at.isoformat() if case.due_at else None,
        "channel": case.channel,
        "created_at": case.created_at.isoformat(),
        "history": [
            {"at": e.at.isoformat(), "what": e.kind, "by": e.official_name or e.by, "state": e.to_state, "text": e.text}
            for e in story
        ],
    }


def _said(shown: dict[str, Any]) -> str:
    moves = workflow.words()["moves"]
    lines = [
        f"{shown['code']}: {case_words.states()[shown['state']]}",
        f"gửi {shown['created_at']} qua {shown['channel']}, hạn {shown['due'] or '—'}",
        shown["text"],
        *(f"  tệp: {a['kind']} {a['name']}" for a in shown["attachments"]),
        *(f"{e['at']}  {moves.get(e['what'], e['what'])}  {e['by']}  {e['text']}" for e in shown["history"]),
    ]
    return "\n".join(lines)


def _run(work: Callable[[_Room], Awaitable[None]]) -> None:
    asyncio.run(_in_room(work))


async def _in_room(work: Callable[[_Room], Awaitable[None]]) -> None:
    settings = config.load()
    upgrade(settings.database.url)
    texts, now = Texts.load(settings.unit, settings.files), clock.now()
    scope = Scope(official_id=0, now=now, soon=now)
    database = Database.open(settings.database.url)
    try:
        await work(_Room(database, texts, scope))
    finally:
        await database.close()
