"""Feedback at the officials' desks in a real browser: chị Hạnh takes in, anh Tú handles, ông Bình leads."""

import asyncio
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from bot.officials.rights import Role
from bot.storage import cases, people
from bot.storage.database import Database
from tests.bot.test_case_storage import filed
from tests.conftest import NOW
from tests.e2e import axe
from tests.e2e.conftest import ROOT
from tests.e2e.test_console import MOTCUA, PASSWORD, Started, environment, open_page

pytestmark = pytest.mark.browser

LAND = "địa chính"
PEOPLE = {
    "hanh": ("Trần Thị Hạnh", Role.INTAKE, ""),
    "tu": ("Nguyễn Anh Tú", Role.HANDLER, LAND),
    "binh": ("Lê Văn Bình", Role.LEADER, ""),
    "la": ("Phạm Người Lạ", Role.HANDLER, "văn hóa"),
}
SECRET = "PA-2026-000900-T"
CODE = re.compile(r"PA-\d{4}-\d{6}-[A-Z]")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A program whose office has four officials and one confidential case."""
    home = tmp_path_factory.mktemp("cases")
    for name, (full_name, role, unit) in PEOPLE.items():
        add = [MOTCUA, "users", "add", name, "--full-name", full_name, "--role", role, "--unit", unit]
        subprocess.run(
            [*add, "--password-stdin"],
            cwd=ROOT,
            env=environment(home),
            input=PASSWORD.encode(),
            check=True,
            capture_output=True,
        )
    with ThreadPoolExecutor(1) as apart:  # Playwright's loop runs in this thread
        apart.submit(asyncio.run, _secret(f"sqlite:///{home}/motcua.db")).result()
    started = Started(home)
    yield started
    started.stop()


async def _secret(url: str) -> None:
    database = Database.open(url)
    async with database.transaction() as transaction:
        person = await people.recognise(transaction, "web", "kin", now=NOW)
        case = await filed(transaction, SECRET, type="to_cao", confidential=True, person_id=person)
        await cases.change(transaction, case, text="Tố cáo ông X thu tiền", reporter_name="Đỗ Kín")
    await database.close()


def sit_down(browser: Browser, desk: Started, name: str, width: int) -> Page:
    page = open_page(browser, width, 800)
    page.goto(f"{desk.address}/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm")
    return page


def photo(tmp_path: Path) -> Path:
    kept = BytesIO()
    Image.new("RGB", (80, 60), "green").save(kept, "JPEG")
    path = tmp_path / "da-thay.jpg"
    path.write_bytes(kept.getvalue())
    return path


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("width", [360, 1280])
def test_from_the_counter_to_the_answer(browser: Browser, desk: Started, tmp_path: Path, width: int) -> None:
    hanh = sit_down(browser, desk, "hanh", width)
    hanh.goto(f"{desk.address}/tiep-nhan")
    hanh.get_by_label("Nội dung").fill(f"Đèn đường ngõ {width} hỏng")
    hanh.get_by_label("Họ và tên").fill("Nguyễn Thị Lan")
    hanh.get_by_role("textbox", name="Điện thoại").fill("0912 345 678")
    hanh.get_by_role("button", name="Ghi nhận, lấy mã").click()
    code = CODE.search(hanh.inner_text(".code"))
    assert code
    assert fits(hanh)
    assert axe.faults(hanh) == []
    hanh.get_by_role("link", name="Mở việc này").click()
    hanh.get_by_role("link", name="Tiếp nhận", exact=True).last.click()
    hanh.get_by_role("button", name="Tiếp nhận", exact=True).click()
    hanh.get_by_role("link", name="Giao xử lý").click()
    hanh.get_by_label("Giao cho").select_option("tu")
    hanh.get_by_role("button", name="Giao xử lý").click()
    expect(hanh.get_by_role("status")).to_contain_text("Đã ghi")

    tu = sit_down(browser, desk, "tu", width)
    tu.get_by_role("link", name=f"Đèn đường ngõ {width} hỏng").first.click()
    tu.get_by_role("link", name="Trả lời", exact=True).click()
    tu.get_by_label("Kết quả").select_option("da_xong")
    tu.get_by_label("Lời gửi người dân").fill("Đã thay bóng đèn.")
    tu.get_by_role("button", name="Trả lời", exact=True).click()
    expect(tu.get_by_role("alert")).to_contain_text("Còn thiếu ảnh hoặc số văn bản")
    expect(tu.get_by_label("Lời gửi người dân")).to_have_value("Đã thay bóng đèn.")
    tu.get_by_label("Ảnh, tệp cho thấy việc đã làm").set_input_files(photo(tmp_path))
    tu.get_by_role("button", name="Trả lời", exact=True).click()
    expect(tu.get_by_role("status")).to_contain_text("Đã ghi: trả lời")
    expect(tu.get_by_role("img", name="da-thay.jpg")).to_be_visible()
    assert axe.faults(tu) == []
    assert fits(tu)

    stranger = sit_down(browser, desk, "la", width)
    stranger.goto(f"{desk.address}/phan-anh/{code[0]}")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Không có việc này")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_leader_alone_opens_what_is_confidential(browser: Browser, desk: Started, width: int) -> None:
    binh = sit_down(browser, desk, "binh", width)
    binh.goto(f"{desk.address}/phan-anh/{SECRET}")
    assert "Đỗ Kín" not in binh.content()
    binh.get_by_text("Xem người gửi").first.click()
    binh.get_by_label("Lý do cần biết người gửi").fill("mời lên làm việc")
    binh.get_by_role("button", name="Xem người gửi").click()
    expect(binh.get_by_text("Đỗ Kín")).to_be_visible()
    hanh = sit_down(browser, desk, "hanh", width)
    hanh.goto(f"{desk.address}/phan-anh?nhom=all")
    assert SECRET not in hanh.content()
    assert fits(hanh)


def test_the_queue_by_keyboard(browser: Browser, desk: Started) -> None:
    hanh = sit_down(browser, desk, "hanh", 1280)
    hanh.goto(f"{desk.address}/tiep-nhan")
    hanh.get_by_label("Nội dung").fill("Cống tắc trước chợ")
    hanh.get_by_label("Không để tên").check()
    hanh.get_by_role("button", name="Ghi nhận, lấy mã").click()
    hanh.goto(f"{desk.address}/phan-anh")
    hanh.keyboard.press("/")
    hanh.keyboard.type("cong tac")
    hanh.keyboard.press("Enter")
    hanh.wait_for_url("**tim=cong+tac*")
    hanh.keyboard.press("j")
    hanh.keyboard.press("Enter")
    expect(hanh.get_by_role("heading", level=1)).to_have_text(CODE)
    expect(hanh.get_by_role("article")).to_have_count(0)
    expect(hanh.get_by_text("Cống tắc trước chợ").first).to_be_visible()


def test_two_at_once_and_nothing_typed_is_lost(browser: Browser, desk: Started) -> None:
    hanh = sit_down(browser, desk, "hanh", 1280)
    hanh.goto(f"{desk.address}/tiep-nhan")
    hanh.get_by_label("Nội dung").fill("Bụi từ bãi cát")
    hanh.get_by_label("Không để tên").check()
    hanh.get_by_role("button", name="Ghi nhận, lấy mã").click()
    hanh.get_by_role("link", name="Mở việc này").click()
    case = hanh.url
    binh = sit_down(browser, desk, "binh", 1280)
    binh.goto(f"{case}?buoc=hoi_them")
    binh.get_by_label("Lời gửi người dân").fill("Bãi cát của ai ạ?")
    hanh.goto(f"{case}?buoc=tiep_nhan")
    hanh.get_by_role("button", name="Tiếp nhận", exact=True).click()
    expect(hanh.get_by_role("status")).to_contain_text("Đã ghi")
    binh.get_by_role("button", name="Hỏi thêm người dân").click()
    expect(binh.get_by_role("alert")).to_contain_text("đã thay đổi")
    expect(binh.get_by_label("Lời gửi người dân")).to_have_value("Bãi cát của ai ạ?")
    expect(binh.get_by_role("heading", name="Điều vừa thay đổi")).to_be_visible()
    binh.get_by_role("button", name="Hỏi thêm người dân").click()
    expect(binh.get_by_role("status")).to_contain_text("Đã ghi")
