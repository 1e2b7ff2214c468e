"""What the web chat refuses: other sites, what is no message, what is too large, a script's pace."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot import guard
from bot.channels.web import inbound
from bot.storage import tables
from handlers.services import Services
from tests.channels.chats import SITE
from tests.channels.shared import FlyingTime, rows
from tests.channels.web.visiting import PAPERS, VIETNAMESE, Page, ask

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
