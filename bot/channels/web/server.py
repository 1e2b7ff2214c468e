"""Serving the web application inside the program's own event loop."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Sequence

import uvicorn
from starlette.routing import BaseRoute

from bot.channels.web.app import create_app
from bot.channels.web.outbound import WebChannel
from bot.config import ConfigError
from bot.settings import Web
from handlers.services import Services

log = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the program decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        yield


async def serve(
    services: Services, listener: socket.socket, *, channel: WebChannel, routes: Sequence[BaseRoute]
) -> None:
    """Serve until cancelled; then finish what is under way."""
    app = create_app(services, channel=channel, routes=routes)
    settings = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        forwarded_allow_ips="127.0.0.1",
    )
    server = Server(settings)
    log.info("mở trang hỏi đáp: %s", address(listener))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        channel.close()
        await serving
        raise


def address(listener: socket.socket) -> str:
    """Return the address at which a listener is reached from this machine."""
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


def listen(web: Web) -> socket.socket:
    """Return a socket that listens where the settings say; raise ConfigError when it cannot."""
    try:
        listener = socket.create_server((web.host, web.port), backlog=2048)
    except OSError as error:
        raise ConfigError(
            f"web.port = {web.port}: không mở được ({error.strerror}); "
            "đóng chương trình đang dùng cổng này hoặc đổi số cổng"
        ) from error
    # Inherited by its connections. asyncio does it only for sockets opened with IPPROTO_TCP; without, an answer in two
    # writes waits 40 ms for the browser's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
