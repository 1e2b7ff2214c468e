"""`motcua database`: bringing the tables up to date, backing up and restoring."""

from pathlib import Path

import click

from bot import clock, config
from bot.storage import backup, restoring
from bot.storage.database import upgrade

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def database() -> None:
    """Cơ sở dữ liệu."""


@database.command("upgrade")
def upgrade_tables() -> None:
    """Tạo hoặc nâng cấp các bảng; chạy lại bao nhiêu lần cũng được."""
    upgrade(config.load().database.url)
    click.echo("Cơ sở dữ liệu đã ở bản mới nhất.")


@database.command("backup")
@click.argument("file", type=FILE)
def back_up(file: Path) -> None:
    """Sao lưu dữ liệu và tệp vào một tệp .zip mới; chương trình vẫn chạy bình thường."""
    settings = config.load()
    made = backup.create(settings.database.url, file, files=Path(settings.files.folder), now=clock.now())
    click.echo(f"Đã sao lưu vào {file}: {megabytes(file)}, {len(made.parts) - 1} tệp đính kèm; đã đọc lại, đủ và đúng.")


@database.command()
@click.argument("file", type=FILE)
@click.option("--yes", is_flag=True, help="Thay dữ liệu đang có; dữ liệu cũ được giữ lại bên cạnh.")
def restore(file: Path, yes: bool) -> None:
    """Khôi phục từ một bản sao lưu; phải dừng chương trình trước."""
    settings = config.load()
    files = Path(settings.files.folder)
    kept = restoring.restore(settings.database.url, file, files=files, replace=yes, now=clock.now())
    click.echo(f"Đã khôi phục từ {file}.")
    for old in kept:
        click.echo(f"Dữ liệu cũ: {old}")


def megabytes(file: Path) -> str:
    """Return a file's size as people read it."""
    return f"{file.stat().st_size / 1_048_576:.1f} MB".replace(".", ",")
