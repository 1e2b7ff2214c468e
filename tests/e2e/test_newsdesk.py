"""An announcement at the officials' desks in a real browser: chị An writes, ông Bình approves and watches it go out."""

import asyncio
import subprocess
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from bot import clock
from bot.officials.rights import Role
from bot.storage import announcements, audience, subscribers
from bot.storage.announcements import State
from bot.storage.database import Database
from bot.storage.subscribers import Listed
from tests.e2e.conftest import ROOT, SECONDS_TO_STOP
from tests.e2e.test_case_stories import fits, sit_down
from tests.e2e.test_console import MOTCUA, PASSWORD, TARGETS, Started, check_names, environment
from tests.e2e.test_page import TARGET

pytestmark = pytest.mark.browser

PEOPLE = {"an": ("Trần Thị An", Role.EDITOR), "binh": ("Lê Văn Bình", Role.LEADER)}
READERS = 12
MILLISECONDS = 30_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("newsdesk")


@pytest.fixture(scope="module")
def desk(home: Path) -> Iterator[Started]:
    """A program without its worker, whose office has a clerk, a leader and some people who agreed to be told."""
    for name, (full_name, role) in PEOPLE.items():
        add = [MOTCUA, "users", "add", name, "--full-name", full_name, "--role", role, "--password-stdin"]
        subprocess.run(add, cwd=ROOT, env=environment(home), input=PASSWORD.encode(), check=True, capture_output=True)
    apart(home, _subscribe)
    started = Started(home)
    yield started
    started.stop()


def apart(home: Path, work: Callable[[Database], Coroutine[Any, Any, None]]) -> None:
    """Do something to the database in a thread of its own: Playwright's loop runs in this one."""

    async def run() -> None:
        database = Database.open(f"sqlite:///{home}/motcua.db")
        await work(database)
        await database.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


async def _subscribe(database: Database) -> None:
    agreed = clock.now() - timedelta(days=1)
    rows = [Listed("web", f"ban-doc-{number}", "", "", ("khan-cap",), agreed) for number in range(READERS)]
    async with database.transaction() as transaction:
        await subscribers.take_in(transaction, rows, source="import", now=clock.now())


async def _begin(database: Database) -> None:
    """Begin to send what is due, as the worker does, and be gone."""
    async with database.transaction() as transaction:
        now = clock.now()
        (due,) = await announcements.due(transaction, now=now)
        await announcements.move(transaction, due, State.SENDING, who="thử", now=now, started_at=now, tended_at=now)
        await audience.freeze(transaction, due, channels={"web"}, now=now)


def write(page: Page, desk: Started, title: str) -> None:
    page.goto(f"{desk.address}/thong-bao")
    page.get_by_role("link", name="Soạn thông báo").click()
    expect(page.locator("[data-counted]")).to_contain_text(f"{READERS} người")
    page.get_by_label("Thủ tục mới").check()
    expect(page.locator("[data-counted]")).to_contain_text("0 người")
    page.get_by_label("Thủ tục mới").uncheck()
    page.get_by_label("Khẩn cấp, thiên tai").check()
    expect(page.locator("[data-counted]")).to_contain_text(f"{READERS} người (Trang hỏi đáp {READERS})")
    page.get_by_label("Tiêu đề").fill(title)
    page.get_by_label("Nội dung", exact=False).first.fill("Mời bà con **họp thôn** thứ Năm 27/11/2026.")
    page.get_by_label("Khẩn cấp: ghi lý do").fill("lũ về đêm")
    expect(page.get_by_label("Giờ", exact=True)).to_be_hidden()
    page.get_by_label("Lúc gửi").select_option("dau-thang")
    expect(page.get_by_label("Giờ", exact=True)).to_be_visible()
    page.get_by_label("Lúc gửi").select_option("ngay")


@pytest.mark.parametrize("width", [360, 1280])
def test_from_the_clerks_words_to_the_leaders_proof(browser: Browser, desk: Started, home: Path, width: int) -> None:
    title = f"Họp thôn {width}"
    an = sit_down(browser, desk, "an", width)
    write(an, desk, title)
    look_over(an)
    an.get_by_role("button", name="Xem trước").click()
    expect(an.get_by_role("heading", name="Người dân sẽ thấy")).to_be_visible()
    expect(an.locator(".web .bubble strong").last).to_have_text("họp thôn")
    expect(an.get_by_text("27/11/2026 là thứ Sáu")).to_be_visible()
    expect(an.get_by_label("Khẩn cấp: ghi lý do")).to_have_value("lũ về đêm")
    an.get_by_label("Nội dung", exact=False).first.fill("Mời bà con **họp thôn** thứ Sáu 27/11/2026.")
    an.get_by_role("button", name="Lưu và trình duyệt").click()
    expect(an.get_by_role("status")).to_have_text("Đã lưu và trình duyệt.")
    expect(an.get_by_text("27/11/2026 là thứ Sáu")).to_have_count(0)
    look_over(an)

    binh = sit_down(browser, desk, "binh", width)
    binh.get_by_role("link", name=title).click()
    look_over(binh)
    binh.get_by_role("button", name=f"Duyệt, gửi {READERS} người").click()
    expect(binh.get_by_role("status")).to_contain_text(f"Đã duyệt. Gửi {READERS} người lúc")
    apart(home, _begin)
    binh.reload()
    expect(binh.get_by_text(f"0 / {READERS} người đã có kết quả")).to_be_visible()
    look_over(binh)
    worker = subprocess.Popen(
        [MOTCUA, "run", "--only", "worker"], cwd=ROOT, env=environment(home), stderr=subprocess.DEVNULL
    )
    try:
        done = binh.get_by_text(f"{READERS} / {READERS} người đã có kết quả")
        expect(done).to_be_visible(timeout=MILLISECONDS)
        expect(binh.locator(".standing")).to_contain_text("đã gửi xong", timeout=MILLISECONDS)
    finally:
        worker.terminate()
        worker.wait(SECONDS_TO_STOP)
    look_over(binh)
    with binh.expect_download() as proof:
        binh.get_by_role("link", name="Tải phiếu gửi").click()
    sheet = load_workbook(BytesIO(Path(proof.value.path()).read_bytes())).active
    assert sheet is not None
    assert [row[5] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["đã nhận"] * READERS
    for path in ("/thong-bao", "/thong-bao/lich", "/tai-khoan"):
        binh.goto(desk.address + path)
        look_over(binh)


def look_over(page: Page) -> None:
    """Nothing is cut off, a finger hits every control, and each has a name."""
    assert fits(page), page.url
    check_names(page)
    for control in page.locator(TARGETS).filter(visible=True).all():
        box = control.bounding_box()
        assert box is None or box["height"] >= TARGET, control.evaluate("e => e.outerHTML")


def test_writing_works_without_javascript(browser: Browser, desk: Started) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{desk.address}/dang-nhap?tiep=/quan-tri/thong-bao/moi")
    page.get_by_label("Tên đăng nhập").fill("an")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_label("Thủ tục mới").check()
    page.get_by_role("button", name="Đếm lại").click()
    expect(page.locator("[data-counted]")).to_contain_text("0 người")
    page.get_by_label("Tiêu đề").fill("Chuyên mục tháng")
    page.get_by_label("Nội dung", exact=False).first.fill("Cải cách hành chính.")
    page.get_by_label("Lúc gửi").select_option("cuoi-thang")
    page.get_by_label("Giờ", exact=True).fill("08:00")
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_role("status")).to_have_text("Đã lưu bản nháp.")
    expect(page.get_by_text("8:00 ngày cuối tháng").first).to_be_visible()
    context.close()
