"""`motcua database`: bringing the tables up to date."""

import click

from bot import config
from bot.storage.database import upgrade


@click.group()
def database() -> None:
    """Cơ sở dữ liệu."""


@database.command("upgrade")
def upgrade_tables() -> None:
    """Tạo hoặc nâng cấp các bảng; chạy lại bao nhiêu lần cũng được."""
    upgrade(config.load().database.url)
    click.echo("Cơ sở dữ liệu đã ở bản mới nhất.")
