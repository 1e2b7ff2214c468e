"""One lane a person: their messages are answered in order, and nobody waits for somebody else's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Lanes:
    """Locks by person, forgotten when nobody holds them."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, channel: str, address: str) -> AsyncIterator[None]:
        """Hold the lane of one person while the block runs."""
        lock = self._locks.setdefault((channel, address), asyncio.Lock())
        async with lock:
            yield
