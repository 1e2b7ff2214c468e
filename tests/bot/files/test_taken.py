"""What is taken and what is refused: its content decides, whatever it is called."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from bot.files import FileRefused, Files
from bot.files.keeping import MEGABYTE
from bot.settings import Unit
from bot.texts import Texts
from tests import samples
from tests.samples import OFFICE_TYPES, TAKEN, box, office, zipped


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "tep", photo_mb=2, video_mb=3, document_mb=1)


async def refusal(files: Files, data: bytes, name: str = "anh.jpg") -> str:
    """Return why a file is refused; nothing of it may be left on the disk."""
    with pytest.raises(FileRefused) as refused:
        await files.keep(data, name=name)
    folder = files._folder
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    return refused.value.reason


@pytest.mark.parametrize("kind", TAKEN)
async def test_a_file_is_what_its_content_says(files: Files, kind: str) -> None:
    data, media_type, extension = TAKEN[kind]
    kept = await files.keep(data, name="cong-van.exe")
    assert (kept.media_type, kept.name) == (media_type, f"cong-van.{extension}")
    content = await files.read(kept.digest)
    assert kept.size == len(content)
    assert media_type.startswith("image/") or content == data, "only pictures are changed"


@pytest.mark.parametrize("kind", TAKEN)
async def test_a_path_and_an_open_file_are_kept_like_bytes(files: Files, tmp_path: Path, kind: str) -> None:
    data, _, _ = TAKEN[kind]
    (tmp_path / "goc").write_bytes(data)
    as_bytes = await files.keep(data, name="x")
    assert await files.keep(tmp_path / "goc", name="x") == as_bytes
    assert await files.keep(io.BytesIO(data), name="x") == as_bytes


def pixel_bomb(form: str) -> bytes:
    """A picture of 900 million pixels in a few bytes: its header says so, and reading on would fill the memory."""
    if form == "PNG":

        def chunk(name: bytes, content: bytes) -> bytes:
            return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

        header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
        pixels = zlib.compress(bytes(10_000_000))
        return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    data = bytearray(samples.saved(samples.picture(), form))
    if form == "JPEG":
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", 30_000, 30_000)
    else:  # GIF
        data[6:10] = struct.pack("<HH", 30_000, 30_000)
    return bytes(data)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF"])
async def test_a_pixel_bomb_is_refused_before_it_is_read(
    files: Files, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", never)
    assert await refusal(files, pixel_bomb(form)) == "files.too_many_pixels"


def many_scans() -> bytes:
    """A progressive JPEG whose last scan is repeated: each costs a pass over the whole picture."""
    data = samples.saved(samples.picture(), "JPEG", progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + scan * 200 + data[-2:]


WORD_TYPE = f"{OFFICE_TYPES}.wordprocessingml.document"
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled"
ENOUGH = bytes(400)


def encrypted() -> bytes:
    """A Word file whose entries are marked as encrypted."""
    data = bytearray(samples.word())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(sign, start + 1)) >= 0:
            data[start + at] |= 1
    return bytes(data)


def bad_sum() -> bytes:
    """A Word file with one wrong byte in its text."""
    data = zipped({"[Content_Types].xml": WORD_TYPE.encode() + b".main+xml"}, method=zipfile.ZIP_STORED)
    return data.replace(b"wordprocessingml", b"Wordprocessingml", 1)


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "files.empty"),
    "one byte": (b"\xff", "files.not_taken"),
    "words": ("Kính gửi Ủy ban".encode() * 40, "files.not_taken"),
    "HTML": (b"<!doctype html><script>alert(1)</script>" + ENOUGH, "files.not_taken"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>' + ENOUGH, "files.not_taken"),
    "PHP": (b"<?php system($_GET[0]);" + ENOUGH, "files.not_taken"),
    "a program": (b"MZ\x90\0" + ENOUGH, "files.not_taken"),
    "a Linux program": (b"\x7fELF" + ENOUGH, "files.not_taken"),
    "a script": (b"#!/bin/sh\nrm -rf /\n" + ENOUGH, "files.not_taken"),
    "a Flash film": (b"FWS\x0a" + ENOUGH, "files.not_taken"),
    "TIFF": (samples.saved(samples.picture(), "TIFF"), "files.not_taken"),
    "BMP": (samples.saved(samples.picture(), "BMP"), "files.not_taken"),
    "AVIF": (samples.saved(samples.picture(), "AVIF"), "files.not_taken"),
    "Matroska": (samples.webm().replace(b"webm", b"mkv!"), "files.not_taken"),
    "Theora": (samples.ogg(b"\x80theora"), "files.not_taken"),
    "RIFF of another kind": (b"RIFF\x10\0\0\0AVI " + ENOUGH, "files.not_taken"),
    "one frame of sound, then a page": (samples.mp3()[:417] + b"<script>" + ENOUGH, "files.not_taken"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + ENOUGH, "files.old_office"),
    "a ZIP": (zipped({"a.exe": b"MZ"}), "files.not_taken"),
    "a Java program": (zipped({"META-INF/MANIFEST.MF": b"Main-Class: A"}), "files.not_taken"),
    "macros, said": (office(MACRO_TYPE), "files.macros"),
    "macros, hidden": (office(WORD_TYPE, **{"word/vbaProject.bin": b"x"}), "files.macros"),
    "an office template": (office(f"{OFFICE_TYPES}.wordprocessingml.template"), "files.not_taken"),
    "a locked office file": (encrypted(), "files.not_taken"),
    "LZMA in an office file": (
        zipped({"[Content_Types].xml": WORD_TYPE.encode() + b".main+xml"}, method=zipfile.ZIP_LZMA),
        "files.not_taken",
    ),
    "a zip bomb": (office(WORD_TYPE, **{"word/document.xml": bytes(60 * MEGABYTE)}), "files.bomb"),
    "a thousand small bombs": (office(WORD_TYPE, **{f"{n}": bytes(MEGABYTE) for n in range(250)}), "files.bomb"),
    "too many entries": (office(WORD_TYPE, **{f"{n}": b"" for n in range(6_000)}), "files.bomb"),
    "half an office file": (samples.word()[:-500], "files.damaged"),
    "a wrong byte in an office file": (bad_sum(), "files.damaged"),
    "many scans": (many_scans(), "files.bomb"),
    "half a JPEG": (samples.jpeg()[: len(samples.jpeg()) // 2], "files.damaged"),
    "a JPEG's first bytes": (b"\xff\xd8\xff\xe0", "files.damaged"),
    "half a PNG": (samples.saved(samples.picture(), "PNG")[:60], "files.damaged"),
    "half a WebP": (samples.saved(samples.picture(), "WEBP")[:60], "files.damaged"),
    "half a HEIC": (samples.heic()[:-200], "files.damaged"),
    "half a film": (samples.movie()[:-10], "files.damaged"),
    "a film without its index": (box(b"ftyp", b"isom\0\0\2\0") + box(b"mdat", ENOUGH), "files.damaged"),
    "half a PDF": (samples.pdf()[:-8], "files.damaged"),
    "too large a picture": (samples.jpeg() + bytes(2 * MEGABYTE), "files.photo_too_large"),
    "too large a film": (samples.movie() + bytes(3 * MEGABYTE), "files.video_too_large"),
    "too long a recording": (samples.ogg() + bytes(3 * MEGABYTE), "files.video_too_large"),
    "too large a document": (samples.pdf() + bytes(MEGABYTE), "files.document_too_large"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_refused_is_told_why_and_leaves_nothing(files: Files, what: str) -> None:
    data, reason = REFUSED[what]
    assert await refusal(files, data) == reason
    assert Texts.load(Unit()).say(reason)


POLYGLOTS = {
    "ZIP": zipped({"a.exe": b"MZ an toan"}),
    "HTML": b"<html><script>alert(1)</script>",
    "PHP": b"<?php system($_GET[0]); ?>",
    "PDF": samples.pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("hidden", POLYGLOTS)
async def test_what_hides_behind_a_picture_does_not_survive(files: Files, form: str, hidden: str) -> None:
    mode = "P" if form == "GIF" else "RGB"
    kept = await files.keep(samples.saved(samples.picture(mode=mode), form) + POLYGLOTS[hidden], name="anh.php")
    content = await files.read(kept.digest)
    assert POLYGLOTS[hidden] not in content
    assert not zipfile.is_zipfile(io.BytesIO(content))
    assert b"<" + b"script" not in content


async def test_what_hides_in_the_comments_of_a_picture_does_not_survive(files: Files) -> None:
    script = b"<script>alert(1)</script>"
    gif = samples.saved(samples.picture(mode="P"), "GIF", comment=script)
    jpeg = samples.saved(samples.picture(), "JPEG", comment=script, icc_profile=script)
    for data in (gif, jpeg):
        assert script in data
        assert script not in await files.read((await files.keep(data, name="x")).digest)


async def test_a_pdf_with_a_script_is_kept_as_it_came(files: Files) -> None:
    kept = await files.keep(POLYGLOTS["PDF"], name="don.pdf")
    assert await files.read(kept.digest) == POLYGLOTS["PDF"]


async def test_a_picture_of_sixty_four_megapixels_is_still_taken(files: Files) -> None:
    data = samples.saved(Image.new("RGB", (9_248, 6_936), "white"), "JPEG", quality=1)
    kept = await files.keep(data, name="x")
    with Image.open(files.path(kept.digest)) as image:
        assert max(image.size) == 2_560
