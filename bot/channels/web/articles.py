"""The commune's announcements as articles. Only those that were sent or are being sent are shown."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.web.frame import Frame
from bot.channels.web.public import LAST_PAGE, SIZE, page_address, page_number
from bot.storage import articles
from handlers.services import Services

HOME = "/thong-bao"


class Articles:
    """The requests for announcements."""

    def __init__(self, services: Services, frame: Frame) -> None:
        self._services, self._frame = services, frame

    @property
    def routes(self) -> list[Route]:
        return [Route(HOME, self.list), Route(f"{HOME}/{{number}}", self.one)]

    async def list(self, request: Request) -> Response:
        """The newest announcements."""
        page = page_number(request)
        async with self._services.database.transaction() as transaction:
            found = await articles.newest(transaction, offset=(page - 1) * SIZE, limit=SIZE + 1)
            corrected = await articles.corrections(transaction, [item.id for item in found])
        return self._frame.show(
            "articles.html",
            request,
            items=found[:SIZE],
            corrected=corrected,
            page=page,
            newer=page_address(request, page - 1) if page > 1 else "",
            older=page_address(request, page + 1) if len(found) > SIZE and page < LAST_PAGE else "",
        )

    async def one(self, request: Request) -> Response:
        """One announcement at an address that stays, what corrects it before anything else."""
        number = request.path_params["number"]
        if not (number.isascii() and number.isdecimal() and len(number) < 10 and str(int(number)) == number):
            raise HTTPException(404)
        async with self._services.database.transaction() as transaction:
            found = await articles.find(transaction, int(number))
            if found is None:
                raise HTTPException(404)
            corrections = (await articles.corrections(transaction, [found.id])).get(found.id, [])
            before = await articles.find(transaction, found.corrects) if found.corrects else None
        return self._frame.show("article.html", request, item=found, corrections=corrections, before=before)
