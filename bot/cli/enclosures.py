"""The options of `motcua announcements create` and `edit` that put pictures and files to an announcement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from bot import assembly
from bot.broadcasting import enclosing
from bot.messages import Enclosure
from bot.settings import Config
from bot.texts import Texts


def enclosures(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name pictures and files; it receives them as `enclosed`."""

    @wraps(command)
    def given(*, photos: Sequence[Path], alts: Sequence[str], files: Sequence[Path], **rest: Any) -> None:
        command(enclosed=Given.of(photos, alts, files), **rest)

    path = click.Path(path_type=Path)
    alt = "Mô tả ảnh cho người dùng trình đọc màn hình; mỗi ảnh một mô tả, theo thứ tự."
    with_files = click.option("--file", "files", multiple=True, type=path, help="Tệp kèm theo: PDF, Word…")(given)
    with_alts = click.option("--alt", "alts", multiple=True, help=alt)(with_files)
    return click.option("--photo", "photos", multiple=True, type=path, help="Ảnh; nhiều lần được.")(with_alts)


@dataclass(frozen=True, slots=True)
class Given:
    """The files that a command names, each with what a picture shows in words."""

    photos: Sequence[tuple[Path, str]]
    files: Sequence[Path]

    @classmethod
    def of(cls, photos: Sequence[Path], alts: Sequence[str], files: Sequence[Path]) -> "Given":
        """Return what the options say; UsageError for a file that is not there or a description without its picture."""
        if len(alts) > len(photos):
            raise click.UsageError(f"có {len(alts)} --alt mà chỉ có {len(photos)} --photo; mỗi ảnh một mô tả")
        for path in (*photos, *files):
            if not path.is_file():
                raise click.UsageError(f"{path}: không đọc được tệp này")
        return cls([(path, alts[place] if place < len(alts) else "") for place, path in enumerate(photos)], files)

    def __bool__(self) -> bool:
        return bool(self.photos or self.files)

    async def keep(self, settings: Config) -> list[Enclosure]:
        """Keep the files, photos first; raise NotAllowed for one that cannot be kept."""
        texts, shelf = Texts.load(settings.unit, settings.files), assembly.files(settings)
        kept = [
            await enclosing.keep(shelf, path, texts, name=path.name, alt=alt, is_photo=True)
            for path, alt in self.photos
        ]
        return kept + [await enclosing.keep(shelf, path, texts, name=path.name) for path in self.files]
