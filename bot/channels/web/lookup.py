"""Where a case stands, for whoever has its code. A confidential case is as unknown here as one that does not exist."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.cases import codes, standing
from bot.channels.web import rendering
from bot.channels.web.frame import Frame
from bot.channels.web.visitors import network
from bot.guard import Pace
from bot.storage import cases
from bot.storage.cases import Case
from handlers.services import Services

HOME = "/tra-cuu"
AT_ONCE, PER_SECOND = 60, 0.2  # codes from one address: a whole queue at the counter, but no walk through the year
LONGEST = 60


class Lookup:
    """The requests for the state of one case."""

    def __init__(self, services: Services, frame: Frame) -> None:
        self._services, self._frame = services, frame
        self._pace = Pace(burst=AT_ONCE, per_second=PER_SECOND)

    @property
    def routes(self) -> list[Route]:
        return [Route(HOME, self.form), Route(f"{HOME}/{{code}}", self.state)]

    async def form(self, request: Request) -> Response:
        """The field for a code; a code typed there leads to its page."""
        typed = request.query_params.get("ma", "").strip()[:LONGEST]
        if not typed:
            return self._say(request, "")
        code = codes.read(typed)
        return RedirectResponse(f"{HOME}/{code}", 303) if code else self._mistyped(request)

    async def state(self, request: Request) -> Response:
        """Where the case of the code in the address stands."""
        typed = request.path_params["code"][:LONGEST]
        code = codes.read(typed)
        if code is None:
            return self._mistyped(request)
        if code != typed:
            return RedirectResponse(f"{HOME}/{code}", 303)
        if not self._pace.allows(network(request)):
            return self._frame.too_fast(request)
        async with self._services.database.transaction() as transaction:
            case = await cases.get(transaction, code)
        if case is None or case.confidential:
            return self._say(request, self._services.texts.say("track.not_found"), 404)
        return self._show(request, case)

    def _show(self, request: Request, case: Case) -> Response:
        desk = self._services.desk
        lines = standing.lines(case, desk, now=self._services.now())
        is_published = case.published_at is not None and bool(case.public_answer)
        answer = standing.answer(case, case.public_answer, desk) if is_published else ""
        state = rendering.html("\n".join(lines))
        return self._frame.show("standing.html", request, code=case.code, state=state, answer=answer)

    def _mistyped(self, request: Request) -> Response:
        return self._say(request, self._services.texts.say("track.mistyped"), 422)

    def _say(self, request: Request, told: str, status: int = 200) -> Response:
        return self._frame.show("lookup.html", request, status=status, told=told)
