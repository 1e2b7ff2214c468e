"""Pictures, drawn anew: upright, not larger than needed, and with nothing in them but what is seen.

What a phone writes beside the picture (place, time, owner: EXIF, XMP, comments) and whatever hides behind it does not
outlive the drawing.
"""

import io
import struct
import zlib
from collections.abc import Callable
from typing import BinaryIO

from PIL import Image, ImageOps
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif.as_plugin import HeifImageFile

from bot.files import model
from bot.files.model import FileRefused, Kind

LONGEST_SIDE = 2_560  # pixels; small print on a photographed page stays readable
THUMBNAIL_SIDE = 480
QUALITY = 85
MOST_PIXELS_PHOTO = 65_000_000  # of JPEG and HEIC: a phone's 64-megapixel mode
MOST_PIXELS = 36_000_000  # of the others, which take more memory: a page scanned at 600 dots an inch
MOST_SCANS = 100  # of a progressive JPEG; each costs as much as a whole picture, a real one has about ten

# The classes themselves: Image.open would guess the format again, and warn of more than 89 million pixels.
_OPENERS: dict[Kind, Callable[[BinaryIO], ImageFile]] = {
    model.JPEG: JpegImageFile,
    model.PNG: PngImageFile,
    model.GIF: GifImageFile,
    model.WEBP: WebPImageFile,
    model.HEIC: HeifImageFile,
}
_BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, LookupError, ArithmeticError, TypeError, RuntimeError, MemoryError),
    *(struct.error, zlib.error, Image.DecompressionBombError),
)


def clean(source: BinaryIO, kind: Kind) -> tuple[bytes, Kind]:
    """Return a picture drawn anew: JPEG, or PNG when it is see-through; raise FileRefused when it cannot be."""
    image = _drawn(source, kind, LONGEST_SIDE)
    return _saved(image, model.PNG if image.mode == "RGBA" else model.JPEG)


def smaller(source: BinaryIO, kind: Kind, *, most: int) -> bytes:
    """Return a picture as a JPEG of at most `most` bytes, as large as it can be; see-through is white."""
    side = LONGEST_SIDE
    while True:
        content = _on_white(_drawn(source, kind, side))
        if len(content) <= most or side <= THUMBNAIL_SIDE:
            return content
        side = max(THUMBNAIL_SIDE, side * 3 // 4)


def thumbnail(source: BinaryIO, kind: Kind) -> bytes:
    """Return a small JPEG of a picture, what is see-through in it white."""
    return _on_white(_drawn(source, kind, THUMBNAIL_SIDE))


def _on_white(image: Image.Image) -> bytes:
    if image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image).convert("RGB")
    return _saved(image, model.JPEG)[0]


def _drawn(source: BinaryIO, kind: Kind, side: int) -> Image.Image:
    """Return the first frame of a picture upright, in RGB or RGBA, its longest side at most `side` pixels."""
    source.seek(0)
    if kind is model.JPEG and source.read().count(b"\xff\xda") > MOST_SCANS:
        raise FileRefused("files.bomb")
    source.seek(0)
    try:
        image: Image.Image = _OPENERS[kind](source)
        if image.width * image.height > (MOST_PIXELS_PHOTO if kind in (model.JPEG, model.HEIC) else MOST_PIXELS):
            raise FileRefused("files.too_many_pixels")
        if kind is model.JPEG:
            image.draft("RGB", (side, side))  # read at a half, a quarter or an eighth of its size
        image.load()
        image = _in_colour(image)
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        return _upright(image)
    except _BROKEN as error:
        raise FileRefused("files.damaged") from error


def _in_colour(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey, which a plain conversion would cut off at 255
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image if image.mode == "RGBA" else image.convert("RGBA")
        if image.getchannel("A").getextrema() != (255, 255):
            return image
    return image if image.mode == "RGB" else image.convert("RGB")


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except _BROKEN:  # what the phone wrote beside the picture cannot be read; the picture can
        return image


def _saved(image: Image.Image, kind: Kind) -> tuple[bytes, Kind]:
    image.info = {}  # Pillow would write comments and colour profiles found here
    out = io.BytesIO()
    if kind is model.PNG:
        image.save(out, "PNG")
    else:
        image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), kind
