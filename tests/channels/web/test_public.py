"""What anybody may read without a chat: where a case stands, solved cases, answered questions, the feed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from bot.cases import codes
from bot.channels.web import lookup, public
from bot.channels.web.app import create_app
from bot.storage import case_events, cases
from bot.storage.case_events import KeptAttachment
from handlers.services import Services
from tests import samples
from tests.channels.chats import SITE
from tests.channels.web.visiting import Page
from tests.conftest import NOW

ATOM = "{http://www.w3.org/2005/Atom}"
HERS = ("Nguyễn Thị Lan", "0912345678", "ngõ 5 nhà bà Lan", "tối om trước cửa nhà tôi", "21.03")
PUBLIC = {"public_title": "Đèn đường thôn Đông", "public_text": "Đèn hỏng.", "public_answer": "Đã thay bóng."}


@pytest.fixture
async def anybody(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as browser:
        yield browser


async def filed(services: Services, number: int = 1, **values: Any) -> str:
    """File a case of bà Lan's with all that is hers in it; return its code."""
    code = codes.make(2026, number)
    row = {
        "code": code,
        "type": "phan_anh",
        "state": "dang_xu_ly",
        "channel": "web",
        "text": "tối om trước cửa nhà tôi, gọi 0912345678",
        "folded": "nguyen thi lan toi om",
        "reporter_name": "Nguyễn Thị Lan",
        "reporter_phone": "0912345678",
        "reporter_address": "ngõ 5 nhà bà Lan",
        "landmark": "ngõ 5 nhà bà Lan",
        "latitude": 21.03,
        "longitude": 105.8,
        "answer": "Bà Lan đã được trả lời: tối om trước cửa nhà tôi.",
        "created_at": NOW,
        "due_at": NOW + timedelta(days=10),
    }
    async with services.database.transaction() as transaction:
        await cases.add(transaction, row | values)
    return code


async def published(services: Services, number: int = 1, **values: Any) -> str:
    return await filed(services, number, **{"state": "dong", "published_at": NOW, **PUBLIC, **values})


def shows_nothing_of_hers(response: httpx.Response) -> bool:
    return not any(words in response.text for words in HERS)


# ---- where a case stands


async def test_a_code_tells_where_the_case_stands_and_nothing_of_its_sender(
    services: Services, anybody: httpx.AsyncClient
) -> None:
    code = await filed(services)
    page = await anybody.get(f"/tra-cuu/{code}")
    words = Page(page).words
    assert page.status_code == 200
    assert all(
        part in words for part in (code, "phản ánh", "23/11/2026", "đang xử lý", "Hạn trả lời: thứ Năm 03/12/2026")
    )
    assert shows_nothing_of_hers(page)
    assert "trả lời:" not in words.replace("Hạn trả lời:", ""), "the answer to her is hers until it is published"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"due_at": NOW - timedelta(days=1)}, "Đã quá hạn trả lời"),
        ({"state": "can_bo_sung"}, "Thời hạn đang tạm dừng"),
        ({"state": "da_chuyen", "transferred_to": "Điện lực Tiên Lữ"}, "Cơ quan giải quyết: Điện lực Tiên Lữ"),
        ({"state": "dong", "published_at": NOW, **PUBLIC, "result": "da_xong"}, "Đã thay bóng."),
    ],
)
async def test_every_state_is_said_in_words(
    services: Services, anybody: httpx.AsyncClient, values: dict[str, Any], told: str
) -> None:
    page = await anybody.get(f"/tra-cuu/{await filed(services, **values)}")
    assert told in Page(page).words
    assert shows_nothing_of_hers(page)


async def test_a_typed_code_leads_to_its_page_however_it_is_typed(
    services: Services, anybody: httpx.AsyncClient
) -> None:
    code = await filed(services)
    typed = code.lower().replace("-", " ")
    for path in (f"/tra-cuu?ma={typed}", f"/tra-cuu/{typed}"):
        answered = await anybody.get(path)
        assert (answered.status_code, answered.headers["location"]) == (303, f"/tra-cuu/{code}")
    assert "Mã việc" in Page(await anybody.get("/tra-cuu")).words


