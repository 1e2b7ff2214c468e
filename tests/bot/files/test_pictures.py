"""Pictures are drawn anew: upright, small enough, and nothing in them but what is seen."""

import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from bot.files import FileRefused, Files, model, pictures
from tests import samples
from tests.samples import PLACE_TAKEN, picture, saved

RED = (200, 0, 0)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "tep", photo_mb=15, video_mb=20, document_mb=20)


async def kept(files: Files, data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(await files.read((await files.keep(data, name="anh")).digest)))


def looks(image: Image.Image, at: tuple[float, float]) -> str:
    """Return which half of the sample stands at a place, given as shares of width and height."""
    red, _, blue = image.convert("RGB").getpixel((int(at[0] * image.width), int(at[1] * image.height)))  # type: ignore[misc]
    return "red" if red > blue else "blue"


async def test_where_and_by_whom_it_was_taken_is_gone(files: Files) -> None:
    data = samples.phone_photo()
    for secret in PLACE_TAKEN:
        assert secret.encode() in data
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(ExifTags.IFD.GPSInfo)
    digest = (await files.keep(data, name="anh")).digest
    content = await files.read(digest) + await files.thumbnail(digest)
    assert [sign for sign in (*PLACE_TAKEN, "Exif", "GPS", "xmp", "ns.adobe") if sign.encode() in content] == []
    shown = Image.open(io.BytesIO(content))
    assert not shown.getexif()
    assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
async def test_other_formats_lose_it_too(files: Files, form: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = PLACE_TAKEN[1]
    data = saved(picture(mode="RGBA"), form, exif=exif, xmp=PLACE_TAKEN[1].encode(), lossless=True)
    assert PLACE_TAKEN[1].encode() in data
    shown = await kept(files, data)
    assert shown.format == "PNG"
    assert not shown.getexif()
    assert shown.info == {}


@pytest.mark.parametrize(
    ("orientation", "red_at", "size"),
    [
        (1, (0.1, 0.5), (64, 48)),
        (2, (0.9, 0.5), (64, 48)),
        (3, (0.9, 0.5), (64, 48)),
        (6, (0.5, 0.1), (48, 64)),
        (8, (0.5, 0.9), (48, 64)),
    ],
)
async def test_a_phone_held_sideways_gives_an_upright_picture(
    files: Files, orientation: int, red_at: tuple[float, float], size: tuple[int, int]
) -> None:
    for photo in (samples.phone_photo(orientation), samples.heic(orientation)):
        shown = await kept(files, photo)
        assert shown.size == size
        assert looks(shown, red_at) == "red"
        assert looks(shown, (1 - red_at[0], 1 - red_at[1])) == "blue"


async def test_a_photo_whose_notes_are_garbled_is_still_a_photo(files: Files) -> None:
    exif = samples.phone_photo(6)
    at = exif.index(b"Exif\0\0") + 6
    garbled = exif[: at + 2] + b"\xff" * 40 + exif[at + 42 :]
    assert (await kept(files, garbled)).size == (64, 48)


@pytest.mark.parametrize(("size", "becomes"), [((4_000, 3_000), (2_560, 1_920)), ((600, 5_120), (300, 2_560))])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_a_large_picture_becomes_smaller(
    files: Files, form: str, size: tuple[int, int], becomes: tuple[int, int]
) -> None:
    shown = await kept(files, saved(picture(size), form))
    assert shown.size == becomes
    assert looks(shown, (0.1, 0.5)) == "red"


async def test_a_small_picture_stays_as_large_as_it_is(files: Files) -> None:
    assert (await kept(files, samples.jpeg())).size == (64, 48)


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (saved(picture(mode="CMYK"), "JPEG"), RED),
        (saved(picture(mode="L"), "JPEG"), (60, 60, 60)),
        (saved(picture(mode="1"), "PNG"), None),
        (saved(picture(mode="P"), "PNG"), RED),
        (saved(picture(mode="LA"), "PNG"), (60, 60, 60)),
        (saved(Image.new("I;16", (64, 48), 25_600), "PNG"), (100, 100, 100)),
        (saved(picture(), "JPEG", progressive=True), RED),
        (samples.heic(), RED),
    ],
    ids=["CMYK", "grey", "black and white", "palette", "grey with alpha", "16 bits", "progressive", "HEIC"],
)
async def test_every_kind_of_colour_is_kept(files: Files, data: bytes, seen: tuple[int, int, int] | None) -> None:
    shown = (await kept(files, data)).convert("RGB").getpixel((8, 24))
    assert isinstance(shown, tuple)
    assert seen is None or all(abs(a - b) < 12 for a, b in zip(shown, seen, strict=True)), shown


async def test_what_is_see_through_stays_so_and_its_thumbnail_is_on_white(files: Files) -> None:
    clear = Image.new("RGBA", (900, 600), (0, 0, 0, 0))
    stored = await files.keep(saved(clear, "PNG"), name="dấu")
    assert stored.media_type == "image/png"
    with Image.open(files.path(stored.digest)) as image:
        assert image.convert("RGBA").getpixel((5, 5)) == (0, 0, 0, 0)
    small = Image.open(io.BytesIO(await files.thumbnail(stored.digest)))
    assert (small.format, small.size, small.getpixel((5, 5))) == ("JPEG", (480, 320), (255, 255, 255))


async def test_of_a_moving_picture_the_first_frame_is_kept(files: Files) -> None:
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue")]
    for form in ("GIF", "PNG", "WEBP"):
        data = saved(frames[0], form, save_all=True, append_images=frames[1:], duration=100)
        shown = await kept(files, data)
        assert looks(shown, (0.5, 0.5)) == "red"
        assert getattr(shown, "n_frames", 1) == 1


WHOLE = [
    (model.JPEG, samples.phone_photo()),
    (model.JPEG, saved(picture(), "JPEG", progressive=True)),
    (model.PNG, saved(picture(mode="P"), "PNG")),
    (model.GIF, saved(picture(mode="P"), "GIF")),
    (model.WEBP, saved(picture(mode="RGBA"), "WEBP")),
    (model.HEIC, samples.heic()),
]
WRONG = st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), min_size=1, max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(WHOLE), WRONG, st.integers(0, 5_000))
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_picture_with_wrong_bytes_is_drawn_or_refused(
    whole: tuple[model.Kind, bytes], wrong: list[tuple[int, int]], cut: int
) -> None:
    kind, data = whole[0], bytearray(whole[1])
    for at, byte in wrong:
        data[at % len(data)] = byte
    with contextlib.suppress(FileRefused):
        content, _ = pictures.clean(io.BytesIO(bytes(data[: len(data) - cut % 40])), kind)
        assert max(Image.open(io.BytesIO(content)).size) <= pictures.LONGEST_SIDE
