"""The web chat as a browser, a script and an attacker meet it."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

import handlers
from bot import guard
from bot.channels.web import inbound, server, visitors
from bot.channels.web.app import create_app
from bot.channels.web.outbound import WebChannel
from bot.messages import Choice, DeliveryError, DeliveryOutcome, Reply
from bot.storage import tables
from bot.storage.database import Database
from handlers.services import Services
from tests import samples
from tests.channels.chats import SITE
from tests.channels.shared import FlyingTime, rows

PAPERS, PAPERS_CARD = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"
VIETNAMESE = re.compile("[ạảấầếệộợựủứịôơưđ]")


def visitor(services: Services) -> httpx.AsyncClient:
    """Return somebody's browser: it keeps its cookie and follows nothing by itself."""
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=SITE)


@pytest.fixture
async def lan(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(services) as browser:
        yield browser


@pytest.fixture
async def minh(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(services) as browser:
        yield browser


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


# ---- the conversation


async def test_an_answer_has_the_shape_that_scripts_rely_on(lan: httpx.AsyncClient) -> None:
    (reply,) = await ask(lan)
    assert {"text", "choices", "files"} <= set(reply)
    assert reply["text"].startswith(PAPERS_CARD)
    assert reply["files"] == []
    assert all(set(choice) == {"id", "label"} for choice in reply["choices"])
    ids = {choice["label"]: choice["id"] for choice in reply["choices"]}
    pressed = await lan.post("/api/chat", json={"choice": ids["Lệ phí"]})
    assert pressed.json()["replies"][0]["text"].startswith("Đăng ký kết hôn: lệ phí")


async def test_a_reload_shows_what_was_said_and_nobody_elses(lan: httpx.AsyncClient, minh: httpx.AsyncClient) -> None:
    await ask(lan)
    page = Page(await lan.get("/"))
    assert PAPERS in page.words
    assert PAPERS_CARD in page.words
    values = [attributes.get("value") for tag, attributes in page.elements if tag == "button"]
    assert "e:ket-hon:fee" in values, "the buttons are there again"
    assert PAPERS not in Page(await minh.get("/")).words


async def test_a_pressed_button_is_remembered_by_its_words(lan: httpx.AsyncClient) -> None:
    await ask(lan, "xin chào")
    await lan.post("/api/chat", json={"choice": "t"})
    await lan.post("/api/chat", json={"choice": "<img src=x>"})
    words = Page(await lan.get("/")).words
    assert "Hỏi thủ tục" in words
    assert "<img src=x>" not in words


async def test_everything_works_without_javascript(lan: httpx.AsyncClient) -> None:
    first = Page(await lan.get("/"))
    (form,) = (attributes for tag, attributes in first.elements if tag == "form")
    assert (form["method"], form["action"]) == ("post", "/chat")
    sent = await lan.post("/chat", data={"text": PAPERS})
    assert (sent.status_code, sent.headers["location"]) == (303, "/#cuoi")
    pressed = await lan.post("/chat", data={"text": "", "choice": "e:ket-hon:fee"})
    assert pressed.status_code == 303
    pictured = await lan.post("/chat", files={"photo": ("anh.jpg", samples.jpeg(), "image/jpeg")})
    assert pictured.status_code == 303
    page = Page(await lan.get("/"))
    assert PAPERS_CARD in page.words
    assert "Đăng ký kết hôn: lệ phí" in page.words
    assert "Đã nhận ảnh" in page.words
    assert any(attributes.get("id") == "cuoi" for _, attributes in page.elements)


async def test_a_visitors_secret_is_kept_by_the_browser_alone(lan: httpx.AsyncClient, services: Services) -> None:
    await ask(lan)
    (person,) = await rows(services, tables.people)
    assert lan.cookies["motcua_chat"] not in str(person)
    assert len(lan.cookies["motcua_chat"]) >= 32


@pytest.mark.parametrize(
    ("public_url", "embed_on", "flags"),
    [
        ("", [], {"Path=/", "HttpOnly", "SameSite=Lax"}),
        ("https://tro-ly.xa", [], {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"}),
        ("https://tro-ly.xa", ["https://xa.gov.vn"], {"Path=/", "HttpOnly", "SameSite=None", "Secure", "Partitioned"}),
        ("", ["https://xa.gov.vn"], {"Path=/", "HttpOnly", "SameSite=Lax"}),
    ],
)
async def test_the_cookie_is_out_of_reach(
    services: Services, public_url: str, embed_on: list[str], flags: set[str]
) -> None:
    web = replace(services.config.web, public_url=public_url, embed_on=embed_on)
    async with visitor(replace(services, config=replace(services.config, web=web))) as browser:
        for response in (await browser.get("/"), await browser.post("/api/chat", json={"text": "xin chào"})):
            _, *given = response.headers["set-cookie"].split("; ")
            assert {flag for flag in given if not flag.startswith("Max-Age=")} == flags


NOT_OURS = ["ngắn", "a" * 65, f'"{"a" * 20}\\012x: y"', f"{'a' * 20},b c", f'"{"a" * 20}\\073Domain=x"']


@pytest.mark.parametrize("cookie", NOT_OURS, ids=range(len(NOT_OURS)))
async def test_a_cookie_that_is_not_ours_is_replaced(lan: httpx.AsyncClient, cookie: str) -> None:
    response = await lan.get("/", headers=[(b"cookie", f"motcua_chat={cookie}".encode())])
    assert response.status_code == 200
    assert re.fullmatch(r"motcua_chat=[\w-]{32}", response.headers["set-cookie"].split(";")[0])


async def test_what_identifies_a_person_is_masked_before_it_is_kept(lan: httpx.AsyncClient, services: Services) -> None:
    await ask(lan, "tôi là Lan, căn cước 033090001234, gọi 0912 345 678, muốn đăng ký kết hôn")
    kept = str(await rows(services, tables.web_messages)) + str(await rows(services, tables.questions))
    assert "muốn đăng ký kết hôn" in kept
    assert "033090001234" not in kept
    assert "0912 345 678" not in kept
    assert "033090001234" not in (await lan.get("/")).text


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\n"
    "**<b>đậm</b>** javascript:alert(1) \"'><svg onload=alert(1)>"
)


async def test_what_a_citizen_types_is_never_markup(lan: httpx.AsyncClient, minh: httpx.AsyncClient) -> None:
    await ask(lan, HOSTILE)
    page = Page(await lan.get("/"))
    for line in HOSTILE.split("\n"):
        assert line in page.words, "shown as it was typed"
    assert {tag for tag, _ in page.elements} & {"b", "iframe"} == set()
    drawn, ours = ([tag for tag, _ in p.elements].count("svg") for p in (page, Page(await minh.get("/"))))
    assert drawn == ours
    assert all(str(a["src"]).startswith("/static/") for tag, a in page.elements if tag in ("script", "img"))
    assert [name for _, attributes in page.elements for name in attributes if name.startswith("on")] == []


@pytest.mark.parametrize("said", ["\\ud83d xin chào", "xin\\u0000chào", "\\ud83d", "\\uffff\\ufffe", "\\u202exin chào"])
async def test_broken_letters_break_nothing(lan: httpx.AsyncClient, said: str) -> None:
    body = f'{{"text": "{said}"}}'
    response = await lan.post("/api/chat", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 200
    assert (await lan.get("/")).status_code == 200
    pressed = await lan.post("/api/chat", content=f'{{"choice": "{said}"}}')
    assert pressed.status_code == 200


# ---- news for open pages


@asynccontextmanager
async def listening(browser: httpx.AsyncClient, path: str, **headers: str) -> AsyncIterator["Stream"]:
    """Open a stream of server-sent events as a browser's EventSource does."""
    transport = browser._transport
    assert isinstance(transport, httpx.ASGITransport)
    stream = Stream()
    request = browser.build_request("GET", path, headers={name.replace("_", "-"): v for name, v in headers.items()})
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "method": "GET",
        "path": request.url.path,
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }
    serving = asyncio.ensure_future(transport.app(scope, stream.receive, stream.send))
    try:
        yield stream
    finally:
        stream.gone.set()
        await serving


class Stream:
    """What comes out of a response that does not end."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self.start: dict[str, Any] = {}
        self._chunks: asyncio.Queue[str] = asyncio.Queue()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            await self._chunks.put(message["body"].decode())

    async def event(self) -> tuple[int, dict[str, Any]]:
        """Return the id and data of the next event."""
        async with asyncio.timeout(10):
            while not (chunk := await self._chunks.get()).startswith("id: "):
                assert chunk.startswith(": "), chunk
        found = re.fullmatch(r"id: (\d+)\ndata: (.+)\n\n", chunk)
        assert found, chunk
        return int(found[1]), json.loads(found[2])


async def test_an_open_page_is_told_what_comes_and_a_reconnected_one_what_it_missed(lan: httpx.AsyncClient) -> None:
    (first,) = await ask(lan)
    async with listening(lan, "/api/chat/updates?after=0") as tab:
        assert await tab.event() == (first["number"], first)
        (second,) = await ask(lan, "thế lệ phí bao nhiêu")
        assert await tab.event() == (second["number"], second)
    (third,) = await ask(lan, "cảm ơn")
    async with listening(lan, "/api/chat/updates?after=0", last_event_id=str(first["number"])) as tab:
        assert [(await tab.event())[0] for _ in range(2)] == [second["number"], third["number"]]
        content_type = dict(tab.start["headers"])[b"content-type"]
    assert content_type.startswith(b"text/event-stream")


async def test_what_is_sent_later_reaches_the_open_page_and_stays(services: Services) -> None:
    channel = WebChannel(services.database, now=services.now)
    transport = httpx.ASGITransport(create_app(services, channel=channel))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as lan:
        (hello,) = await ask(lan, "xin chào")
        async with listening(lan, f"/api/chat/updates?after={hello['number'] - 1}") as tab:
            await tab.event()
            notice = Reply("Mai **thứ Ba** xã tiếp dân", (Choice("t", "Hỏi thủ tục"),))
            await channel.send(visitors.address(lan.cookies["motcua_chat"]), [notice])
            _, told = await tab.event()
        assert told["text"] == "Mai thứ Ba xã tiếp dân"
        assert told["choices"] == [{"id": "t", "label": "Hỏi thủ tục"}]
        assert "Mai thứ Ba xã tiếp dân" in Page(await lan.get("/")).words
    with pytest.raises(DeliveryError) as error:
        await channel.send("nobody", [Reply("x")])
    assert error.value.outcome is DeliveryOutcome.GONE


async def test_nobody_hears_what_another_is_told(lan: httpx.AsyncClient, services: Services) -> None:
    transport = lan._transport
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as minh:
        (hello,) = await ask(minh, "xin chào")
        async with listening(minh, f"/api/chat/updates?after={hello['number']}") as tab:
            await ask(lan)
            (own,) = await ask(minh, "cảm ơn")
            assert (await tab.event())[1] == own


async def test_a_stranger_is_told_not_to_come_back(lan: httpx.AsyncClient) -> None:
    assert (await lan.get("/api/chat/updates")).status_code == 204
    await lan.get("/")
    assert (await lan.get("/api/chat/updates")).status_code == 204, "who has said nothing has no news either"


@pytest.mark.parametrize("last", ["", "x", "-1", "9" * 40, "1;2"])
async def test_a_strange_event_id_means_from_the_beginning(lan: httpx.AsyncClient, last: str) -> None:
    (reply,) = await ask(lan)
    async with listening(lan, "/api/chat/updates", last_event_id=last) as tab:
        assert (await tab.event())[0] == reply["number"]


# ---- what is refused


STRANGE = [
    {"origin": "https://ke-xau.example"},
    {"origin": "null"},
    {"origin": "http://tro-ly.xa.ke-xau.example"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": SITE},
]


@pytest.mark.parametrize("headers", STRANGE, ids=str)
async def test_other_sites_cannot_speak_for_a_citizen(
    lan: httpx.AsyncClient, services: Services, headers: dict[str, str]
) -> None:
    await lan.get("/")
    told = await lan.post("/api/chat", json={"text": PAPERS}, headers=headers)
    assert (told.status_code, set(told.json())) == (403, {"error"})
    shown = await lan.post("/chat", data={"text": PAPERS}, headers=headers)
    assert shown.status_code == 403
    assert VIETNAMESE.search(Page(shown).words)
    assert await rows(services, tables.people) == []


OWN: list[dict[str, str]] = [{}, {"origin": SITE}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}]


@pytest.mark.parametrize("headers", OWN, ids=str)
async def test_our_own_page_and_programs_may_speak(lan: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await lan.post("/api/chat", json={"text": PAPERS}, headers=headers)).status_code == 200


JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
BAD = [
    (JSON, b""), (JSON, b"{"), (JSON, b"[]"), (JSON, b"1"), (JSON, b"null"), (JSON, b"\xff\xfe"), (JSON, b"[" * 30_000),
    (JSON, b'{"text": 5}'), (JSON, b'{"text": ["x"]}'), (JSON, b'{"choice": {}}'), (JSON, b'{"text": true}'),
    (JSON, b'{"text": "x", "choice": 1}'), (FORM, b"a=1&" * 11),
    ("multipart/form-data", b"x"), (MULTIPART, b"rac"), (MULTIPART, b"--b\r\nx\r\n\r\n"),
    (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="text"; filename="a"\r\n\r\nx\r\n--b--\r\n'),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body"), BAD, ids=range(len(BAD)))
async def test_what_is_no_message_is_refused_politely(lan: httpx.AsyncClient, kind: str, body: bytes) -> None:
    told = await lan.post("/api/chat", content=body, headers={"content-type": kind})
    assert told.status_code == 400
    assert VIETNAMESE.search(told.json()["error"])
    shown = await lan.post("/chat", content=body, headers={"content-type": kind})
    assert shown.status_code == 400
    assert VIETNAMESE.search(Page(shown).words)


async def in_pieces(size: int, start: bytes = b"") -> AsyncIterator[bytes]:
    """A body sent without saying how long it is."""
    yield start
    for _ in range(size // 10_000 + 1):
        yield b"a" * 10_000


PART = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
LARGE = [(JSON, b'{"text": "'), (FORM, b"text="), (MULTIPART, PART), ("text/plain", b"")]


@pytest.mark.parametrize(("kind", "start"), LARGE, ids=[kind.partition(";")[0] for kind, _ in LARGE])
@pytest.mark.parametrize("said", [True, False], ids=["its length said", "its length not said"])
async def test_what_is_too_large_is_refused(
    lan: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, kind: str, start: bytes, said: bool
) -> None:
    monkeypatch.setattr(inbound, "MOST_UPLOAD_BYTES", 300_000)
    size = inbound.MOST_UPLOAD_BYTES if kind == MULTIPART else inbound.MOST_BYTES
    body: Any = start + b"a" * (size + 1) if said else in_pieces(size, start)
    response = await lan.post("/api/chat", content=body, headers={"content-type": kind})
    assert response.status_code == 413
    assert VIETNAMESE.search(response.json()["error"])


async def test_a_message_just_below_the_limit_is_answered(lan: httpx.AsyncClient) -> None:
    text = "đăng ký kết hôn " * 2_000
    assert len(text.encode()) < inbound.MOST_BYTES
    response = await lan.post("/api/chat", content=json.dumps({"text": text}, ensure_ascii=False).encode())
    assert "Tin nhắn dài quá" in response.json()["replies"][0]["text"]


async def test_a_script_is_slowed_and_a_person_is_not(
    lan: httpx.AsyncClient, minh: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = FlyingTime()
    monkeypatch.setattr(guard, "time", time)
    await ask(lan, "xin chào")
    statuses = [(await lan.post("/api/chat", content=b"")).status_code for _ in range(200)]
    assert statuses.index(429) >= 100
    refused = await lan.post("/api/chat", json={"text": PAPERS})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert VIETNAMESE.search(refused.json()["error"])
    shown = await lan.post("/chat", data={"text": PAPERS})
    assert (shown.status_code, shown.headers["retry-after"]) == (429, refused.headers["retry-after"])
    assert VIETNAMESE.search(Page(shown).words)
    await ask(minh)
    time.now += int(refused.headers["retry-after"])
    await ask(lan)


# ---- headers, embedding, health


async def every_kind_of_response(browser: httpx.AsyncClient) -> dict[str, httpx.Response]:
    return {
        "page": await browser.get("/"),
        "embedded": await browser.get("/?nhung=1"),
        "answer": await browser.post("/api/chat", json={"text": "xin chào"}),
        "form": await browser.post("/chat", data={"text": "xin chào"}),
        "bad": await browser.post("/api/chat", content=b"x"),
        "bad form": await browser.post("/chat", content=b"x", headers={"content-type": MULTIPART}),
        "foreign": await browser.post("/api/chat", json={}, headers={"sec-fetch-site": "cross-site"}),
        "large": await browser.post("/api/chat", content=b"a" * 70_000),
        "wrong method": await browser.get("/chat"),
        "script": await browser.get("/nhung.js"),
        "style": await browser.get("/static/chat.css"),
        "nowhere": await browser.get("/khong-co"),
        "no file": await browser.get("/static/..%2fapp.py"),
        "alive": await browser.get("/healthz"),
        "ready": await browser.get("/readyz"),
    }


def check_headers(response: httpx.Response) -> None:
    policy = dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == policy["frame-ancestors"] == "'self'"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"


async def test_every_response_is_guarded_and_speaks_politely(
    lan: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    responses = await every_kind_of_response(lan)

    async def fails(*_: object, **__: object) -> None:
        raise RuntimeError("mật khẩu: hoamai")

    monkeypatch.setattr(handlers, "converse", fails)
    responses["fault"] = await lan.post("/api/chat", json={"text": "xin chào"})
    responses["fault of a page"] = await lan.post("/chat", data={"text": "xin chào"})
    for name, response in responses.items():
        check_headers(response)
        assert "hoamai" not in response.text, name
        if response.status_code >= 400:
            assert VIETNAMESE.search(response.text), name
    assert {responses[name].status_code for name in ("fault", "fault of a page")} == {503}
    assert {responses[name].status_code for name in ("nowhere", "no file")} == {404}
    assert responses["wrong method"].status_code == 405


async def test_the_page_runs_nothing_that_the_policy_forbids(lan: httpx.AsyncClient) -> None:
    await ask(lan)
    for _, attributes in Page(await lan.get("/")).elements:
        assert not {name for name in attributes if name.startswith("on") or name == "style"}
    assert "<style" not in (await lan.get("/")).text
    assert not re.search(r"<script(?![^>]*src=)", (await lan.get("/")).text)


async def test_only_the_named_sites_may_embed_the_chat(services: Services) -> None:
    sites = ["https://tienhoa.hungyen.gov.vn", "https://hungyen.gov.vn"]
    web = replace(services.config.web, embed_on=sites)
    async with visitor(replace(services, config=replace(services.config, web=web))) as browser:
        policy = (await browser.get("/?nhung=1")).headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors 'self' {' '.join(sites)}")


async def test_one_tag_puts_the_chat_into_the_portal(lan: httpx.AsyncClient) -> None:
    script = await lan.get("/nhung.js")
    assert script.status_code == 200
    assert "javascript" in script.headers["content-type"]
    assert "/?nhung=1" in script.text
    page = Page(await lan.get("/?nhung=1"))
    (form,) = (attributes for tag, attributes in page.elements if tag == "form")
    sent = await lan.post(str(form["action"]), data={"text": PAPERS})
    assert sent.headers["location"] == "/?nhung=1#cuoi"


def test_an_answer_does_not_wait_for_the_acknowledgement_of_its_head(services: Services) -> None:
    with (
        server.listen(replace(services.config.web, port=0)) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_without_its_database_it_says_so_and_stays_alive(services: Services) -> None:
    away = Database.open("postgresql+psycopg://an:hoamai@127.0.0.1:9/motcua")
    async with visitor(replace(services, database=away)) as browser:
        ready = await browser.get("/readyz")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert (await browser.get("/healthz")).status_code == 200
        first = await browser.get("/")
        assert first.status_code == 200, "the greeting needs no database"
        again, told = await browser.get("/"), await browser.post("/api/chat", json={"text": PAPERS})
    await away.close()
    assert (again.status_code, told.status_code) == (503, 503)
    for words in (ready.text, Page(again).words, told.json()["error"]):
        assert "hoamai" not in words
    assert "gửi lại sau ít phút" in Page(again).words
    assert "gửi lại sau ít phút" in told.json()["error"]
