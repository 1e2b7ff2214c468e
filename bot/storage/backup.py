"""Backups: the database and the files in one archive that proves itself whole."""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from bot.storage.database import StorageError
from bot.storage.inspection import check_sqlite, sqlite_file

MANIFEST, DATABASE, FILES = "manifest.json", "motcua.db", "tep"  # names inside an archive
CHUNK_BYTES = 1024 * 1024
A_DAY = timedelta(days=1)
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
    database = sqlite(url)
    if not database.exists():
        raise StorageError(f"chưa có cơ sở dữ liệu {database}, nên chưa có gì để sao lưu")
    if archive.exists():
        raise StorageError(f"{archive} đã có; đặt tên khác, bản cũ không bị ghi đè")
    with trouble_told(archive), TemporaryDirectory(prefix=".sao-luu-", dir=archive.parent) as workshop:
        copy, packed = Path(workshop, DATABASE), Path(workshop, "goi")
        _copy_database(database, copy)
        check_sqlite(copy)
        manifest = _pack(packed, copy, files, now=now)
        copy.unlink()
        unpack(packed, Path(workshop), with_files=False)
        packed.chmod(0o600)
        if archive.exists():
            raise StorageError(f"{archive} vừa có người tạo; đặt tên khác")
        packed.rename(archive)
    return manifest


def sqlite(url: str) -> Path:
    """Return the file of a SQLite address; raise StorageError, which says what to do, for PostgreSQL."""
    path = sqlite_file(url)
    if path is None:
        raise StorageError(POSTGRESQL)
    return path


@contextlib.contextmanager
def trouble_told(archive: Path) -> Iterator[None]:
    """Turn what the disk refuses into a StorageError that names the place."""
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
    with trouble_told(archive), TemporaryDirectory(prefix="motcua-") as folder:
        return unpack(archive, Path(folder), with_files=False)


def unpack(archive: Path, folder: Path, *, with_files: bool) -> Manifest:
    """Put an archive's database, perhaps its files, into a folder; StorageError when it is not as its manifest says."""
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
            digest = _copy(source, sink)
            sink.flush()
            os.fsync(sink.fileno())
        return digest


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
        return now.timestamp() - newest >= A_DAY.total_seconds()

    def add(self, now: datetime) -> Path:
        """Make today's backup, then delete the oldest beyond those to keep; return the new one."""
        archive = self.folder / f"motcua-{now:%Y-%m-%d-%H%M}.zip"
        with trouble_told(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            for folder in self.folder.glob(".sao-luu-*"):
                if now.timestamp() - folder.stat().st_mtime > A_DAY.total_seconds():  # left behind by a power cut
                    shutil.rmtree(folder, ignore_errors=True)
            create(self.url, archive, files=self.files, now=now)
            for old in self.archives()[: -self.keep]:
                old.unlink()
        return archive
