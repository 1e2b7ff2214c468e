"""Files as phones and office programs make them, small: each the shortest that a strict reader takes."""

import io
import struct
import wave
import zipfile
from functools import cache

import docx
import openpyxl
from PIL import ExifTags, Image
from pillow_heif import from_pillow

PLACE_TAKEN = ("20 deg 40'", "thon An Xa")  # never to be found in what is kept
OFFICE_TYPES = "application/vnd.openxmlformats-officedocument"


def picture(size: tuple[int, int] = (64, 48), *, mode: str = "RGB") -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue (half see-through where it can be)."""
    drawn = Image.new("RGBA", size, (0, 0, 200, 128 if mode == "RGBA" else 255))
    drawn.paste((200, 0, 0, 255), (0, 0, size[0] // 2, size[1]))
    return drawn.convert(mode)


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def noise(size: tuple[int, int]) -> bytes:
    """A JPEG that hardly packs: a photo of a printed page is near to it."""
    return saved(Image.effect_noise(size, 90).convert("RGB"), "JPEG", quality=95)


@cache
def jpeg() -> bytes:
    return saved(picture(), "JPEG")


@cache
def see_through() -> bytes:
    """A PNG that stays one: half of it is see-through."""
    return saved(picture(mode="RGBA"), "PNG")


@cache
def heic(orientation: int = 1) -> bytes:
    """A HEIC, turned as its own boxes say."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    from_pillow(picture()).save(out, exif=exif.tobytes())
    return out.getvalue()


def phone_photo(orientation: int = 1) -> bytes:
    """A JPEG with all that a phone writes beside the picture: place, owner, comment, XMP, a thumbnail."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = PLACE_TAKEN[1]
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (20.0, 40.0, 12.0), 3: "E", 4: (106.0, 3.0, 0.0)})
    exif.get_ifd(ExifTags.IFD.GPSInfo)[29] = PLACE_TAKEN[0]
    comment = PLACE_TAKEN[1].encode()
    return saved(picture(), "JPEG", exif=exif, comment=comment, xmp=b"<x:xmpmeta>" + comment + b"</x:xmpmeta>")


def box(name: bytes, content: bytes = b"") -> bytes:
    """One box of an ISO base media file."""
    return struct.pack(">I4s", 8 + len(content), name) + content


def movie(brand: bytes = b"isom") -> bytes:
    """A film of no frames."""
    return box(b"ftyp", brand + b"\0\0\2\0" + brand) + box(b"moov", box(b"mvhd", bytes(100))) + box(b"mdat", bytes(32))


def ogg(codec: bytes = b"OpusHead") -> bytes:
    packet = codec + b"\1\1\x38\1\x80\xbb\0\0\0\0\0"
    return b"OggS\0\2" + bytes(20) + b"\1" + bytes([len(packet)]) + packet


def mp3() -> bytes:
    """Four silent frames of MPEG-1 layer III: 128 kbit/s, 44,100 Hz, 417 bytes each."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * 4


def aac() -> bytes:
    """Three ADTS frames of 32 bytes."""
    return (b"\xff\xf1\x50\x80\x04\x1f\xfc" + bytes(25)) * 3


@cache
def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8_000, 0, "NONE", ""))
        sound.writeframes(bytes(160))
    return out.getvalue()


def webm() -> bytes:
    return b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(64)


def pdf(inside: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<<" + inside + b">>\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


@cache
def word() -> bytes:
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Đơn đề nghị")
    document.save(out)
    return out.getvalue()


@cache
def excel() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def zipped(entries: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def office(main_type: str, **entries: bytes) -> bytes:
    """An office file as far as it says what it is."""
    types = f'<Types><Override ContentType="{main_type}.main+xml"/></Types>'.encode()
    return zipped({"[Content_Types].xml": types, **entries})


def powerpoint() -> bytes:
    return office(f"{OFFICE_TYPES}.presentationml.presentation")


TAKEN: dict[str, tuple[bytes, str, str]] = {
    # what it is: the bytes, the media type and the extension under which it is kept
    "JPEG": (jpeg(), "image/jpeg", "jpg"),
    "PNG": (saved(picture(), "PNG"), "image/jpeg", "jpg"),
    "PNG, see-through": (saved(picture(mode="RGBA"), "PNG"), "image/png", "png"),
    "GIF": (saved(picture(mode="P"), "GIF"), "image/jpeg", "jpg"),
    "WebP": (saved(picture(), "WEBP"), "image/jpeg", "jpg"),
    "HEIC": (heic(), "image/jpeg", "jpg"),
    "HEIC of another brand": (heic().replace(b"ftypheic", b"ftypmif1", 1), "image/jpeg", "jpg"),
    "MP4": (movie(), "video/mp4", "mp4"),
    "MOV": (movie(b"qt  "), "video/quicktime", "mov"),
    "3GP": (movie(b"3gp4"), "video/3gpp", "3gp"),
    "WebM": (webm(), "video/webm", "webm"),
    "OGG Opus": (ogg(), "audio/ogg", "ogg"),
    "MP3": (mp3(), "audio/mpeg", "mp3"),
    "MP3 with a tag": (b"ID3\4\0\0\0\0\0\x0a" + bytes(10) + mp3(), "audio/mpeg", "mp3"),
    "M4A": (movie(b"M4A "), "audio/mp4", "m4a"),
    "AAC": (aac(), "audio/aac", "aac"),
    "WAV": (wav(), "audio/wav", "wav"),
    "AMR": (b"#!AMR\n" + bytes(64), "audio/amr", "amr"),
    "PDF": (pdf(), "application/pdf", "pdf"),
    "Word": (word(), f"{OFFICE_TYPES}.wordprocessingml.document", "docx"),
    "Excel": (excel(), f"{OFFICE_TYPES}.spreadsheetml.sheet", "xlsx"),
    "PowerPoint": (powerpoint(), f"{OFFICE_TYPES}.presentationml.presentation", "pptx"),
}
