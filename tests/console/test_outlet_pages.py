"""The pages of outlets: who may see them, what they hold, places added and left out, sheets to be printed."""

import io
import re
from datetime import timedelta

import docx
import pytest

from bot.broadcasting import placing
from bot.broadcasting.placing import Action
from bot.console.office import Office
from bot.console.pages import outlets
from bot.officials.rights import Role
from bot.storage import announcements, audit, posters
from bot.storage.announcements import Draft
from bot.storage.audit import Filter
from tests.conftest import NOW
from tests.console.conftest import Browser, Elements, SignedIn

ATTACK = "<script>alert(1)</script>\"'&"
BODY = "Cấp thẻ CCCD.\n\n- Thời gian: 7h30 ngày 28/11/2026.\n- Địa điểm: nhà văn hóa thôn 2."


@pytest.fixture
async def number(office: Office) -> int:
    async with office.database.transaction() as transaction:
        draft = Draft(title=f"Cấp thẻ {ATTACK}", body=f"{BODY}\n\n{ATTACK}", author="an")
        return await announcements.create(transaction, draft, now=NOW)


async def with_place(browser: Browser, number: int, place: str = "Nhà văn hóa thôn 2") -> str:
    """Add a place as the official does; return the code of its poster."""
    await browser.open(f"/thong-bao/{number}/an-pham")
    assert (await browser.send(f"/thong-bao/{number}/an-pham/noi", {"place": place})).status_code == 303
    await browser.open(f"/thong-bao/{number}/an-pham")
    found: list[str] = re.findall(r"noi=(\w+)", browser.seen)
    return found[-1]


@pytest.mark.parametrize("role", [Role.INTAKE, Role.HANDLER, Role.ADMIN])
async def test_others_see_nothing(signed_in: SignedIn, number: int, role: Role) -> None:
    somebody = await signed_in("hoa", role)
    for page in outlets.PAGES:
        if page.method == "GET":
            path = page.path.format(announcement=number)
            assert (await somebody.open(path)).status_code == 403, path
    await somebody.open("/tai-khoan")
    assert (await somebody.send(f"/thong-bao/{number}/an-pham/noi", {"place": "Chợ"})).status_code == 403


@pytest.mark.parametrize("role", [Role.LEADER, Role.EDITOR])
async def test_what_can_be_made_of_an_announcement(signed_in: SignedIn, number: int, role: Role) -> None:
    hoa = await signed_in("hoa", role)
    await hoa.open("/an-pham")
    assert f"/quan-tri/thong-bao/{number}/an-pham" in hoa.seen
    page = await hoa.open(f"/thong-bao/{number}/an-pham")
    assert page.status_code == 200
    assert ATTACK not in hoa.seen
    assert "chưa được duyệt" in hoa.words
    assert "Đọc khoảng" in hoa.words
    assert "bảy giờ ba mươi" in hoa.words
    file = await hoa.open(f"/thong-bao/{number}/an-pham/bai-dang.html")
    assert f'filename="thong-bao-{number}.html"' in file.headers["content-disposition"]
    assert file.text.startswith("<h2>Cấp thẻ &lt;script&gt;")
    assert "<script>" not in file.text
    file = await hoa.open(f"/thong-bao/{number}/an-pham/ban-tin.docx")
    assert file.headers["content-type"] == outlets.DOCX
    assert "Thưa bà con" in docx.Document(io.BytesIO(file.content)).paragraphs[3].text


async def test_places_are_added_once_counted_and_audited(office: Office, signed_in: SignedIn, number: int) -> None:
    hoa = await signed_in("hoa", Role.EDITOR)
    code = await with_place(hoa, number, "  Nhà văn  hóa\tthôn 2 ")
    assert await with_place(hoa, number) == code
    for wrong in ("", " \u200b ", "x" * (placing.LONGEST_PLACE + 1)):
        assert (await hoa.send(f"/thong-bao/{number}/an-pham/noi", {"place": wrong})).status_code == 422
        assert "Xin ghi tên nơi treo" in hoa.words
    async with office.database.transaction() as transaction:
        for what in ("visits", "conversations"):
            await posters.count(transaction, code, what, day=NOW.date())
        entries = await audit.entries(transaction, Filter(action=Action.ADDED), limit=9)
    assert {entry.subject for entry in entries} == {code}
    assert entries[0].details == {"noi": "Nhà văn hóa thôn 2"}
    await hoa.open("/an-pham")
    assert "Nhà văn hóa thôn 2" in hoa.words
    later = (NOW + timedelta(days=1)).date()
    await hoa.open(f"/an-pham?tu={later}&den=x")
    assert re.search(r'data-label="Lượt quét">0<', hoa.seen)
    assert (await hoa.send(f"/thong-bao/{number}/an-pham/noi/{code}/bo")).status_code == 422, "somebody came by it"


async def test_a_place_by_which_nobody_came_is_left_out(office: Office, signed_in: SignedIn, number: int) -> None:
    hoa = await signed_in("hoa", Role.EDITOR)
    code = await with_place(hoa, number)
    assert (await hoa.send(f"/thong-bao/{number + 1}/an-pham/noi/{code}/bo")).status_code == 422, "another's"
    assert (await hoa.send(f"/thong-bao/{number}/an-pham/noi/{code}/bo")).status_code == 303
    async with office.database.transaction() as transaction:
        assert await posters.find(transaction, code) is None
        assert len(await audit.entries(transaction, Filter(action=Action.REMOVED), limit=9)) == 1


async def test_the_sheet_holds_what_is_known_and_nothing_else(office: Office, signed_in: SignedIn, number: int) -> None:
    hoa = await signed_in("hoa", Role.EDITOR)
    code = await with_place(hoa, number)
    sheet = f"/thong-bao/{number}/an-pham/to-in?noi={code}"
    page = await hoa.open(f"{sheet}&kho=a4")
    assert page.status_code == 200
    assert "Thời gian: 7h30 ngày 28/11/2026." in hoa.words
    assert f"quan-tri.xa/d/{code}" in hoa.words
    assert "web.public_url" in hoa.words, "the code would lead nowhere from outside"
    assert "Điện thoại:" not in hoa.words, "the settings have none"
    assert [one for one in Elements(hoa.seen).all("svg") if one.get("class") == "segno"]
    assert ' style="' not in hoa.seen, "our policy allows none"
    await hoa.open(f"{sheet}&kho=a5&dong=Một%0A%0A{'x' * 500}%0A{'dòng%0A' * 20}<script>")
    assert "<script>alert" not in hoa.seen
    lines = re.findall(r"<li>([^<]*)</li>", hoa.seen.partition("<ul>")[2].rpartition('class="foot"')[0])
    assert lines[0] == "Một"
    assert len(lines) == outlets.PAPERS["a5"].lines
    assert max(map(len, lines)) == outlets.PAPERS["a5"].longest
    await hoa.open(f"{sheet}&dong={('x' * 500 + '%0A') * 20}")
    assert "Không đủ chỗ" in hoa.words


@pytest.mark.parametrize("path", ["", "/to-in", "/bai-dang.html", "/ban-tin.docx", "/to-in?noi=abcdef&kho=%00"])
async def test_what_does_not_exist_is_told(signed_in: SignedIn, number: int, path: str) -> None:
    hoa = await signed_in("hoa", Role.EDITOR)
    for which in (number + 1, "0", "²", "x"):
        assert (await hoa.open(f"/thong-bao/{which}/an-pham{path}")).status_code == 404
    if "to-in" in path:
        assert (await hoa.open(f"/thong-bao/{number}/an-pham{path}")).status_code == 404
