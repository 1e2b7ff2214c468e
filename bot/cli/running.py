"""`motcua run` and `motcua chat`."""

import asyncio
import logging

import click

from bot import assembly, config, program
from bot.channels.terminal import talk
from bot.storage.database import Database, upgrade

KNOWN = (*program.PARTS, "worker")  # the last is a name kept for what comes

log = logging.getLogger(__name__)


@click.command()
@click.option("--only", default="", help=f"Chỉ chạy các phần này, cách nhau bằng dấu phẩy: {', '.join(program.PARTS)}.")
def run(only: str) -> None:
    """Chạy chương trình; Ctrl-C để dừng."""
    parts = [part.strip() for part in only.split(",") if part.strip()] or list(program.PARTS)
    unknown = [part for part in parts if part not in KNOWN]
    if unknown:
        raise click.UsageError(f"--only: không có phần {', '.join(unknown)}; chọn trong {', '.join(program.PARTS)}")
    settings = config.load()
    assembly.quiet_logs()
    for part in sorted(set(parts) - set(program.PARTS)):
        log.warning("phần %s chưa có trong bản này, bỏ qua", part)
    upgrade(settings.database.url)
    asyncio.run(program.run(settings, frozenset(parts)))


@click.command()
def chat() -> None:
    """Nói chuyện với trợ lý ngay tại đây; gõ /thoat để dừng."""
    settings = config.load()
    upgrade(settings.database.url)
    asyncio.run(_chat(settings))


async def _chat(settings: config.Config) -> None:
    database = Database.open(settings.database.url)
    try:
        await talk.talk(assembly.services(settings, database))
    finally:
        await database.close()
