"""Work beside the event loop: its result, its fault, and that nobody waits for it in vain."""

import asyncio
import threading

import pytest

from bot import threads


async def test_what_is_done_beside_is_returned_and_what_fails_is_raised() -> None:
    assert await threads.beside(lambda: threading.current_thread() is not threading.main_thread())
    with pytest.raises(ZeroDivisionError):
        await threads.beside(lambda: 1 / 0)


async def test_the_loop_goes_on_meanwhile_and_a_cancelled_wait_is_over_at_once() -> None:
    release = threading.Event()
    waiting = asyncio.create_task(threads.beside(release.wait))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    release.set()
