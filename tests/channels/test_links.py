"""The addresses of our files: good for a while, and not to be guessed, changed or, where once is enough, used again."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.applications import Starlette

from bot.channels.links import FOR_PEOPLE, FOR_PLATFORM, Links
from bot.files import Files, StoredFile
from bot.settings import Config
from bot.storage.database import Database
from bot.storage.zalo_tables import used_links as table
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
def links(files: Files, database: Database, clock: Clock) -> Links:
    return Links("/tep", "khoa", files, database, now=clock)


@pytest.fixture
async def other(
    request: pytest.FixtureRequest, files: Files, database: Database, settings: Config, clock: Clock
) -> AsyncIterator[Links]:
    """The same addresses in another process: with a connection of its own to the same database."""
    is_sqlite = request.node.callspec.params["database"] == "sqlite"
    own = Database.open(settings.database.url if is_sqlite else request.getfixturevalue("postgres"))
    yield Links("/tep", "khoa", files, own, now=clock)
    await own.close()


def reaching(links: Links) -> httpx.AsyncClient:
    """Return a client that reaches the web page of one process."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=links.routes)), base_url="http://xa")


@pytest.fixture
async def outside(links: Links) -> AsyncIterator[httpx.AsyncClient]:
    async with reaching(links) as client:
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


async def test_of_many_who_fetch_at_once_from_two_processes_one_is_served(
    links: Links, other: Links, photo: StoredFile
) -> None:
    async with reaching(links) as here, reaching(other) as there:
        for path in (links.once(photo), other.once(photo)):
            fetched = await asyncio.gather(*(client.get(path) for client in (here, there) for _ in range(4)))
            assert sorted(one.status_code for one in fetched) == [200, *[404] * 7]
            assert [(await client.get(path)).status_code for client in (here, there)] == [404, 404]


async def test_what_is_used_up_is_remembered_until_it_ends(
    links: Links, outside: httpx.AsyncClient, photo: StoredFile, clock: Clock, database: Database
) -> None:
    old, new = links.once(photo), links.once(photo)
    assert (await outside.get(old)).status_code == 200
    clock.passes(FOR_PLATFORM - SECOND)
    assert ((await outside.get(old)).status_code, (await outside.get(new)).status_code) == (404, 200)
    clock.passes(2 * SECOND)
    assert (await outside.get(links.once(photo))).status_code == 200
    async with database.transaction() as transaction:
        left = await transaction.execute(select(table.c.until).order_by(table.c.until))
        assert [until - clock.now for (until,) in left] == [FOR_PLATFORM - 2 * SECOND, FOR_PLATFORM]


async def test_it_is_not_given_away_while_that_it_is_unused_cannot_be_known(files: Files, photo: StoredFile) -> None:
    away = Database.open("postgresql+psycopg://an@127.0.0.1:9/motcua")
    links = Links("/tep", "khoa", files, away, now=Clock())
    async with reaching(links) as client:
        assert (await client.get(links.once(photo))).status_code == 503
        assert (await client.get(links.for_people(photo))).status_code == 200
    await away.close()


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
    files = Files(Path("/khong-co"), photo_mb=1, video_mb=1, document_mb=1)
    links = Links("/tep", "khoa", files, Database.open("sqlite:////khong-co"), now=Clock())
    _, _, token, name = links.for_people(StoredFile("ab" * 32, "don.pdf", "application/pdf", 1)).split("/")
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    assert links._read(token, name)
    raw[place % len(raw)] ^= change
    assert links._read(base64.urlsafe_b64encode(raw).decode().rstrip("="), name) is None
    assert links._read(token, "don.html") is None


async def test_what_is_no_address_of_ours_is_not_there(
    links: Links, outside: httpx.AsyncClient, photo: StoredFile, files: Files, database: Database, clock: Clock
) -> None:
    others = Links("/tep", "khoa khac", files, database, now=clock).for_people(photo)
    token = links.for_people(photo).split("/")[2]
    wrong = ["x", photo.digest, "%00", "ăâ", "=" * 90, "A" * 90, f"{token}%0a", f"{token}A"]
    for path in (others, *(f"/tep/{one}/so-muc-ke.jpg" for one in wrong), f"/tep/{token}/..%2f..%2fetc%2fpasswd"):
        assert (await outside.get(path)).status_code == 404, path
    await files.delete(photo.digest)
    assert (await outside.get(links.for_people(photo))).status_code == 404
