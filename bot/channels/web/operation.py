"""What whoever runs the program asks it: alive, ready, and how much."""

import hmac
import ipaddress
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import health, metrics
from bot.storage import inbox, inspection
from bot.storage.database import StorageError
from handlers.services import Services

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")  # a proxy speaks for somebody else


class Operation:
    """The paths for health checks and Prometheus."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/healthz", self.alive),
            Route("/readyz", self.ready),
            Route("/metrics", self.metrics),
        ]

    async def alive(self, request: Request) -> Response:  # noqa: ARG002
        """Tell that the program runs, whatever else is the matter."""
        return JSONResponse({"alive": True})

    async def ready(self, request: Request) -> Response:  # noqa: ARG002
        """Tell whether the program can serve, and how each channel is doing.

        503 when the database takes no writes or has no room. A platform that is away makes nothing unready: the other
        channels serve on.
        """
        try:
            await inspection.check(self._services.database, self._services.config.database.url)
            backlogs = await self._backlogs()
        except StorageError as error:
            return JSONResponse({"ready": False, "database": str(error), "channels": self._channels({})}, 503)
        entries = len(self._services.assistant.library.entries)
        return JSONResponse({"ready": True, "database": "ok", "entries": entries, "channels": self._channels(backlogs)})

    async def metrics(self, request: Request) -> Response:
        """Everything counted, for Prometheus on this machine or with the token of the settings."""
        if not self._may_count(request):
            return PlainTextResponse("chỉ máy này, hoặc có MOTCUA_WEB__METRICS_TOKEN\n", 403)
        try:
            metrics.show_backlogs({c: (b.waiting, b.quarantined) for c, b in (await self._backlogs()).items()})
        except StorageError:
            metrics.show_backlogs({})
        return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    async def _backlogs(self) -> dict[str, inbox.Backlog]:
        async with self._services.database.transaction() as transaction:
            kept = await inbox.backlogs(transaction)
        return {name: kept.get(name, inbox.Backlog()) for name in health.configured(self._services.config)}

    def _channels(self, backlogs: dict[str, inbox.Backlog]) -> dict[str, dict[str, Any]]:
        switched = health.configured(self._services.config)
        return {name: self._channel(name, is_on, backlogs.get(name)) for name, is_on in switched.items()}

    def _channel(self, name: str, is_configured: bool, backlog: inbox.Backlog | None) -> dict[str, Any]:
        state = self._services.health.channels.get(name)
        found = state or health.ChannelHealth()
        return {
            "configured": is_configured,
            "running": state is not None,
            "last_update": found.last_update.isoformat(timespec="seconds") if found.last_update else None,
            "last_error": found.last_error or None,
            "failed_at": found.failed_at.isoformat(timespec="seconds") if found.failed_at else None,
            "backlog": backlog.waiting if backlog else None,
            "quarantined": backlog.quarantined if backlog else None,
        }

    def _may_count(self, request: Request) -> bool:
        token, given = self._services.config.web.metrics_token, request.headers.get("authorization", "")
        knows = bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
        return knows or is_from_this_machine(request)


def is_from_this_machine(request: Request) -> bool:
    """Tell whether a program on this machine asks for itself; a proxy here asks for others, under another host name."""
    client = request.client.host if request.client else ""
    is_forwarded = any(name in request.headers for name in FORWARDED)
    return is_loopback(client) and is_loopback(request.url.hostname or "") and not is_forwarded


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
