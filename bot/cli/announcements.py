"""`motcua announcements`: approved, sent, followed and proved from the command line."""

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click

from bot import assembly, clock, config
from bot.broadcasting import approval, costs, drafting, enclosing, proof
from bot.broadcasting.approval import NAMES
from bot.cli import drafts, looking
from bot.cli.drafts import existing
from bot.cli.shared import AT_THE_COMMAND_LINE, acting, in_transaction, official, with_database
from bot.officials.rights import Right
from bot.storage import announcements as store
from bot.storage import audience, recipients
from bot.storage.announcements import Announcement, State
from bot.storage.database import Database, Transaction
from bot.storage.recipients import Standing

T = TypeVar("T")
_AGAIN = {
    "uncertain": Standing.UNCERTAIN,
    "failed": Standing.FAILED,
    "refused": Standing.REFUSED,
    "skipped": Standing.SKIPPED,
}


@click.group()
def announcements() -> None:
    """Thông báo gửi người dân đã đăng ký."""


announcements.add_command(drafts.create)
announcements.add_command(drafts.edit)
announcements.add_command(looking.preview)
announcements.add_command(looking.try_out)
announcements.add_command(looking.sample)


def _with(number: int, act: Callable[[Transaction, Announcement], Awaitable[T]]) -> T:
    async def run(transaction: Transaction) -> T:
        return await act(transaction, await existing(transaction, number))

    return in_transaction(run)


@announcements.command()
@click.argument("number", type=int)
@acting()
def approve(number: int, who: str) -> None:
    """Duyệt một bản nháp do người khác soạn."""
    settings, by = config.load(), official(who, Right.APPROVE_ANNOUNCEMENTS)
    two_person, calendar = settings.announcements.two_person, assembly.calendar(settings)

    async def act(transaction: Transaction, seen: Announcement) -> tuple[datetime | None, int, costs.Estimate | None]:
        due = await approval.approve(transaction, seen, by, two_person=two_person, calendar=calendar, now=clock.now())
        cost = await costs.on_zalo(transaction, seen, settings.zalo_oa, now=clock.now())
        return due, (await audience.count(transaction, seen)).total, cost

    due, total, cost = _with(number, act)
    when = f"gửi lúc {due:%H:%M %d/%m/%Y}" if due else "chưa hẹn giờ gửi (motcua announcements schedule)"
    click.echo(f"Đã duyệt thông báo {number}: {when}; hiện có {total} người nhận.")
    for line in costs.told(cost, settings.zalo_oa) if cost else ():
        click.echo(line)


@announcements.command()
@click.argument("number", type=int)
@drafts.moments
@acting(AT_THE_COMMAND_LINE)
def schedule(number: int, who: str, at: str | None, every: str | None, now: bool) -> None:
    """Hẹn giờ gửi một thông báo đã duyệt."""
    plan, by = drafts.plan(at, every, now), official(who, Right.APPROVE_ANNOUNCEMENTS, unnamed=True)
    calendar = assembly.calendar(config.load())
    found = drafting.faults_of_plan(plan, calendar, now=clock.now()) if plan else ["cần --now, --at hoặc --every"]
    if found:
        raise click.UsageError("\n".join(found))
    due = _with(
        number, lambda t, seen: approval.schedule_for(t, seen, plan, who=by, calendar=calendar, now=clock.now())
    )
    click.echo(f"Thông báo {number} gửi lúc {due:%H:%M %d/%m/%Y}.")


@announcements.command()
@click.argument("number", type=int)
@acting(AT_THE_COMMAND_LINE)
def pause(number: int, who: str) -> None:
    """Tạm dừng: những tin chưa gửi chờ lại."""
    by = official(who, Right.APPROVE_ANNOUNCEMENTS, unnamed=True)
    _with(number, lambda t, seen: approval.pause(t, seen, who=by, now=clock.now()))
    click.echo(f"Đã tạm dừng thông báo {number}.")


@announcements.command()
@click.argument("number", type=int)
@click.option("--again", multiple=True, type=click.Choice(list(_AGAIN)), help="Gửi lại cả những người có kết quả này.")
@acting(AT_THE_COMMAND_LINE)
def resume(number: int, again: Sequence[str], who: str) -> None:
    """Gửi tiếp; với --again, gửi lại cho người chưa chắc đã nhận hoặc không gửi được."""
    by, repeated = official(who, Right.APPROVE_ANNOUNCEMENTS, unnamed=True), [_AGAIN[name] for name in again]
    calendar = assembly.calendar(config.load())
    sent = _with(
        number, lambda t, seen: approval.resume(t, seen, who=by, calendar=calendar, now=clock.now(), again=repeated)
    )
    click.echo(f"Thông báo {number} được gửi tiếp" + (f", gửi lại {sent} người." if again else "."))


@announcements.command()
@click.argument("number", type=int)
@acting(AT_THE_COMMAND_LINE)
def cancel(number: int, who: str) -> None:
    """Hủy: những người chưa được gửi thì không gửi nữa."""
    by = official(who, Right.APPROVE_ANNOUNCEMENTS, unnamed=True)
    left = _with(number, lambda t, seen: approval.cancel(t, seen, who=by, now=clock.now()))
    click.echo(f"Đã hủy thông báo {number}" + (f"; {left} người không được gửi nữa." if left else "."))


@announcements.command("list")
def list_all() -> None:
    """Các thông báo, mới nhất trước."""
    for one in in_transaction(store.listed):
        due = f"{one.due_at:%H:%M %d/%m/%Y}" if one.due_at else "-"
        note = f"  [{one.note}]" if one.note else ""
        click.echo(f"{one.id:5}  {NAMES[one.state]:24}  {due:16}  {one.title}{note}")


@announcements.command()
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def status(number: int, as_json: bool) -> None:
    """Thông báo đang ở đâu, bao nhiêu người đã nhận."""

    async def look(t: Transaction, seen: Announcement) -> tuple[Announcement, dict[str, int], list[store.Event], str]:
        files = ", ".join(one.file.name for one in await enclosing.listed(t, number))
        return seen, await recipients.counts(t, number), await store.history(t, number), files

    seen, counts, history, files = _with(number, look)
    total = counts.pop("recipients")
    if as_json:
        click.echo(json.dumps({"id": seen.id, "state": seen.state, "recipients": total, "counts": counts}))
        return
    click.echo(f"{seen.id}. {seen.title}\n{NAMES[seen.state]}" + (f": {seen.note}" if seen.note else ""))
    if files:
        click.echo(f"kèm theo: {files}")
    click.echo(f"{total} người nhận: " + ", ".join(f"{proof.OUTCOMES[name]} {n}" for name, n in counts.items()))
    for event in history:
        click.echo(f"{event.at:%H:%M %d/%m/%Y}  {event.who}: {NAMES[State(event.what)]}  {event.note}".rstrip())


@announcements.command("proof")
@click.argument("number", type=int)
@click.option("--to", type=click.Path(path_type=Path), help="Tệp .xlsx hoặc .csv; không có: in CSV ra màn hình.")
def prove(number: int, to: Path | None) -> None:
    """Phiếu gửi: từng người một, đã nhận hay chưa, vì sao."""
    if to and to.suffix not in (".xlsx", ".csv"):
        raise click.UsageError(f"--to {to}: cần tệp .xlsx hoặc .csv")

    async def write(database: Database) -> None:
        async with database.transaction() as transaction:
            await existing(transaction, number)
        await proof.write(database, number, to)

    try:
        with_database(write)
    except OSError as error:
        raise click.UsageError(f"{to}: không ghi được ({error.strerror})") from error
