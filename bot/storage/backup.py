"""Backups: the database and the files in one archive that proves itself whole, and the way back."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from bot.storage.database import StorageError, upgrade
from bot.storage.inspection import beside, check_sqlite, is_known_revision, sqlite_file

MANIFEST, DATABASE, FILES = "manifest.json", "motcua.db", "tep"  # names inside an archive
CHUNK_BYTES = 1024 * 1024
# Every connection that has read a database in WAL mode keeps a shared lock on these bytes of its file until it closes
# (https://sqlite.org/lockingv3.html, os_unix.c: PENDING_BYTE and the 511 after it).
LOCK_FROM, LOCK_BYTES = 0x40000000, 512
POSTGRESQL = (
    "cơ sở dữ liệu là PostgreSQL: sao lưu bằng pg_dump, khôi phục bằng pg_restore "
    "(docs/runbooks/sao-luu-khoi-phuc.md); thư mục tệp chép riêng"
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself: the program's version, the moment, the SHA-256 of each part by its name."""

    version: str
    made_at: datetime
    parts: Mapping[str, str]

    def to_json(self) -> str:
        made = self.made_at.isoformat(timespec="seconds")
        return json.dumps({"version": self.version, "made_at": made, "parts": dict(self.parts)}, indent=1)

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Return the manifest; raise ValueError when it is none or names a part outside an archive."""
        raw = json.loads(text)
        if not isinstance(raw, dict) or not isinstance(raw.get("parts"), dict):
            raise ValueError("no manifest")
        parts = {str(name): str(digest) for name, digest in raw["parts"].items()}
        if DATABASE not in parts or not all(_is_part(name) for name in parts):
            raise ValueError("strange parts")
        return cls(str(raw.get("version")), datetime.fromisoformat(str(raw.get("made_at"))), parts)


def _is_part(name: str) -> bool:
    path = PurePosixPath(name)
    return name == DATABASE or (path.parts[0] == FILES and len(path.parts) > 1 and ".." not in path.parts)


def create(url: str, archive: Path, *, files: Path, now: datetime) -> Manifest:
    """Write the database at `url` and the folder `files` into a new archive, while others read and write them.

    The archive appears under its name when all of it was read again. StorageError says why there is none.
    The database is copied first: a file that it names is kept before it, so none is missing.
    """
    database = _sqlite(url)
    if not database.exists():
        raise StorageError(f"chưa có cơ sở dữ liệu {database}, nên chưa có gì để sao lưu")
    if archive.exists():
        raise StorageError(f"{archive} đã có; đặt tên khác, bản cũ không bị ghi đè")
    with _trouble_told(archive), TemporaryDirectory(prefix=".sao-luu-", dir=archive.parent) as workshop:
        copy, packed = Path(workshop, DATABASE), Path(workshop, "goi")
        _copy_database(database, copy)
        check_sqlite(copy)
        manifest = _pack(packed, copy, files, now=now)
        copy.unlink()
        _unpack(packed, Path(workshop), with_files=False)
        packed.chmod(0o600)
        if archive.exists():
            raise StorageError(f"{archive} vừa có người tạo; đặt tên khác")
        packed.rename(archive)
    return manifest


def _sqlite(url: str) -> Path:
    path = sqlite_file(url)
    if path is None:
        raise StorageError(POSTGRESQL)
    return path


@contextlib.contextmanager
def _trouble_told(archive: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or archive
        raise StorageError(f"{where}: {error.strerror or error}; kiểm tra đường dẫn, quyền và chỗ trống") from error


def _copy_database(source: Path, copy: Path) -> None:
    """Copy a database as it is at one moment. In WAL mode one step of the backup reads beside whoever writes."""
    try:
        with (
            contextlib.closing(sqlite3.connect(source)) as original,
            contextlib.closing(sqlite3.connect(copy)) as written,
        ):
            original.backup(written)
            written.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise StorageError(f"không chép được {source}: {error}") from error


def _pack(packed: Path, copy: Path, files: Path, *, now: datetime) -> Manifest:
    parts = {}
    with packed.open("xb") as written, zipfile.ZipFile(written, "w") as archive:
        parts[DATABASE] = _add(archive, copy, DATABASE, zipfile.ZIP_DEFLATED)
        for path in sorted(p for p in files.rglob("*") if p.is_file() and not p.is_symlink()):
            name = f"{FILES}/{path.relative_to(files).as_posix()}"
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile, as old files are
                parts[name] = _add(archive, path, name, zipfile.ZIP_STORED)  # pictures are compressed already
        manifest = Manifest(version("motcua"), now, parts)
        archive.writestr(MANIFEST, manifest.to_json())
        archive.close()
        os.fsync(written.fileno())
    return manifest


def _add(archive: zipfile.ZipFile, path: Path, name: str, compression: int) -> str:
    with path.open("rb") as source:
        member = zipfile.ZipInfo(name)
        member.compress_type = compression
        with archive.open(member, "w", force_zip64=True) as sink:
            return _copy(source, sink)


def _copy(source: IO[bytes], sink: IO[bytes] | None) -> str:
    """Copy a stream, or only read it; return its SHA-256."""
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK_BYTES):
        digest.update(chunk)
        if sink:
            sink.write(chunk)
    return digest.hexdigest()


def inspect(archive: Path) -> Manifest:
    """Return the manifest of an archive after reading all of it and opening its database; StorageError when broken."""
    with _trouble_told(archive), TemporaryDirectory(prefix="motcua-") as folder:
        return _unpack(archive, Path(folder), with_files=False)


def _unpack(archive: Path, folder: Path, *, with_files: bool) -> Manifest:
    """Check every part of an archive against its manifest and put the database, perhaps the files, into a folder."""
    try:
        with zipfile.ZipFile(archive) as packed:
            manifest = Manifest.from_json(packed.read(MANIFEST))
            if sorted(packed.namelist()) != sorted({MANIFEST, *manifest.parts}):
                raise StorageError(f"{archive}: thừa hoặc thiếu phần so với bản kê; dùng bản sao lưu khác")
            for name, digest in manifest.parts.items():
                target = folder / name if with_files or name == DATABASE else None
                if _extract(packed, name, target) != digest:
                    raise StorageError(f"{archive}: phần {name} khác với bản kê; dùng bản sao lưu khác")
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError) as error:
        raise StorageError(f"{archive}: không phải bản sao lưu, hoặc đã hỏng ({type(error).__name__})") from error
    check_sqlite(folder / DATABASE)
    return manifest


def _extract(packed: zipfile.ZipFile, name: str, target: Path | None) -> str:
    with packed.open(name) as source:
        if target is None:
            return _copy(source, None)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as sink:
            return _copy(source, sink)


def restore(url: str, archive: Path, *, files: Path, replace: bool, now: datetime) -> list[Path]:
    """Put an archive's database and files in place; return where the old ones are kept now.

    What is in place stays until everything new is checked and brought up to date; any fault leaves it as it was.
    StorageError says why: a broken archive, a program at work on the database, or data and no `replace`.
    """
    database = _sqlite(url)
    if database.exists() and not replace:
        raise StorageError(f"{database} đã có dữ liệu; thêm --yes để thay, dữ liệu cũ được giữ lại bên cạnh")
    with _trouble_told(archive):
        database.parent.mkdir(parents=True, exist_ok=True)
        files.parent.mkdir(parents=True, exist_ok=True)
        with _alone(database), TemporaryDirectory(prefix=".khoi-phuc-", dir=database.parent) as workshop:
            folder = Path(workshop)
            _unpack(archive, folder, with_files=True)
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


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a database's nightly backups are kept, and how many."""

    url: str
    files: Path
    folder: Path
    keep: int

    def archives(self) -> list[Path]:
        """Return the nightly backups, oldest first."""
        return sorted(self.folder.glob("motcua-????-??-??-????.zip"))

    def is_due(self, now: datetime) -> bool:
        """Tell whether the newest backup is a day old or missing."""
        newest = max((path.stat().st_mtime for path in self.archives()), default=0.0)
        return now.timestamp() - newest >= timedelta(days=1).total_seconds()

    def add(self, now: datetime) -> Path:
        """Make today's backup, then delete the oldest beyond those to keep; return the new one."""
        archive = self.folder / f"motcua-{now:%Y-%m-%d-%H%M}.zip"
        with _trouble_told(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            for left_behind in self.folder.glob(".sao-luu-*"):  # by a power cut
                shutil.rmtree(left_behind, ignore_errors=True)
            create(self.url, archive, files=self.files, now=now)
            for old in self.archives()[: -self.keep]:
                old.unlink()
        return archive
