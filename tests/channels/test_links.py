"""The addresses of our files: good for a while, and not to be guessed, changed or, where once is enough, used again."""

import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot.channels.links import FOR_PEOPLE, FOR_PLATFORM, Links
from bot.files import Files, StoredFile
from tests import samples
from tests.broadcasting.shared import Clock

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path, photo_mb=1, video_mb=1, document_mb=1)


@pytest.fixture
def links(files: Files, clock: Clock) -> Links:
    return Links("/tep", "khoa", files, now=clock)


@pytest.fixture
async def outside(links: Links) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=links.routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://xa") as client:
        yield client


@pytest.fixture
async def photo(files: Files) -> StoredFile:
    return await files.keep(samples.phone_photo(), name="Sổ mục kê.jpg")


async def test_a_platform_may_ask_first_and_fetches_once(
    links: Links, outside: httpx.AsyncClient, photo: StoredFile, clock: Clock
) -> None:
    path = links.once(photo)
    assert path.endswith("/so-muc-ke.jpg")
    assert (await outside.head(path)).headers["content-length"] == str(photo.size)
    clock.passes(FOR_PLATFORM - SECOND)
    fetched = await outside.get(path)
    assert (fetched.status_code, len(fetched.content)) == (200, photo.size)
    assert fetched.headers["content-type"] == "image/jpeg"
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert [(await outside.get(path)).status_code, (await outside.get(links.once(photo))).status_code] == [404, 200]


async def test_nothing_is_good_for_ever(
    links: Links, outside: httpx.AsyncClient, photo: StoredFile, clock: Clock
) -> None:
    once, often = links.once(photo), links.for_people(photo)
    clock.passes(FOR_PLATFORM + SECOND)
    assert (await outside.get(once)).status_code == 404
    for _ in range(3):
        assert (await outside.get(often)).status_code == 200
    clock.passes(FOR_PEOPLE)
    assert (await outside.get(often)).status_code == 404


async def test_people_save_a_document_and_open_it_nowhere_of_ours(
    links: Links, outside: httpx.AsyncClient, files: Files
) -> None:
    form = await files.keep(samples.word(), name="Tờ khai.docx")
    fetched = await outside.get(links.for_people(form))
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert fetched.headers["content-type"] == form.media_type


@given(st.integers(0, 10**6), st.integers(1, 255))
async def test_an_address_that_is_changed_anywhere_is_none(place: int, change: int) -> None:
    links = Links("/tep", "khoa", Files(Path("/khong-co"), photo_mb=1, video_mb=1, document_mb=1), now=Clock())
    _, _, token, name = links.for_people(StoredFile("ab" * 32, "don.pdf", "application/pdf", 1)).split("/")
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    assert links._read(token, name)
    raw[place % len(raw)] ^= change
    assert links._read(base64.urlsafe_b64encode(raw).decode().rstrip("="), name) is None
    assert links._read(token, "don.html") is None


async def test_what_is_no_address_of_ours_is_not_there(
    links: Links, outside: httpx.AsyncClient, photo: StoredFile, files: Files, clock: Clock
) -> None:
    others = Links("/tep", "khoa khac", files, now=clock).for_people(photo)
    token = links.for_people(photo).split("/")[2]
    wrong = ["x", photo.digest, "%00", "ăâ", "=" * 90, "A" * 90, f"{token}%0a", f"{token}A"]
    for path in (others, *(f"/tep/{one}/so-muc-ke.jpg" for one in wrong), f"/tep/{token}/..%2f..%2fetc%2fpasswd"):
        assert (await outside.get(path)).status_code == 404, path
    await files.delete(photo.digest)
    assert (await outside.get(links.for_people(photo))).status_code == 404
