"""Whether a file that is kept as it came is whole, and free of what could run at whoever opens it."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

from bot.files import model
from bot.files.model import FileRefused, Kind

MOST_BOXES = 10_000
MOST_ENTRIES = 5_000
MOST_UNPACKED = 200 * 1024 * 1024  # bytes of all entries of an office file together
MOST_RATIO = 200  # times; a table of equal rows packs to a hundredth
SMALL = 1024 * 1024  # bytes; below it no ratio harms
TYPES = "[Content_Types].xml"
TAIL_BYTES = 2_048

_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, LookupError)
_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": model.DOCX,
    b"spreadsheetml.sheet.main+xml": model.XLSX,
    b"presentationml.presentation.main+xml": model.PPTX,
}


def examine(source: BinaryIO, kind: Kind) -> Kind:
    """Return the exact kind of a file; raise FileRefused when it is damaged, a bomb or carries macros."""
    examiner = _EXAMINERS.get(kind)
    return examiner(source, kind) if examiner else kind


def _movie(source: BinaryIO, kind: Kind) -> Kind:
    """Walk the boxes of the file: all must lie in it, and one must be the index, without which nothing plays."""
    end, at, found = source.seek(0, 2), 0, set()
    for _ in range(MOST_BOXES):
        source.seek(at)
        header = source.read(16)
        if len(header) < 8:
            break
        size, name = struct.unpack(">I4s", header[:8])
        if size == 1 and len(header) == 16:
            size = int.from_bytes(header[8:], "big")
        size = size or end - at  # 0: to the end of the file
        if size < 8:
            break
        found.add(name)
        at += size
    if at > end or b"moov" not in found:
        raise FileRefused("files.damaged")
    return kind


def _pdf(source: BinaryIO, kind: Kind) -> Kind:
    end = source.seek(0, 2)
    source.seek(max(0, end - TAIL_BYTES))
    if b"%%EOF" not in source.read():
        raise FileRefused("files.damaged")
    return kind


def _office(source: BinaryIO, _: Kind) -> Kind:
    source.seek(0)
    if source.read().count(b"PK\x01\x02") > MOST_ENTRIES:  # before zipfile makes an object of each
        raise FileRefused("files.bomb")
    try:
        with zipfile.ZipFile(source) as archive:
            return _open_xml(archive)
    except _BROKEN_ZIP as error:
        raise FileRefused("files.damaged") from error


def _open_xml(archive: zipfile.ZipFile) -> Kind:
    entries = archive.infolist()
    if TYPES not in archive.namelist():
        raise FileRefused("files.not_taken")
    if any(
        entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        for entry in entries
    ):
        raise FileRefused("files.not_taken")  # encrypted, or packed as office programs never do
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED or any(map(_is_bomb, entries)):
        raise FileRefused("files.bomb")
    if archive.testzip() is not None:
        raise FileRefused("files.damaged")
    types = archive.read(TYPES)
    if b"macroEnabled" in types or any("vbaproject" in entry.filename.lower() for entry in entries):
        raise FileRefused("files.macros")
    kind = next((kind for part, kind in _MAIN_PARTS.items() if part in types), None)
    if kind is None:
        raise FileRefused("files.not_taken")
    return kind


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > max(SMALL, entry.compress_size * MOST_RATIO)


_EXAMINERS: dict[Kind, Callable[[BinaryIO, Kind], Kind]] = {
    **dict.fromkeys((model.MP4, model.MOV, model.THREE_GP, model.M4A), _movie),
    model.PDF: _pdf,
    model.OFFICE: _office,
}