async def test_a_wrong_letter_is_a_slip_of_typing(services: Services, anybody: httpx.AsyncClient) -> None:
    code = await filed(services)
    wrong = code[:-1] + next(letter for letter in codes.LETTERS if letter != code[-1])
    for path in (f"/tra-cuu/{wrong}", f"/tra-cuu?ma={wrong}", "/tra-cuu/%3Cscript%3E", "/tra-cuu?ma=' OR 1=1--"):
        page = await anybody.get(path)
        assert page.status_code == 422
        assert "bị gõ nhầm" in Page(page).words
        assert "<script>" not in page.text


async def test_a_confidential_case_is_as_unknown_as_none(services: Services, anybody: httpx.AsyncClient) -> None:
    secret = await filed(services, 1, type="to_cao", confidential=True, published_at=NOW, **PUBLIC)
    answers = [await anybody.get(f"/tra-cuu/{code}") for code in (secret, codes.make(2026, 2))]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].content == answers[1].content
    assert dict(answers[0].headers) == dict(answers[1].headers)
    assert (await anybody.get(f"/phan-anh/{secret}")).status_code == 404


async def test_whoever_walks_through_the_codes_is_stopped(services: Services, anybody: httpx.AsyncClient) -> None:
    found = [await anybody.get(f"/tra-cuu/{codes.make(2026, n)}") for n in range(1, lookup.AT_ONCE + 3)]
    assert [page.status_code for page in found[:-2]] == [404] * lookup.AT_ONCE
    assert found[-1].status_code == 429
    assert found[-1].headers["retry-after"] == "60"
    assert "quá nhiều lần" in Page(found[-1]).words


async def test_the_page_leads_into_the_chat_where_the_phone_number_is_asked(
    services: Services, anybody: httpx.AsyncClient
) -> None:
    code = await filed(services)
    page = Page(await anybody.get(f"/tra-cuu/{code}"))
    hidden = [a for tag, a in page.elements if tag == "input" and a.get("type") == "hidden"]
    assert [(field["name"], field["value"]) for field in hidden] == [("text", code)]
    assert (await anybody.post("/chat", data={"text": code})).status_code == 303
    words = Page(await anybody.get("/")).words
    assert f"Việc {code}" in words
    assert "Nhận tin tại đây" in words


# ---- what was published


async def test_solved_cases_and_answered_questions_stand_apart(services: Services, anybody: httpx.AsyncClient) -> None:
    solved = await published(services, 1)
    asked = await published(services, 2, type="hoi_dap", public_title="Hỏi về khai sinh")
    pages = {path: await anybody.get(path) for path in ("/phan-anh", "/hoi-dap", f"/phan-anh/{solved}")}
    assert "Đèn đường thôn Đông" in Page(pages["/phan-anh"]).words
    assert "Hỏi về khai sinh" not in pages["/phan-anh"].text
    assert "Hỏi về khai sinh" in Page(pages["/hoi-dap"]).words
    assert "Đã thay bóng." in Page(pages[f"/phan-anh/{solved}"]).words
    assert all(shows_nothing_of_hers(page) for page in pages.values())
    assert (await anybody.get(f"/phan-anh/{asked}")).status_code == 404, "a question lives under hoi-dap"
    assert (await anybody.get(f"/hoi-dap/{asked}")).status_code == 200


async def test_a_search_knows_public_words_only_with_and_without_marks(
    services: Services, anybody: httpx.AsyncClient
) -> None:
    await published(services, 1)
    for words in ("den duong", "Đèn ĐƯỜNG", "thay bong", "thon dong"):
        assert "Đèn đường thôn Đông" in Page(await anybody.get("/phan-anh", params={"tim": words})).words, words
    for words in ("0912345678", "nguyen thi lan", "toi om", "khong co"):
        page = Page(await anybody.get("/phan-anh", params={"tim": words}))
        assert "Đèn đường thôn Đông" not in page.words, f"{words} finds the case, so it is an oracle"
        assert "Không có gì khớp" in page.words


