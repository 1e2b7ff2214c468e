"""A double of the servers where Zalo keeps what people send."""

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.channels import zalo_rules as rules
from tests.channels.zalo_rules import Refused
from tests.serving import Platform


class FakeCdn(Platform):
    """The servers that Zalo's addresses of files point to, all of them."""

    def __init__(self) -> None:
        super().__init__([Route("/{host}/{path:path}", self._serve)])
        self.redirects: dict[str, str] = {}
        self.contents: dict[str, bytes] = {}

    def client(self) -> httpx.AsyncClient:
        """Return a client whose every https address leads here."""
        return httpx.AsyncClient(transport=_Rerouted(self.url), follow_redirects=False)

    async def _serve(self, request: Request) -> Response:
        path = request.path_params["path"]
        try:
            await self._suffer("get", {"host": request.path_params["host"], "path": path})
        except Refused as refusal:
            return refusal.response()
        if path in self.redirects:
            return Response(status_code=302, headers={"location": self.redirects[path]})
        content = self.contents.get(path) or rules.CONTENT.get(path.rpartition(".")[2])
        return Response(content) if content else Response(status_code=404)


class _Rerouted(httpx.AsyncHTTPTransport):
    def __init__(self, url: str) -> None:
        super().__init__(trust_env=False)
        self._url = url

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https", f"asked for {request.url}"
        url = httpx.URL(f"{self._url}/{request.url.host}{request.url.raw_path.decode()}")
        return await super().handle_async_request(httpx.Request(request.method, url))
