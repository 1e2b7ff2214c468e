"""One's own data on the web page: the cookie alone opens it, and no other site can."""

import httpx
import pytest

from bot.channels.web import own_data, visitors
from bot.storage import people
from handlers.services import Services
from tests.channels.web.visiting import Page, ask, visitor

ASKED = "đăng ký kết hôn cần giấy tờ gì"


async def test_lan_sees_what_is_kept_and_downloads_it(lan: httpx.AsyncClient) -> None:
    await ask(lan, ASKED)
    page = Page(await lan.get(own_data.HOME))
    assert "1 câu hỏi" in page.words
    assert "Tải tất cả về máy" in page.words
    file = await lan.post(own_data.DOWNLOAD)
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["cache-control"] == "no-store"
    parts = file.json()
    assert [item["Nội dung"] for item in parts["Câu hỏi (đã che số)"]] == [ASKED]
    assert parts["Hội thoại trên trang web"][0] == {"Ai": "Ông/bà", "Nội dung": ASKED}
    assert parts["Yêu cầu về dữ liệu"][0]["Kết quả"] == "đã cho tải về"


async def test_a_stranger_gets_nothing(lan: httpx.AsyncClient, minh: httpx.AsyncClient) -> None:
    await ask(lan, ASKED)
    assert "chưa giữ gì" in Page(await minh.get(own_data.HOME)).words
    assert (await minh.post(own_data.DOWNLOAD)).status_code == 404
    await ask(minh, "khai sinh cần gì")
    assert ASKED not in (await minh.post(own_data.DOWNLOAD)).text


@pytest.mark.parametrize("value", ["x" * 16, "../../etc/passwd", "' OR 1=1 --", "a" * 65, ""])
async def test_a_forged_cookie_opens_nothing(services: Services, lan: httpx.AsyncClient, value: str) -> None:
    await ask(lan, ASKED)
    async with visitor(services) as thief:
        answer = await thief.post(own_data.DOWNLOAD, headers={"cookie": f"{visitors.COOKIE}={value}"})
    assert answer.status_code == 404
    assert ASKED not in answer.text


async def test_the_address_in_the_database_opens_nothing(services: Services, lan: httpx.AsyncClient) -> None:
    await ask(lan, ASKED)
    address = visitors.address(lan.cookies[visitors.COOKIE])
    async with services.database.transaction() as transaction:
        assert await people.find(transaction, "web", address)
    async with visitor(services) as thief:
        answer = await thief.post(own_data.DOWNLOAD, headers={"cookie": f"{visitors.COOKIE}={address}"})
    assert answer.status_code == 404


@pytest.mark.parametrize("headers", [{"origin": "https://xau.example"}, {"sec-fetch-site": "cross-site"}])
async def test_another_sites_page_gets_no_download(lan: httpx.AsyncClient, headers: dict[str, str]) -> None:
    await ask(lan, ASKED)
    answer = await lan.post(own_data.DOWNLOAD, headers=headers)
    assert answer.status_code == 403
    assert ASKED not in answer.text
    assert (await lan.get(own_data.DOWNLOAD)).status_code in (404, 405), "a link downloads nothing"


async def test_downloads_are_paced(lan: httpx.AsyncClient) -> None:
    await ask(lan, ASKED)
    statuses = [(await lan.post(own_data.DOWNLOAD)).status_code for _ in range(12)]
    assert statuses[:10] == [200] * 10
    assert statuses[-1] == 429


async def test_after_deleting_the_page_has_only_the_goodbye(lan: httpx.AsyncClient) -> None:
    await ask(lan, ASKED)
    await ask(lan, "XÓA")
    answer = await lan.post("/api/chat", json={"choice": "d:really"})
    assert "Đã xóa dữ liệu" in answer.json()["replies"][0]["text"]
    page = await lan.get("/")
    assert ASKED not in page.text
    assert "Đã xóa dữ liệu" in page.text
    assert ASKED not in (await lan.post(own_data.DOWNLOAD)).text
