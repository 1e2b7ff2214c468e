"""What whoever runs the program asks it: alive, ready, and how much."""

import hmac
import ipaddress
from datetime import datetime
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import metrics
from bot.health import ChannelHealth, Quota
from bot.storage import inspection
from bot.storage.database import StorageError
from bot.watchdog import alarm, hearing
from bot.watchdog.judging import Condition, State
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

        503 when the database takes no writes or has no room. A dead channel is named under `dead` and makes nothing
        unready: the other channels serve on.
        """
        try:
            await inspection.check(self._services.database, self._services.config.database.url)
            states = await self._states()
        except StorageError as error:
            return JSONResponse({"ready": False, "database": str(error), "dead": [], "channels": {}}, 503)
        entries = len(self._services.assistant.library.entries)
        dead = [name for name, state in states.items() if state.is_dead]
        channels = {name: self._channel(state) for name, state in states.items()}
        told = {"ready": True, "database": "ok", "entries": entries, "dead": dead, "channels": channels}
        return JSONResponse(told)

    async def metrics(self, request: Request) -> Response:
        """Everything counted, for Prometheus on this machine or with the token of the settings."""
        if not self._may_count(request):
            return PlainTextResponse("chỉ máy này, hoặc có MOTCUA_WEB__METRICS_TOKEN\n", 403)
        try:
            states = await self._states()
        except StorageError:
            states = {}
        metrics.show_backlogs({name: (s.backlog.waiting, s.backlog.quarantined) for name, s in states.items()})
        on = {name: state for name, state in states.items() if state.condition is not Condition.OFF}
        metrics.show_dead({name: state.is_dead for name, state in on.items()})
        quotas = {name: state.vitals.quota for name, state in on.items() if state.vitals and state.vitals.quota}
        metrics.show_quotas({name: quota.left for name, quota in quotas.items() if quota.left is not None})
        return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    async def _states(self) -> dict[str, State]:
        async with self._services.database.transaction() as transaction:
            return await alarm.states(transaction, self._services.config, now=self._services.now())

    def _channel(self, state: State) -> dict[str, Any]:
        """Return what is told of a channel: what this process went through, else what the one that runs it told."""
        own, vitals = self._services.health.channels.get(state.channel), state.vitals
        here = own or ChannelHealth()
        last_update = here.last_update or (vitals.last_update if vitals else None)
        heard = hearing.of(state, self._services.config, now=self._services.now())
        return {
            "configured": state.condition is not Condition.OFF,
            "running": own is not None,
            "condition": state.condition.name.lower(),
            "why": state.why or None,
            "seen_at": _iso(vitals.seen_at if vitals else None),
            "last_update": _iso(last_update),
            "webhook": heard.webhook.value if heard else None,
            "last_error": here.last_error or None,
            "failed_at": _iso(here.failed_at),
            "backlog": state.backlog.waiting,
            "quarantined": state.backlog.quarantined,
            "pending": vitals.pending if vitals else None,
            "quota": _quota(vitals.quota if vitals else None),
        }

    def _may_count(self, request: Request) -> bool:
        token, given = self._services.config.web.metrics_token, request.headers.get("authorization", "")
        knows = bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
        return knows or is_from_this_machine(request)


def _quota(quota: Quota | None) -> dict[str, Any] | None:
    return {"left": quota.left, "total": quota.total, "asked_at": _iso(quota.at)} if quota else None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


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
