"""The files of a visitor's chat, sent or received, handed to that visitor alone."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.channels.web import visitors
from bot.channels.web.outbound import WebChannel
from bot.files import Files, headers


class ChatFiles:
    """The requests for files in a visitor's own chat."""

    def __init__(self, files: Files, channel: WebChannel) -> None:
        self._files, self._channel = files, channel

    async def show(self, request: Request) -> Response:
        """One file, or with `?nho` its small picture; 404 when none of this visitor's messages has it."""
        token, digest = visitors.token_of(request), request.path_params["digest"]
        file = await self._channel.file(visitors.address(token), digest) if token else None
        if file is None:
            raise HTTPException(404)
        try:
            if "nho" in request.query_params:
                small = await self._files.thumbnail(digest)
                return Response(small, headers=headers(file) | {"content-type": "image/jpeg"})
            return FileResponse(self._files.path(digest), headers=headers(file))
        except FileNotFoundError as error:
            raise HTTPException(404) from error
