"""Keeping files on disk, each under the digest of its content: the same twice is one file, half a one is none."""

import asyncio
import errno
import fcntl
import hashlib
import io
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from bot.files import inside, names, pictures, signatures
from bot.files.model import Family, FileRefused, StoredFile

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
LEAST_FREE = 200 * MEGABYTE  # bytes left to the database, which is often on the same disk
CHUNK = 1024 * 1024
UNFINISHED = "dang-ghi-"
THUMBNAIL = ".nho"

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Files:
    """The files in one folder. One at a time is worked on: that bounds memory and leaves a core to the chat."""

    def __init__(self, folder: Path, *, photo_mb: int, video_mb: int, document_mb: int) -> None:
        self._folder = folder
        self._limits = {
            Family.PICTURE: (photo_mb * MEGABYTE, "files.photo_too_large"),
            Family.VIDEO: (video_mb * MEGABYTE, "files.video_too_large"),
            Family.AUDIO: (video_mb * MEGABYTE, "files.video_too_large"),
            Family.DOCUMENT: (document_mb * MEGABYTE, "files.document_too_large"),
        }
        self._turn = asyncio.Lock()

    async def prepare(self) -> None:
        """Remove what a crash left half written; log an error when nothing can be kept in the folder."""
        await asyncio.to_thread(self._prepare)

    async def keep(self, data: bytes | Path | BinaryIO, *, name: str) -> StoredFile:
        """Keep a file, pictures drawn anew; raise FileRefused with the reason when it is not kept."""
        async with self._turn:
            return await asyncio.to_thread(self._keep, data, name)

    def path(self, digest: str) -> Path:
        """Return where a file lies; raise FileNotFoundError when none of this digest is kept."""
        place = self._place(digest)
        if not place.is_file():
            raise FileNotFoundError(digest)
        return place

    async def read(self, digest: str) -> bytes:
        """Return a file's content; raise FileNotFoundError when none of this digest is kept."""
        return await asyncio.to_thread(lambda: self.path(digest).read_bytes())

    async def thumbnail(self, digest: str) -> bytes:
        """Return a picture as a JPEG of at most 480 pixels, made once; FileNotFoundError when it is no picture."""
        small = self.path(digest).with_suffix(THUMBNAIL)
        if small.exists():
            return await asyncio.to_thread(small.read_bytes)
        async with self._turn:
            return await asyncio.to_thread(self._shrink, digest, small)

    async def smaller(self, digest: str, *, most: int) -> bytes:
        """Return a picture in `most` bytes, drawn smaller when it must be; FileNotFoundError when it is none."""
        content = await self.read(digest)
        if len(content) <= most:
            return content
        async with self._turn:
            return await asyncio.to_thread(self._drawn_within, content, digest, most)

    async def delete(self, digest: str) -> None:
        """Remove a file and its thumbnail; nothing happens when it is gone already."""
        await asyncio.to_thread(self._delete, digest)

    async def sweep(self, keep: Collection[str], *, older_than: datetime) -> int:
        """Remove the files whose digest is not in `keep` and that were last kept before a moment; return how many.

        The moment spares what was kept a short while ago and is not yet named anywhere.
        """
        return await asyncio.to_thread(self._sweep, frozenset(keep), older_than.timestamp())

    def _prepare(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for path in self._folder.glob(f"{UNFINISHED}*"):
                _remove_abandoned(path)
            with self._unfinished():
                pass
        except OSError as error:
            self._complain(error)

    def _keep(self, data: bytes | Path | BinaryIO, name: str) -> StoredFile:
        with _opened(data) as source:
            size = source.seek(0, os.SEEK_END)
            source.seek(0)
            if not size:
                raise FileRefused("files.empty")
            kind = signatures.recognise(source.read(signatures.HEAD_BYTES))
            limit, too_large = self._limits[kind.family]
            if size > limit:
                raise FileRefused(too_large)
            if kind.family is Family.PICTURE:
                content, kind = pictures.clean(source, kind)
                digest, size = self._write(io.BytesIO(content))
            else:
                kind = inside.examine(source, kind)
                digest, size = self._write(source)
        return StoredFile(digest, names.safe(name, kind), kind.media_type, size)

    def _write(self, source: BinaryIO) -> tuple[str, int]:
        """Write a file to its place; raise FileRefused when the disk does not take it."""
        source.seek(0)
        digest, size = hashlib.sha256(), 0
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if shutil.disk_usage(self._folder).free < LEAST_FREE:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            with self._unfinished() as file:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    size += file.write(chunk)
                _finish(file, self._place(digest.hexdigest()))
        except OSError as error:
            self._complain(error)
            raise FileRefused("files.disk_full") from error
        return digest.hexdigest(), size

    def _shrink(self, digest: str, small: Path) -> bytes:
        with self.path(digest).open("rb") as source:
            try:
                kind = signatures.recognise(source.read(signatures.HEAD_BYTES))
                if kind.family is not Family.PICTURE:
                    raise FileNotFoundError(digest)
                content = pictures.thumbnail(source, kind)
            except FileRefused as error:
                raise FileNotFoundError(digest) from error
        try:
            with self._unfinished() as file:
                file.write(content)
                _finish(file, small)
        except OSError as error:  # not kept, so made again the next time
            self._complain(error)
        return content

    def _drawn_within(self, content: bytes, digest: str, most: int) -> bytes:
        try:
            kind = signatures.recognise(content[: signatures.HEAD_BYTES])
            if kind.family is not Family.PICTURE:
                raise FileNotFoundError(digest)
            return pictures.smaller(io.BytesIO(content), kind, most=most)
        except FileRefused as error:
            raise FileNotFoundError(digest) from error

    def _delete(self, digest: str) -> None:
        place = self._place(digest)
        place.with_suffix(THUMBNAIL).unlink(missing_ok=True)
        place.unlink(missing_ok=True)

    def _sweep(self, keep: frozenset[str], moment: float) -> int:
        kept = [path for path in self._folder.glob("??/*") if _DIGEST.fullmatch(path.name)]
        old = [path for path in kept if path.name not in keep and path.stat().st_mtime < moment]
        for path in old:
            self._delete(path.name)
        return len(old)

    def _place(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise FileNotFoundError(digest)
        return self._folder / digest[:2] / digest

    @contextmanager
    def _unfinished(self) -> Iterator[IO[bytes]]:
        """A new file that is locked while it is written and vanishes unless it is finished."""
        with tempfile.NamedTemporaryFile(prefix=UNFINISHED, dir=self._folder, delete=False) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield file
            finally:
                Path(file.name).unlink(missing_ok=True)

    def _complain(self, error: OSError) -> None:
        log.error(
            "không lưu được tệp vào %s (%s); tệp đã nhận trước còn nguyên, tệp mới bị từ chối. "
            "Giải phóng ổ đĩa (cần trống ít nhất %d MB) hoặc sửa files.folder, quyền ghi",
            self._folder,
            error.strerror,
            LEAST_FREE // MEGABYTE,
        )


@contextmanager
def _opened(data: bytes | Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(data, Path):
        with data.open("rb") as source:
            yield source
    else:
        yield io.BytesIO(data) if isinstance(data, bytes) else data


def _finish(file: IO[bytes], place: Path) -> None:
    """Give a written file its final name, first the content safe on disk, then the name."""
    file.flush()
    os.fsync(file.fileno())
    place.parent.mkdir(exist_ok=True, mode=0o700)
    Path(file.name).replace(place)
    for folder in (place.parent, place.parent.parent):
        _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_abandoned(path: Path) -> None:
    """Remove an unfinished file unless somebody, perhaps another process, holds it and is still writing."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        path.unlink(missing_ok=True)
