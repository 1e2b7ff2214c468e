"""`motcua announcements preview`, `try` and `sample`: looking at an announcement before anybody gets it."""

from dataclasses import dataclass

import click

from bot import clock, config, previews
from bot.broadcasting import composing, costs, drafting, samples, trial
from bot.channels.terminal.rendering import render
from bot.cli.drafts import existing
from bot.cli.shared import acting, in_transaction, official
from bot.health import NAMES
from bot.messages import Reply
from bot.officials.rights import Right
from bot.settings import Config
from bot.storage import audience, official_chats, officials
from bot.storage.announcements import Announcement
from bot.storage.audience import Audience
from bot.storage.database import Transaction
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class _Look:
    """What there is to see of an announcement."""

    one: Announcement
    message: Reply
    people: Audience
    cost: list[str]


@click.command()
@click.argument("number", type=int)
def preview(number: int) -> None:
    """Xem trước: gửi bao nhiêu người, người dân đọc thấy gì, chỗ nào nên xem lại."""
    settings = config.load()
    texts = Texts.load(settings.unit, settings.files)

    async def look(transaction: Transaction) -> _Look:
        return await _look(transaction, number, settings, texts)

    seen = in_transaction(look)
    by_channel = ", ".join(
        f"{NAMES.get(channel, channel)} {count}" for channel, count in seen.people.by_channel.items()
    )
    click.echo(f"{seen.people.total} người nhận" + (f": {by_channel}" if by_channel else ""))
    parts = {one.channel: len(one.bubbles) for one in previews.of(seen.message, texts)}
    wanted = [channel for channel in parts if not seen.one.channels or channel in seen.one.channels]
    click.echo("Đi thành: " + ", ".join(f"{NAMES[channel]} {parts[channel]} tin" for channel in wanted))
    for line in (*seen.cost, *(f"Xem lại: {remark}" for remark in drafting.remarks(seen.one, now=clock.now()))):
        click.echo(line)
    click.echo(f"\n{render(seen.message, colour=False)}")


async def _look(transaction: Transaction, number: int, settings: Config, texts: Texts) -> _Look:
    one, now = await existing(transaction, number), clock.now()
    estimate = await costs.on_zalo(transaction, one, settings.zalo_oa, now=now)
    return _Look(
        one,
        await composing.message(transaction, one, texts, now=now),
        await audience.count(transaction, one),
        costs.told(estimate, settings.zalo_oa) if estimate else [],
    )


@click.command("try")
@click.argument("number", type=int)
@acting()
def try_out(number: int, who: str) -> None:
    """Gửi bản thử tới các khung chat mà cán bộ này đã nối (trang Tài khoản)."""
    settings, name = config.load(), official(who, Right.WRITE_ANNOUNCEMENTS)
    texts = Texts.load(settings.unit, settings.files)

    async def send(transaction: Transaction) -> int:
        account, seen = await officials.find(transaction, name), await existing(transaction, number)
        assert account is not None
        chats = await official_chats.of(transaction, account.id)
        await trial.send(transaction, seen, chats, texts, name=account.full_name, now=clock.now())
        return len(chats)

    if not (count := in_transaction(send)):
        raise click.UsageError(f"--as {who}: cán bộ này chưa nối khung chat nào; nối ở trang Tài khoản")
    click.echo(f"Đang gửi bản thử thông báo {number} tới {count} khung chat.")


@click.command()
@click.argument("name", required=False)
def sample(name: str | None) -> None:
    """Các mẫu để bắt đầu; nêu tên một mẫu thì in nội dung mẫu ấy, để ghi vào tệp rồi điền chỗ trống."""
    known = samples.everything()
    if name is None:
        for key, one in known.items():
            click.echo(f"{key:20}  {one.name}")
    elif name in known:
        click.echo(f"{known[name].body}")
    else:
        raise click.UsageError(f"không có mẫu “{name}”; có: {', '.join(known)}")
