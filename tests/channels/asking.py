"""How the tests ask a running program how it is: as its operator does, on this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from bot.channels.web.app import create_app
from handlers.services import Services

HERE = "http://127.0.0.1:8080"


@asynccontextmanager
async def asking(
    services: Services, *, base: str = HERE, client: str = "127.0.0.1"
) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the web page, on this machine unless told otherwise."""
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False, client=(client, 5_000))
    async with httpx.AsyncClient(transport=transport, base_url=base) as browser:
        yield browser


async def ready(services: Services) -> tuple[int, dict[str, Any]]:
    """Return the status of /readyz and what it tells."""
    async with asking(services) as operator:
        response = await operator.get("/readyz")
    return response.status_code, response.json()
