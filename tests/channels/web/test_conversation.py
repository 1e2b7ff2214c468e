"""The web chat: what a visitor sees, what stays theirs alone, and that nothing typed is markup."""

import re
from dataclasses import replace

import httpx
import pytest

from bot.storage import tables
from handlers.services import Services
from tests import samples
from tests.channels.shared import rows
from tests.channels.web.visiting import HOSTILE, PAPERS, PAPERS_CARD, Page, ask, visitor


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
