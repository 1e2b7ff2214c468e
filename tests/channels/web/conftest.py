"""Two visitors of the web page."""

from collections.abc import AsyncIterator

import httpx
import pytest

from handlers.services import Services
from tests.channels.web.visiting import visitor


@pytest.fixture
async def lan(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(services) as browser:
        yield browser


@pytest.fixture
async def minh(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(services) as browser:
        yield browser