async def test_lists_come_in_pages_by_type(services: Services, anybody: httpx.AsyncClient) -> None:
    for number in range(1, public.SIZE + 3):
        kind = "kien_nghi" if number == 1 else "phan_anh"
        moment = NOW + timedelta(minutes=number)
        await published(services, number, type=kind, public_title=f"Việc số {number}.", published_at=moment)
    first = Page(await anybody.get("/phan-anh"))
    assert f"Việc số {public.SIZE + 2}." in first.words
    assert "Việc số 1." not in first.words
    (older,) = [a["href"] for tag, a in first.elements if tag == "a" and a.get("rel") == "next"]
    assert "Việc số 1." in Page(await anybody.get(f"/phan-anh{older}")).words
    assert "Việc số 1." in Page(await anybody.get("/phan-anh?loai=kien_nghi")).words
    assert "Việc số 2." not in Page(await anybody.get("/phan-anh?loai=kien_nghi")).words
    for odd in ("0", "-1", "9" * 30, "²", "x"):
        assert (await anybody.get("/phan-anh", params={"trang": odd, "loai": odd, "thon": odd})).status_code == 200


async def test_what_officials_wrote_is_never_markup(services: Services, anybody: httpx.AsyncClient) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'\x0b]]>&"
    code = await published(services, public_title=attack, public_text=attack, public_answer=attack)
    for path in ("/phan-anh", f"/phan-anh/{code}", f"/tra-cuu/{code}", "/phan-anh?tim=script"):
        page = await anybody.get(path)
        assert page.status_code == 200
        assert "<script>" not in page.text, path
        assert "<img src=x" not in page.text, path
        assert "default-src 'none'" in page.headers["content-security-policy"]
    feed = await anybody.get("/feed.xml")
    titles = [entry.findtext(f"{ATOM}title") for entry in ElementTree.fromstring(feed.text).iter(f"{ATOM}entry")]
    assert titles == [attack.replace("\x0b", "")]


async def test_the_feed_has_both_kinds_and_links_that_lead_there(
    services: Services, anybody: httpx.AsyncClient
) -> None:
    await published(services, 1)
    await published(services, 2, type="hoi_dap")
    feed = await anybody.get("/feed.xml")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    links = [entry.find(f"{ATOM}link") for entry in ElementTree.fromstring(feed.text).iter(f"{ATOM}entry")]
    assert len(links) == 2
    for link in links:
        assert link is not None
        assert (await anybody.get(link.attrib["href"])).status_code == 200
    assert shows_nothing_of_hers(feed)


async def test_a_picture_is_shown_small_and_only_while_it_is_public(
    services: Services, anybody: httpx.AsyncClient
) -> None:
    code = await published(services)
    file = await services.files.keep(samples.jpeg(), name="Nguyễn Thị Lan.jpg")
    kept = KeptAttachment("photo", file.digest, file.name, file.media_type, file.size)
    async with services.database.transaction() as transaction:
        case = await cases.get(transaction, code)
        assert case
        number = await case_events.attach(transaction, kept, case=case.id, now=NOW)
    assert '<img src="/cong-khai' not in (await anybody.get("/phan-anh")).text
    assert (await anybody.get(f"{public.PICTURE}/{number}")).status_code == 404
    async with services.database.transaction() as transaction:
        await case_events.set_public(transaction, case.id, number, public=True)
    shown = await anybody.get(f"{public.PICTURE}/{number}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert "Lan" not in shown.headers["content-disposition"]
    assert f"{public.PICTURE}/{number}" in (await anybody.get("/phan-anh")).text


@pytest.mark.parametrize("odd", ["0", "-1", "²", "9" * 40, "..%2f..%2fmotcua.db", "1%00", "a" * 64])
async def test_odd_addresses_are_told_politely(anybody: httpx.AsyncClient, odd: str) -> None:
    for path in (public.PICTURE, "/phan-anh", "/hoi-dap"):
        page = await anybody.get(f"{path}/{odd}")
        assert page.status_code == 404, path
        assert "Không có trang này" in Page(page).words
