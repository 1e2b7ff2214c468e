"""Visitors of the web page: a browser, a page as it is read, a question asked."""

import re
from html.parser import HTMLParser
from typing import Any

import httpx

from bot.channels.web.app import create_app
from handlers.services import Services
from tests.channels.chats import SITE

PAPERS, PAPERS_CARD = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"

VIETNAMESE = re.compile("[ạảấầếệộợựủứịôơưđ]")


def visitor(services: Services) -> httpx.AsyncClient:
    """Return somebody's browser: it keeps its cookie and follows nothing by itself."""
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=SITE)


class Page(HTMLParser):
    """What a browser makes of a page: its elements and its words."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        assert response.headers["content-type"].startswith("text/html")
        self.feed(response.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


async def ask(browser: httpx.AsyncClient, text: str = PAPERS) -> list[dict[str, Any]]:
    response = await browser.post("/api/chat", json={"text": text})
    assert response.status_code == 200, response.text
    return list(response.json()["replies"])


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\n"
    "**<b>đậm</b>** javascript:alert(1) \"'><svg onload=alert(1)>"
)
