"""The way back from a backup, which harms nothing when it fails."""

import contextlib
import fcntl
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.storage.backup import DATABASE, FILES, sqlite, trouble_told, unpack
from bot.storage.database import StorageError, upgrade
from bot.storage.inspection import beside, check_sqlite, is_known_revision

# Every connection that has read a database in WAL mode keeps a shared lock on these bytes of its file until it closes
# (https://sqlite.org/lockingv3.html, os_unix.c: PENDING_BYTE and the 511 after it).
LOCK_FROM, LOCK_BYTES = 0x40000000, 512


def restore(url: str, archive: Path, *, files: Path, replace: bool, now: datetime) -> list[Path]:
    """Put an archive's database and files in place; return where the old ones are kept now.

    What is in place stays until everything new is checked and brought up to date; any fault leaves it as it was.
    StorageError says why: a broken archive, a program at work on the database, or data and no `replace`.
    """
    database = sqlite(url)
    if database.exists() and not replace:
        raise StorageError(f"{database} đã có dữ liệu; thêm --yes để thay, dữ liệu cũ được giữ lại bên cạnh")
    with trouble_told(archive):
        database.parent.mkdir(parents=True, exist_ok=True)
        files.parent.mkdir(parents=True, exist_ok=True)
        with _alone(database), TemporaryDirectory(prefix=".khoi-phuc-", dir=database.parent) as workshop:
            folder = Path(workshop)
            unpack(archive, folder, with_files=True)
            _bring_up_to_date(folder / DATABASE)
            moves = [(folder / DATABASE, database)]
            if (folder / FILES).exists():
                moves.append((_onto_the_disk_of(files, folder / FILES), files))
            return _exchange(moves, f".truoc-khoi-phuc-{now:%Y%m%d-%H%M%S}")


@contextlib.contextmanager
def _alone(database: Path) -> Iterator[None]:
    """Hold a database so that nobody else opens it; raise StorageError while somebody has it open."""
    if not database.exists():
        yield
        return
    with database.open("rb+") as held:
        try:
            fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB, LOCK_BYTES, LOCK_FROM)
        except OSError as error:
            raise StorageError(f"chương trình đang chạy trên {database}; dừng chương trình rồi thử lại") from error
        yield


def _bring_up_to_date(copy: Path) -> None:
    found = check_sqlite(copy)
    if not is_known_revision(found):
        raise StorageError(f"bản sao lưu do bản chương trình mới hơn tạo ({found}); nâng chương trình lên rồi thử lại")
    upgrade(f"sqlite:///{copy}")


def _onto_the_disk_of(files: Path, unpacked: Path) -> Path:
    """Return the unpacked files on the disk where they belong, so that a rename puts them in place."""
    if unpacked.stat().st_dev == files.parent.stat().st_dev:
        return unpacked
    moved = files.with_name(f".khoi-phuc-{files.name}")
    shutil.rmtree(moved, ignore_errors=True)
    shutil.copytree(unpacked, moved)
    return moved


def _exchange(moves: Sequence[tuple[Path, Path]], suffix: str) -> list[Path]:
    """Rename the old aside and the new into place, all or none; return the old ones' new names."""
    pairs = [pair for _, place in moves for pair in zip(beside(place), beside(Path(f"{place}{suffix}")), strict=True)]
    aside = [(old, kept) for old, kept in pairs if old.exists()]
    if any(kept.exists() for _, kept in aside):
        raise StorageError(f"bản giữ lại …{suffix} đã có; chờ một giây rồi thử lại")
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in (*aside, *moves):
            source.rename(target)
            done.append((source, target))
    except OSError:
        for source, target in reversed(done):
            target.rename(source)
        raise
    return [kept for _, kept in aside]
