"""Where a poster's QR code leads: what it announces, and the ways to ask about it. A visit is counted, nothing else."""

import re
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.web.frame import Frame
from bot.channels.web.visitors import network
from bot.guard import Pace
from bot.storage import articles, posters
from bot.storage.posters import Poster
from handlers import actions
from handlers.services import Services

HOME = "/d"
COOKIE = "motcua_quet"  # says only that this browser was here today; of this one address, until midnight
AT_ONCE, PER_SECOND = 120, 0.05  # visits counted from one address: a whole meeting on one Wi-Fi, but no script

_ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|headless|curl|wget|python|okhttp|scan",
    re.IGNORECASE,
)


class Arrivals:
    """The requests of those who come by a poster."""

    def __init__(self, services: Services, frame: Frame) -> None:
        self._services, self._frame = services, frame
        self._pace = Pace(burst=AT_ONCE, per_second=PER_SECOND)

    @property
    def routes(self) -> list[Route]:
        return [Route(f"{HOME}/{{code}}", self.arrive)]

    async def arrive(self, request: Request) -> Response:
        """The page behind one poster; it counts a browser once a day."""
        async with self._services.database.transaction() as transaction:
            poster = await posters.find(transaction, request.path_params["code"])
            if poster is None:
                return self._frame.show("arrival.html", request, status=404, leads=self._leads(None), item=None)
            is_new = self._is_new(request)
            if is_new:
                await posters.count(transaction, poster.code, "visits", day=self._services.now().date())
            article = await articles.find(transaction, poster.announcement)
            numbers = [article.id] if article else []
            corrections = [one for own in (await articles.corrections(transaction, numbers)).values() for one in own]
        response = self._frame.show(
            "arrival.html", request, leads=self._leads(poster), item=article, corrections=corrections
        )
        if is_new:
            self._remember(response, request.url.path)
        return response

    def _is_new(self, request: Request) -> bool:
        """Tell whether a request is a person's, for the first time today."""
        if request.method != "GET" or request.cookies.get(COOKIE) or "prefetch" in _purpose(request):
            return False
        agent = request.headers.get("user-agent", "")
        return bool(agent) and not _ROBOT.search(agent) and self._pace.allows(network(request))

    def _leads(self, poster: Poster | None) -> dict[str, str]:
        """Return the ways to the assistant; those that the settings do not know are empty."""
        unit, username = self._services.config.unit, self._services.config.telegram.username
        start = f"?start={poster.code}" if poster else ""
        return {
            "choice": actions.of(actions.ARRIVED, "", poster.code).id if poster else "",
            "telegram": f"https://t.me/{username}{start}" if username else "",
            "zalo": unit.zalo,
        }

    def _remember(self, response: Response, path: str) -> None:
        now = self._services.now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        secure = self._services.config.web.public_url.startswith("https://")
        response.set_cookie(
            COOKIE, "1", max_age=int((midnight - now).total_seconds()) + 1, path=path, httponly=True, secure=secure
        )


def _purpose(request: Request) -> str:
    return request.headers.get("sec-purpose", "") + request.headers.get("purpose", "")
