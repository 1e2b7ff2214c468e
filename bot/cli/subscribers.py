"""`motcua subscribers`: who receives announcements, out to a file and in from one."""

import sys
from pathlib import Path

import click

from bot import assembly, clock, config
from bot.broadcasting import lists
from bot.broadcasting.drafting import Rules
from bot.cli.shared import in_transaction, with_database
from bot.storage import subscribers as store
from bot.storage.database import Database
from bot.texts import Texts


@click.group()
def subscribers() -> None:
    """Người đăng ký nhận thông báo."""


@subscribers.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def take_in(file: Path) -> None:
    """Thêm người từ tệp CSV: channel,address,name,thon,topics,consented_at. Có dòng sai thì không nhập gì."""
    settings, now = config.load(), clock.now()
    rules = Rules.of(settings, Texts.load(settings.unit), assembly.calendar(settings))
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows, faults = lists.read(lines, rules, now=now)
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file}: không đọc được ({error}); cần tệp CSV mã UTF-8") from error

    async def keep(database: Database) -> int:
        stopped = await lists.stopped(database, rows)
        if faults or stopped:
            raise click.UsageError("\n".join([*faults, *stopped, f"{file.name}: chưa nhập dòng nào; sửa rồi nhập lại"]))
        return await lists.take_in(database, rows, now=now)

    new = with_database(keep)
    click.echo(f"{len(rows)} người trong tệp: thêm {new}, cập nhật {len(rows) - new}.")


@subscribers.command()
@click.option("--to", type=click.Path(path_type=Path), help="Tệp CSV; không có: in ra màn hình.")
def export(to: Path | None) -> None:
    """Ghi người đăng ký ra tệp CSV, đúng dạng để nhập lại."""

    async def write(database: Database) -> None:
        if to is None:
            await lists.write(database, sys.stdout)
            return
        with to.open("w", encoding="utf-8-sig", newline="") as file:
            await lists.write(database, file)

    try:
        with_database(write)
    except OSError as error:
        raise click.UsageError(f"{to}: không ghi được ({error.strerror})") from error


@subscribers.command("list")
def list_all() -> None:
    """Bao nhiêu người đăng ký, theo loại tin và theo thôn."""
    names = config.load().announcements.topic_names
    total, by_topic, by_village = in_transaction(store.counts)
    click.echo(f"{total} người đăng ký")
    for topic, number in by_topic.items():
        click.echo(f"{number:7}  {names.get(topic, topic)} ({topic})")
    for village, number in by_village.items():
        click.echo(f"{number:7}  thôn {village}" if village else f"{number:7}  không rõ thôn")
