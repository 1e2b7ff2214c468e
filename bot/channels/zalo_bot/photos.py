"""Pictures for the Bot Platform, which fetches them from an address: ours, good once and for two minutes."""

import secrets
import time
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/zalo/anh/{token}"
SECONDS = 120.0
MOST_WAITING = 100


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture waiting to be fetched; `until` on the monotonic clock."""

    content: bytes
    media_type: str
    until: float


class Photos:
    """The pictures waiting to be fetched, in this process's memory."""

    def __init__(self) -> None:
        self._waiting: dict[str, Photo] = {}

    @property
    def routes(self) -> list[Route]:
        return [Route(PATH, self.serve, methods=["GET"])]

    def offer(self, content: bytes, media_type: str) -> str:
        """Return the path at which a picture can be fetched, once."""
        now = time.monotonic()
        fresh = {token: photo for token, photo in self._waiting.items() if photo.until > now}
        self._waiting = dict(list(fresh.items())[-MOST_WAITING + 1 :])
        token = secrets.token_urlsafe(32)
        self._waiting[token] = Photo(content, media_type, now + SECONDS)
        return PATH.replace("{token}", token)

    async def serve(self, request: Request) -> Response:
        """Give a picture away and forget it; asking only for its size (HEAD) does not use it up."""
        token = request.path_params["token"]
        photo = self._waiting.get(token)
        if photo is None or photo.until <= time.monotonic():
            return Response(status_code=404)
        if request.method == "GET":
            del self._waiting[token]
        headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
        return Response(photo.content, media_type=photo.media_type, headers=headers)
