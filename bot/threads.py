"""Work that blocks, beside the event loop."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

T = TypeVar("T")


async def beside(work: Callable[[], T]) -> T:
    """Return what `work` returns, done in a thread that an exit of the program does not wait for.

    asyncio.to_thread would hold up the exit until the work is done. Cancelled, this returns at once; the work goes on
    until the program ends, so it must leave nothing half done that matters.
    """
    done: Future[T] = Future()
    threading.Thread(target=_work, args=(work, done), daemon=True).start()
    return await asyncio.wrap_future(done)


def _work(work: Callable[[], T], done: Future[T]) -> None:
    settle: Callable[[], None]
    try:
        settle = partial(done.set_result, work())
    except Exception as error:  # noqa: BLE001 (a thread's entry point: raised again where it is awaited)
        settle = partial(done.set_exception, error)
    if done.set_running_or_notify_cancel():
        settle()
