"""What is kept about the visitor of this browser, and all of it as a file. The cookie alone says who that is."""

import json

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.web import rendering, visitors
from bot.channels.web.frame import Frame
from bot.channels.web.outbound import WebChannel
from bot.guard import Pace, is_same_site
from bot.privacy import exporting, requests
from bot.privacy.requests import Kind
from handlers import privacy
from handlers.services import Services

HOME = "/du-lieu"
DOWNLOAD = f"{HOME}/tai-ve"


class OwnData:
    """The requests of visitors for their own data."""

    def __init__(self, services: Services, channel: WebChannel, frame: Frame) -> None:
        self._services, self._channel, self._frame = services, channel, frame
        self._pace = Pace(burst=10, per_second=0.05)

    @property
    def routes(self) -> list[Route]:
        return [Route(HOME, self.page), Route(DOWNLOAD, self.download, methods=["POST"])]

    async def page(self, request: Request) -> Response:
        """What is kept, in a few lines, and the ways on."""
        person = await self._person(request)
        if person is None:
            return self._frame.show("own_data.html", request, held="")
        async with self._services.database.transaction() as transaction:
            lines = await privacy.held(self._services.during(transaction, person))
        return self._frame.show("own_data.html", request, held=rendering.html("\n".join(lines)))

    async def download(self, request: Request) -> Response:
        """All of it as JSON; 404 for a stranger, 403 for another site's page."""
        if not is_same_site(request):
            raise HTTPException(403)
        person = await self._person(request)
        if person is None:
            raise HTTPException(404)
        if not self._pace.allows(visitors.network(request)):
            return self._frame.too_fast(request)
        services, now = self._services, self._services.now()
        due = services.desk.due(requests.matter(Kind.SEE), now).at
        outcome = services.texts.say("data.outcome_downloaded")
        async with services.database.transaction() as transaction:
            await requests.done_at_once(transaction, person, Kind.SEE, outcome, now=now, due=due)
            parts = await exporting.everything(transaction, person, services.texts)
        headers = {"content-disposition": 'attachment; filename="du-lieu-cua-toi.json"', "cache-control": "no-store"}
        content = json.dumps(parts, ensure_ascii=False, indent=2)
        return Response(content, headers=headers, media_type="application/json")

    async def _person(self, request: Request) -> int | None:
        token = visitors.token_of(request)
        return await self._channel.knows(visitors.address(token)) if token else None
