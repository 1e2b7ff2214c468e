"""What anybody may read of events: the list, a page for each, its calendar file. Nothing here tells who comes."""

from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.web.frame import Frame
from bot.events import calendar_file, taking_part, words
from bot.storage import events
from bot.storage.events import Event
from handlers import actions
from handlers.services import Services

HOME = "/su-kien"
MOST_LISTED = 50


class EventPages:
    """The requests for events."""

    def __init__(self, services: Services, frame: Frame) -> None:
        self._services, self._frame = services, frame

    @property
    def routes(self) -> list[Route]:
        return [
            Route(HOME, self.coming),
            Route(f"{HOME}/{{event}}.ics", self.calendar),
            Route(f"{HOME}/{{event}}", self.one),
        ]

    async def coming(self, request: Request) -> Response:
        """The events to come, the next one first."""
        async with self._services.database.transaction() as transaction:
            found = await events.coming(transaction, now=self._services.now(), limit=MOST_LISTED)
        return self._frame.show("events.html", request, list=found, when=words.when)

    async def one(self, request: Request) -> Response:
        """One event."""
        event = await self._event(request)
        now = self._services.now()
        return self._frame.show(
            "event.html",
            request,
            event=event,
            when=words.when(event),
            until=words.moment(event.sign_up_until),
            seats=words.seats(event, self._services.texts),
            is_open=taking_part.is_open(event, now),
            is_over=event.ends_at <= now,
        )

    async def calendar(self, request: Request) -> Response:
        """One event for a phone's calendar."""
        event = await self._event(request)
        base = (self._services.config.web.public_url or str(request.base_url)).rstrip("/")
        host = urlsplit(base).hostname or "motcua"
        content = calendar_file.of(event, host=host, address=f"{base}{HOME}/{event.id}")
        headers = {
            "content-disposition": f'attachment; filename="su-kien-{event.id}.ics"',
            "cache-control": "no-store",
        }
        return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)

    async def _event(self, request: Request) -> Event:
        number = actions.number(request.path_params["event"])
        async with self._services.database.transaction() as transaction:
            event = await events.get(transaction, number) if number > 0 else None
        if event is None:
            raise HTTPException(404)
        return event
