"""What a visitor sends beside words: kept, shown to that visitor alone, refused plainly, never too much."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot import guard
from bot.channels.web import inbound, visitors
from bot.channels.web.app import create_app
from bot.channels.web.outbound import WebChannel
from bot.files import keeping
from bot.messages import AttachmentKind, Enclosure, Incoming, Place, Reply
from bot.storage import tables
from handlers.services import Services
from tests import samples
from tests.channels.chats import SITE
from tests.channels.shared import FlyingTime, rows

PAPERS, PAPERS_CARD = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"
DIGEST = re.compile(r"/chat/tep/([0-9a-f]{64})")


def browser(services: Services) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=SITE)


@pytest.fixture
async def lan(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(services) as hers:
        yield hers


@pytest.fixture
async def minh(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(services) as his:
        yield his


def photo(data: bytes | None = None, name: str = "Ổ gà.jpg", field: str = "photo") -> tuple[str, tuple[str, bytes]]:
    return field, (name, samples.jpeg() if data is None else data)


def words(text: str) -> tuple[str, tuple[None, str]]:
    return "text", (None, text)


async def send(citizen: httpx.AsyncClient, *parts: Any) -> dict[str, Any]:
    response = await citizen.post("/api/chat", files=list(parts))
    assert response.status_code == 200, response.text
    return dict(response.json())


def said(answer: dict[str, Any]) -> str:
    return "\n".join(reply["text"] for reply in answer["replies"])


async def test_photos_files_words_and_a_place_arrive_as_one_message(
    lan: httpx.AsyncClient, services: Services, received: list[Incoming]
) -> None:
    parts = (
        words(PAPERS), photo(), photo(samples.heic(), "IMG_1.HEIC"), photo(samples.movie(), "quay.mp4"),
        photo(samples.pdf(), "Đơn.pdf", "file"), photo(samples.ogg(), "", "file"), photo(samples.mp3(), "lời", "file"),
        ("latitude", (None, "20.67")), ("longitude", (None, "106.05")),
    )  # fmt: skip
    answer = await send(lan, *parts)
    assert PAPERS_CARD in said(answer)
    (incoming,) = received
    assert incoming.text == PAPERS
    *kept, place = incoming.attachments
    assert place.place == Place(20.67, 106.05)
    names = [(attached.kind, attached.file.name) for attached in kept if attached.file]
    assert names == [
        (AttachmentKind.PHOTO, "Ổ gà.jpg"),
        (AttachmentKind.PHOTO, "IMG_1.jpg"),
        (AttachmentKind.VIDEO, "quay.mp4"),
        (AttachmentKind.FILE, "Đơn.pdf"),
        (AttachmentKind.VOICE, "lời.mp3"),
    ], "a field without a name is an empty file input"
    for attached in kept:
        assert attached.file
        assert await services.files.read(attached.file.digest)


async def test_what_was_sent_is_shown_at_once_and_after_a_reload(lan: httpx.AsyncClient) -> None:
    answer = await send(lan, words("Ổ gà <b>to</b>"), photo(name="<img src=x>.jpg"), photo(samples.pdf(), "Đơn.pdf"))
    page = (await lan.get("/")).text
    assert answer["said"] in page
    assert "<b>to</b>" not in page
    assert 'alt="Ảnh: img src=x.jpg"' in page
    assert "Tệp: Đơn.pdf (0,1 MB)" in page


async def test_a_number_in_a_files_name_is_masked_where_it_is_kept(lan: httpx.AsyncClient, services: Services) -> None:
    answer = await send(lan, photo(name="cccd 033090001234.jpg"))
    assert "cccd [số đã che].jpg" in answer["said"]
    assert "033090001234" not in str(await rows(services, tables.web_messages))


async def test_the_page_without_javascript_sends_files_too(lan: httpx.AsyncClient) -> None:
    page = (await lan.get("/")).text
    assert 'enctype="multipart/form-data"' in page
    assert re.search(r'<input id="tep" type="file" name="photo" multiple', page)
    empty_input = ("photo", ("", b"", "application/octet-stream"))
    assert (await lan.post("/chat", files=[words(PAPERS), empty_input])).status_code == 303
    assert (await lan.post("/chat", files=[words(""), photo()])).status_code == 303
    page = (await lan.get("/")).text
    assert PAPERS_CARD in page
    assert "Ảnh: Ổ gà.jpg" in page


async def test_of_a_place_only_that_it_came_is_kept_with_the_chat(
    lan: httpx.AsyncClient, services: Services, received: list[Incoming]
) -> None:
    await send(lan, ("latitude", (None, "20.67")), ("longitude", (None, "106.05")))
    assert received[0].attachments[0].place
    assert "Vị trí đã gửi" in (await lan.get("/")).text
    assert "20.67" not in str(await rows(services, tables.web_messages))


NOWHERE = [("x", "106"), ("20", ""), ("", "106"), ("91", "106"), ("20", "-181"), ("nan", "106"), ("20", "inf")]


@pytest.mark.parametrize(("latitude", "longitude"), NOWHERE)
async def test_a_place_that_is_none_is_refused(lan: httpx.AsyncClient, latitude: str, longitude: str) -> None:
    place = [("latitude", (None, latitude)), ("longitude", (None, longitude))]
    assert (await lan.post("/api/chat", files=place)).status_code == 400


# ---- whose it is


async def sent_digest(citizen: httpx.AsyncClient, *parts: Any) -> str:
    found = DIGEST.search((await send(citizen, *parts))["said"])
    assert found
    return found[1]


async def test_a_picture_is_handed_to_its_sender_and_to_nobody_else(
    lan: httpx.AsyncClient, minh: httpx.AsyncClient, services: Services
) -> None:
    digest = await sent_digest(lan, photo(samples.saved(samples.picture((900, 600)), "JPEG")))
    whole, small = await lan.get(f"/chat/tep/{digest}"), await lan.get(f"/chat/tep/{digest}?nho")
    assert whole.content == await services.files.read(digest)
    assert small.content == await services.files.thumbnail(digest)
    for response in (whole, small):
        assert response.headers["content-type"] == "image/jpeg"
        assert response.headers["content-disposition"].startswith("inline")
        assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert response.headers["x-content-type-options"] == "nosniff"
    await send(minh, words(f'"{digest}" {{"files": [["{digest}", "a", "text/html", 1]]}}'))
    async with browser(services) as stranger:
        for other in (minh, stranger):
            assert (await other.get(f"/chat/tep/{digest}")).status_code == 404
            assert (await other.get(f"/chat/tep/{digest}?nho")).status_code == 404


async def test_who_sent_the_same_gets_the_same(lan: httpx.AsyncClient, minh: httpx.AsyncClient) -> None:
    assert await sent_digest(lan, photo()) == (digest := await sent_digest(minh, photo(name="khác.jpg")))
    assert "kh%C3%A1c.jpg" in (await minh.get(f"/chat/tep/{digest}")).headers["content-disposition"]


async def test_a_document_is_only_saved_never_opened(lan: httpx.AsyncClient) -> None:
    digest = await sent_digest(lan, photo(samples.pdf(b"/OpenAction<</S/JavaScript/JS(x)>>"), "Đơn.pdf"))
    response = await lan.get(f"/chat/tep/{digest}")
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%C4%90%C6%A1n.pdf")
    assert (await lan.get(f"/chat/tep/{digest}?nho")).status_code == 404


async def test_what_was_sent_to_one_visitor_is_not_another_ones(
    lan: httpx.AsyncClient, minh: httpx.AsyncClient, services: Services
) -> None:
    await send(lan, words(PAPERS))
    await send(minh, words(PAPERS))
    form = Enclosure(await services.files.keep(samples.pdf(), name="<b>Quyết định.pdf"))
    photo = Enclosure(await services.files.keep(samples.jpeg(), name="x.html"), 'Biên bản" onload="alert(1)')
    channel = WebChannel(services.database, now=services.now)
    await channel.send(visitors.address(lan.cookies[visitors.COOKIE]), [Reply("Kết quả", files=(photo, form))])
    page = (await lan.get("/")).text
    assert 'alt="Biên bản&#34; onload=&#34;alert(1)"' in page
    assert ">b Quyết định.pdf</a> (0,1\u00a0MB)" in page
    for one in (photo, form):
        assert (await lan.get(f"/chat/tep/{one.file.digest}")).status_code == 200
        assert (await minh.get(f"/chat/tep/{one.file.digest}")).status_code == 404


@pytest.mark.parametrize("digest", ["x", "0" * 64, "..%2f..%2fetc%2fpasswd", "%25", "_" * 64, "%00"])
async def test_what_was_never_sent_is_not_there(lan: httpx.AsyncClient, digest: str) -> None:
    await send(lan, photo())
    assert (await lan.get(f"/chat/tep/{digest}")).status_code == 404


async def test_what_is_forgotten_is_gone(lan: httpx.AsyncClient, services: Services) -> None:
    digest = await sent_digest(lan, photo())
    await services.files.delete(digest)
    assert (await lan.get(f"/chat/tep/{digest}")).status_code == 404
    assert (await lan.get("/")).status_code == 200


# ---- refused


async def test_what_is_refused_is_told_and_the_rest_is_kept(lan: httpx.AsyncClient, received: list[Incoming]) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    answer = await send(lan, words(PAPERS), photo(svg, "a.jpg"), photo(b"", "b.jpg"), photo(svg, "c.jpg"), photo())
    assert said(answer).count("không thuộc các loại ấy") == 1
    assert said(answer).count("Tệp vừa gửi trống") == 1
    assert PAPERS_CARD in said(answer)
    assert [attached.refused for attached in received[0].attachments] == [
        "files.not_taken",
        "files.empty",
        "files.not_taken",
        "",
    ]
    assert "có tệp chưa nhận được" in answer["said"]


async def test_a_full_disk_is_told(lan: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LEAST_FREE", 10**18)
    assert "đang không lưu được tệp" in said(await send(lan, photo()))


async def test_too_many_files_are_told(lan: httpx.AsyncClient, services: Services) -> None:
    response = await lan.post("/api/chat", files=[photo()] * (inbound.MOST_FILES + 1))
    assert response.status_code == 413
    assert "nhiều nhất 10 tệp" in response.json()["error"]
    assert not (await rows(services, tables.people))
    assert await send(lan, *[photo()] * inbound.MOST_FILES)


async def test_too_much_at_once_is_told_with_the_limit(lan: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbound, "MOST_UPLOAD_BYTES", 2 * inbound.MEGABYTE)
    response = await lan.post("/api/chat", files=[photo(samples.jpeg() + bytes(2 * inbound.MEGABYTE))])
    assert response.status_code == 413
    assert "quá 2 MB" in response.json()["error"]
    shown = await lan.post("/chat", files=[photo(samples.jpeg() + bytes(2 * inbound.MEGABYTE))])
    assert (shown.status_code, "quá 2 MB" in shown.text) == (413, True)


async def test_an_address_cannot_fill_the_disk_under_ever_new_names(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = FlyingTime()
    monkeypatch.setattr(guard, "time", time)
    claimed = {"content-length": str(50 * inbound.MEGABYTE)}
    statuses = []
    app = httpx.ASGITransport(create_app(services))
    for number in range(8):
        async with httpx.AsyncClient(transport=app, base_url=SITE) as newcomer:
            newcomer.cookies.set(visitors.COOKIE, f"ten-moi-{number}-{'x' * 16}")
            statuses.append((await newcomer.post("/api/chat", files=[photo()], headers=claimed)).status_code)
    assert statuses == [200] * 6 + [429] * 2
    async with httpx.AsyncClient(transport=app, base_url=SITE) as lan:
        assert (await lan.post("/api/chat", json={"text": PAPERS})).status_code == 200, "words are not files"
        time.now += 10
        assert (await lan.post("/api/chat", files=[photo()])).status_code == 200


async def test_the_place_is_asked_of_our_own_page_only(lan: httpx.AsyncClient) -> None:
    assert "geolocation=(self)" in (await lan.get("/")).headers["permissions-policy"]
