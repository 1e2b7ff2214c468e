"""`motcua announcements create` and `edit`: what is written, checked before it is kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from bot import assembly, clock, config
from bot.broadcasting import approval, drafting, enclosing, schedule
from bot.broadcasting.drafting import Rules
from bot.cli.enclosures import Given, enclosures
from bot.cli.shared import acting, may, official, with_database
from bot.messages import Enclosure
from bot.officials.rights import Right
from bot.settings import Config
from bot.storage import announcement_files, announcements
from bot.storage.announcements import Announcement, Draft
from bot.storage.database import Database, Transaction
from bot.texts import Texts


def moments(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say when to send; `plan` reads them."""
    for option in (
        click.option("--every", help="Lịch lặp như crontab, ví dụ “30 7 * * mon#1”: 7:30 thứ Hai đầu tháng."),
        click.option("--now", is_flag=True, help="Gửi ngay sau khi được duyệt."),
        click.option("--at", help="Lúc gửi, ví dụ 2026-11-25T07:30 (giờ Việt Nam)."),
    ):
        command = option(command)
    return command


def plan(at: str | None, every: str | None, now: bool) -> str:
    """Return the plan that the options say, "" for none; UsageError for more than one."""
    given = [text for text in (at, every, schedule.AT_ONCE if now else None) if text]
    if len(given) > 1:
        raise click.UsageError("chỉ chọn một trong --now, --at, --every")
    return given[0] if given else ""


@click.command()
@click.option("--title", required=True, help="Tiêu đề.")
@click.option("--text-file", type=click.Path(path_type=Path), required=True, help="Nội dung, viết bằng Markdown.")
@click.option("--topic", "topics", multiple=True, help="Mã loại tin; nhiều lần được; không có: mọi người đăng ký.")
@click.option("--thon", "villages", multiple=True, help="Chỉ gửi người ở thôn này; nhiều lần được.")
@click.option("--channel", "channels", multiple=True, help="Chỉ gửi qua kênh này; nhiều lần được.")
@click.option("--content", default="", help="Nội dung tuyên truyền theo Kế hoạch, mục II.1: a, b, c, d, đ.")
@click.option("--form", default="", help="Hình thức tuyên truyền theo Kế hoạch, mục II.2: a, b, c.")
@click.option("--urgent", default="", help="Lý do khẩn cấp: gửi cả ban đêm, không tính vào một tin mỗi ngày.")
@click.option("--corrects", type=int, help="Đính chính thông báo này: gửi cho đúng những người đã nhận.")
@click.option("--stale-hours", default=2, type=click.IntRange(1, 72), help="Quá giờ chừng này thì hỏi lại, không gửi.")
@enclosures
@moments
@acting()
def create(
    text_file: Path,
    who: str,
    enclosed: Given,
    at: str | None,
    every: str | None,
    now: bool,
    **given: Any,
) -> None:
    """Soạn một thông báo; in ra mã của nó."""
    settings, author = config.load(), official(who, Right.WRITE_ANNOUNCEMENTS)
    may_approve = may(author, Right.APPROVE_ANNOUNCEMENTS)
    draft = Draft(**given, body=_text_of(text_file), author=author, plan=plan(at, every, now))

    async def keep(database: Database) -> int:
        kept = await enclosed.keep(settings)  # of a draft with faults, the nightly sweep removes them again
        async with database.transaction() as transaction:
            return await _keep(transaction, draft, kept, settings, may_approve=may_approve)

    click.echo(with_database(keep))


async def _keep(
    transaction: Transaction, draft: Draft, files: Sequence[Enclosure], settings: Config, *, may_approve: bool
) -> int:
    """Keep a draft, approved at once where one person is enough and may.

    A correction has the topics and the files of what it corrects unless it names its own.
    """
    corrected = await announcements.find(transaction, draft.corrects) if draft.corrects else None
    topics = corrected.topics if corrected and not draft.topics else draft.topics
    if corrected and not files:
        files = await announcement_files.of(transaction, corrected.id)
    complete = replace(draft, topics=tuple(topics))
    _check(complete, settings, corrected)
    enclosing.check(files)
    number = await announcements.create(transaction, complete, now=clock.now())
    await announcement_files.put(transaction, number, files)
    made = await existing(transaction, number)
    if settings.announcements.two_person or not may_approve:
        await approval.propose(transaction, made, who=draft.author, now=clock.now())
    else:
        await approval.approve(
            transaction,
            made,
            draft.author,
            two_person=False,
            calendar=assembly.calendar(settings),
            now=clock.now(),
        )
    return number


@click.command()
@click.argument("number", type=int)
@click.option("--title", help="Tiêu đề mới.")
@click.option("--text-file", type=click.Path(path_type=Path), help="Nội dung mới.")
@enclosures
@click.option("--no-files", "emptied", is_flag=True, help="Bỏ hết ảnh, tệp kèm theo.")
@acting()
def edit(
    number: int,
    title: str | None,
    text_file: Path | None,
    enclosed: Given,
    emptied: bool,
    who: str,
) -> None:
    """Sửa một thông báo chưa gửi; sửa xong phải duyệt lại. Ảnh, tệp nêu ở đây thay cho tất cả ảnh, tệp cũ."""
    settings, author = config.load(), official(who, Right.WRITE_ANNOUNCEMENTS)
    if emptied and enclosed:
        raise click.UsageError("chỉ chọn một: --no-files, hoặc nêu ảnh và tệp mới")

    async def keep(database: Database) -> None:
        kept = await enclosed.keep(settings)
        enclosing.check(kept)
        async with database.transaction() as transaction:
            seen = await existing(transaction, number)
            approval.check_unsent(seen)
            body = _text_of(text_file) if text_file else seen.body
            changed = replace(seen, title=title or seen.title, body=body, author=author)
            await _change(transaction, seen, changed, settings)
            if kept or emptied:
                await announcement_files.put(transaction, number, kept)

    with_database(keep)
    click.echo(f"Đã sửa thông báo {number}; cần duyệt lại.")


async def _change(transaction: Transaction, seen: Announcement, changed: Announcement, settings: Config) -> None:
    corrected = await announcements.find(transaction, seen.corrects) if seen.corrects else None
    _check(changed, settings, corrected)
    await approval.edit(transaction, seen, changed, who=changed.author, now=clock.now())
    await approval.propose(transaction, await existing(transaction, seen.id), who=changed.author, now=clock.now())


async def existing(transaction: Transaction, number: int) -> Announcement:
    """Return an announcement; UsageError when there is none of that number."""
    found = await announcements.find(transaction, number)
    if found is None:
        raise click.UsageError(f"không có thông báo {number}; xem: motcua announcements list")
    return found


def _check(draft: Draft, settings: Config, corrected: Announcement | None) -> None:
    """Refuse a draft with faults; point out on stderr what should be looked at again."""
    rules = Rules.of(settings, Texts.load(settings.unit), assembly.calendar(settings))
    found = drafting.faults(draft, rules, now=clock.now(), corrected=corrected)
    if found:
        raise click.UsageError("\n".join(found))
    for remark in drafting.remarks(draft, now=clock.now()):
        click.echo(f"motcua: xem lại: {remark}", err=True)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path}: không đọc được ({error}); cần tệp chữ mã UTF-8") from error
