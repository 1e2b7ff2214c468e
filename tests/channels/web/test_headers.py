"""What every response of the web page carries; who may embed the chat; how it fares without its database."""

import re
import socket
from dataclasses import replace

import httpx
import pytest

import handlers
from bot.channels.web import server
from bot.storage.database import Database
from handlers.services import Services
from tests.channels.web.test_refused import MULTIPART
from tests.channels.web.visiting import PAPERS, VIETNAMESE, Page, ask, visitor


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
