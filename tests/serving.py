"""Platforms on this machine: served over real HTTP, their calls noted, faults on demand."""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from tests.channels.zalo_rules import Refused
from tests.doubles import PATIENCE, Call, Server


class Served:
    """An application on a loopback port, an async context; its address is known before `app` is served."""

    def __init__(self, app: ASGIApp) -> None:
        self._socket = socket.socket(proto=socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self.app = app
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    async def __aenter__(self) -> Self:
        settings = uvicorn.Config(self.app, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
        self._server = Server(settings)
        self._serving = asyncio.create_task(self._server._serve([self._socket]))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.force_exit = True
        self._server.over.set()
        await self._serving


@dataclass
class Fault:
    """What goes wrong, with which calls, how often; without a refusal the calls wait until it is over."""

    call: str
    times: int
    refusal: Refused | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Message:
    """A message as the person sees it."""

    text: str
    choices: list[tuple[str, str]]
    files: tuple[str, ...] = ()  # what came with it, by name


class Platform(Served):
    """What both doubles have: calls noted, faults on demand, somebody who waits for something to happen."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        super().__init__(Starlette(routes=list(routes)))
        self.calls: list[Call] = []
        self.webhook = ""
        self.number = itertools.count(100_000).__next__
        self._faults: list[Fault] = []
        self._changed = asyncio.Event()

    async def __aexit__(self, *_: object) -> None:
        for fault in self._faults:
            fault.over.set()
        self._wake()
        await super().__aexit__()

    def fail(self, call: str, code: int, said: str = "", *, times: int = 1) -> None:
        """Make calls be refused with a code of Zalo's (below 0) or an HTTP status."""
        self._faults.append(Fault(call, times, Refused(code, said)))

    def hold(self, call: str, *, times: int = 1) -> Fault:
        """Make calls wait until the fault is over."""
        self._faults.append(Fault(call, times))
        return self._faults[-1]

    def said(self, call: str) -> list[dict[str, Any]]:
        return [done.given for done in self.calls if done.method == call]

    async def until(self, happened: Callable[[], object], seconds: float = PATIENCE) -> None:
        async with asyncio.timeout(seconds):
            while not happened():
                await self._changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _suffer(self, call: str, given: dict[str, Any]) -> None:
        self.calls.append(Call(call, given))
        self._wake()
        for fault in self._faults:
            if fault.times and fault.call == call:
                fault.times -= 1
                if fault.refusal:
                    raise fault.refusal
                await fault.over.wait()


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an application; yield its address."""
    async with Served(app) as server:
        yield server.url
