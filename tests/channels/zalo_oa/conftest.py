"""Fixtures of the Official Account: our own Zalo, the account at work, people who write to it, files to send."""

from collections.abc import AsyncIterator

import pytest

from bot.messages import Enclosure
from handlers.services import Services
from tests import samples
from tests.channels.shared import FlyingTime
from tests.channels.zalo import NOW_MS, OaDesk, oa_at_work, with_oa
from tests.doubles_zalo import FakeOa, Follower


@pytest.fixture
async def zalo() -> AsyncIterator[FakeOa]:
    async with FakeOa(now_ms=NOW_MS) as server:
        yield server


@pytest.fixture
async def desk(services: Services, zalo: FakeOa, time: FlyingTime) -> AsyncIterator[OaDesk]:
    async with oa_at_work(with_oa(services, zalo.url), zalo) as working:
        yield working


@pytest.fixture
def lan(zalo: FakeOa) -> Follower:
    return zalo.person()


@pytest.fixture
def minh(zalo: FakeOa) -> Follower:
    return zalo.person()


@pytest.fixture
async def enclosures(services: Services) -> tuple[Enclosure, Enclosure]:
    """A picture and a document."""
    photo = await services.files.keep(samples.jpeg(), name="../Bản đồ.svg")
    form = await services.files.keep(samples.pdf(), name="mau.pdf")
    return Enclosure(photo, "Bản đồ thôn"), Enclosure(form)
