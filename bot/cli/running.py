"""`motcua run` and `motcua chat`."""

import asyncio
import logging
import os

import click

from bot import assembly, config, program
from bot.channels.terminal import talk
from bot.settings import Config
from bot.storage.database import Database, upgrade

INTERRUPTED = 130  # as shells tell it: 128 and SIGINT

log = logging.getLogger(__name__)


@click.command()
@click.option("--only", default="", help=f"Chỉ chạy các phần này, cách nhau bằng dấu phẩy: {', '.join(program.PARTS)}.")
def run(only: str) -> None:
    """Chạy chương trình; Ctrl-C để dừng."""
    parts = [part.strip() for part in only.split(",") if part.strip()] or list(program.PARTS)
    unknown = [part for part in parts if part not in program.PARTS]
    if unknown:
        raise click.UsageError(f"--only: không có phần {', '.join(unknown)}; chọn trong {', '.join(program.PARTS)}")
    settings = config.load()
    if only:
        _check_can_run(settings, parts)
    assembly.quiet_logs()
    upgrade(settings.database.url)
    asyncio.run(program.run(settings, frozenset(parts)))


def _check_can_run(settings: Config, parts: list[str]) -> None:
    """Refuse parts asked for by name that would only wait."""
    if "telegram" in parts and not settings.telegram.token:
        raise click.UsageError("--only telegram: chưa có mã bot; đặt MOTCUA_TELEGRAM__TOKEN rồi chạy lại")
    if "zalo" in parts and not (settings.zalo_bot.token or settings.zalo_oa.is_on):
        raise click.UsageError("--only zalo: chưa có kênh Zalo nào; xem docs/huong-dan/ket-noi-zalo.md")


@click.command()
def chat() -> None:
    """Nói chuyện với trợ lý ngay tại đây; gõ /thoat để dừng."""
    settings = config.load()
    upgrade(settings.database.url)
    try:
        asyncio.run(_chat(settings))
    except KeyboardInterrupt:
        print(flush=True)
        os._exit(INTERRUPTED)  # an ordinary exit would close standard input, which the waiting thread holds, and abort


async def _chat(settings: Config) -> None:
    database = Database.open(settings.database.url)
    try:
        await talk.talk(assembly.services(settings, database))
    finally:
        await database.close()
