"""Stories of the officials' console in a real browser: joining, signing in, finding one's way."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.officials.rights import Role
from tests.e2e import axe
from tests.e2e.conftest import ROOT, SECONDS_TO_STOP, address_of
from tests.e2e.test_page import AA_SHAPE, AA_TEXT, TARGET, contrast, focused

pytestmark = pytest.mark.browser

PASSWORD = "bon con trau tren doi cat"
SIZES = ((320, 640), (360, 740), (1280, 800), (640, 400), (320, 200))  # the last two: 1280 × 800 at 200 % and 400 %
PAGES = (
    *("/", "/can-bo", "/can-bo/1", "/can-bo/moi", "/nhat-ky", "/tai-khoan", "/tai-khoan/hai-buoc", "/them"),
    *("/phan-anh", "/phan-anh?nhom=all&loai=gop_y", "/tiep-nhan", "/mau-tra-loi", "/mau-tra-loi/moi", "/an-pham"),
    *("/thong-bao", "/thong-bao?nhom=proposed&tim=a", "/thong-bao/lich", "/thong-bao/moi"),
    *("/su-kien", "/thi-tim-hieu", "/sang-kien", "/tinh-trang", "/du-lieu"),
)
TARGETS = "button, .button, .side nav a, select, main input:not([type=hidden], [type=checkbox], [type=radio])"
LINK = re.compile(r"tài khoản quản trị đầu tiên: (http\S+)")


MOTCUA = str(Path(sys.executable).with_name("motcua"))
HA = ("--full-name", "Phạm Thị Hà", "--unit", "Văn phòng – thống kê", *(f"--role={role}" for role in Role))


class Started:
    """A program of its own on the database of a folder; where it is, and what it logs."""

    def __init__(self, home: Path) -> None:
        self._log = home / "stderr"
        with self._log.open("wb") as stderr:
            self.program = subprocess.Popen(
                [MOTCUA, "run", "--only", "web"], cwd=ROOT, env=environment(home), stderr=stderr
            )
        self.address = address_of(self.program, self._log) + "/quan-tri"

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def stop(self) -> None:
        self.program.terminate()
        self.program.wait(SECONDS_TO_STOP)


def environment(home: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    here = {"MOTCUA_DATABASE__URL": f"sqlite:///{home}/motcua.db", "MOTCUA_FILES__FOLDER": f"{home}/tep"}
    return inherited | here | {"MOTCUA_WEB__PORT": "0"}


@pytest.fixture(scope="module")
def empty_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    started = Started(tmp_path_factory.mktemp("empty"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A program whose office has an administrator, bà Hà."""
    home = tmp_path_factory.mktemp("office")
    add = [MOTCUA, "users", "add", "ha", *HA, "--password-stdin"]
    subprocess.run(add, cwd=ROOT, env=environment(home), input=PASSWORD.encode(), check=True, capture_output=True)
    started = Started(home)
    assert LINK.search(started.log) is None
    yield started
    started.stop()


def open_page(browser: Browser, width: int = 360, height: int = 740, **options: object) -> Page:
    context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    return context.new_page()


def sign_in(page: Page, office: Started) -> None:
    page.goto(f"{office.address}/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill("ha")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm")


@pytest.mark.parametrize("width", [360, 1280])
def test_truong_opens_the_first_link_turns_the_second_factor_on_and_comes_back(
    browser: Browser, empty_office: Started, width: int
) -> None:
    page = open_page(browser, width)
    if width == 360:
        (link,) = LINK.findall(empty_office.log)
        page.goto(link)
        page.get_by_label("Họ và tên").fill("Nguyễn Văn Trường")
        page.get_by_label("Tên đăng nhập").fill("truong")
        page.get_by_label("Mật khẩu mới").fill(PASSWORD)
        page.get_by_label("Gõ lại mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Tạo tài khoản").click()
        expect(page.get_by_role("status")).to_have_text("Đã đặt mật khẩu. Mời ông/bà đăng nhập.")
        assert empty_office.log.count(link.rpartition("/")[2]) == 1, "the link is told once"
    page.goto(f"{empty_office.address}/tai-khoan")
    page.get_by_label("Tên đăng nhập").fill("truong")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tài khoản")

    page.get_by_role("link", name="Bật ngay").click()
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    expect(page.get_by_role("img", name=re.compile("Mã QR"))).to_be_visible()
    page.get_by_label("Mã 6 số").fill(pyotp.TOTP(secret).now())
    page.get_by_label("Mật khẩu hiện nay").fill(PASSWORD)
    page.get_by_role("button", name="Bật", exact=True).click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="Tôi đã cất các mã").click()

    page.get_by_role("button", name="Đăng xuất", exact=True).last.click()
    page.get_by_label("Tên đăng nhập").fill("truong")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_label("Mã 6 số đang hiện trong ứng dụng")).to_be_focused()
    page.keyboard.type("123")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Mã chưa đúng")
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm")

    page.goto(f"{empty_office.address}/tai-khoan/hai-buoc/tat")  # for the other size
    page.get_by_label("Mật khẩu hiện nay").fill(PASSWORD)
    page.get_by_role("button", name="Tắt xác thực hai bước").click()
    page.context.close()


def test_ha_invites_minh_with_the_keyboard_alone(browser: Browser, office: Started) -> None:
    page = open_page(browser, 1280, 800)
    sign_in(page, office)
    page.goto(f"{office.address}/can-bo")
    keyboard = page.keyboard
    keyboard.press("/")
    expect(page.get_by_label("Tìm theo tên, bộ phận")).to_be_focused()
    keyboard.type("j")
    expect(page.get_by_label("Tìm theo tên, bộ phận")).to_have_value("j")
    page.get_by_role("link", name="Mời cán bộ").focus()
    keyboard.press("Enter")
    page.get_by_label("Tên đăng nhập").fill("minh")
    page.get_by_label("Họ và tên").fill("Trần Quang Minh")
    page.get_by_label("Xử lý").focus()
    keyboard.press("Space")
    keyboard.press("Enter")
    expect(page.locator("code.secret")).to_contain_text("/quan-tri/moi/")

    page.goto(f"{office.address}/can-bo")
    keyboard.press("j")
    assert focused(page) == "Phạm Thị Hà"
    keyboard.press("j")
    assert focused(page) == "Trần Quang Minh"
    keyboard.press("k")
    keyboard.press("?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    keyboard.press("Escape")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Phạm Thị Hà")
    page.context.close()


def test_a_link_on_another_site_leads_straight_in(browser: Browser, office: Started) -> None:
    """The browser keeps the SameSite=Strict cookie back when another site, here localhost, links to us."""
    page = open_page(browser)
    sign_in(page, office)
    page.goto(office.address.replace("127.0.0.1", "localhost").replace("/quan-tri", "/"))
    page.evaluate("address => { location = address }", f"{office.address}/can-bo")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cán bộ")
    page.context.close()


def test_all_of_it_works_without_javascript(browser: Browser, office: Started) -> None:
    page = open_page(browser, java_script_enabled=False)
    sign_in(page, office)
    page.get_by_role("link", name="Thêm", exact=True).click()
    page.get_by_role("main").get_by_role("link", name="Cán bộ", exact=True).click()
    page.get_by_role("link", name="Phạm Thị Hà").click()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lưu")
    page.context.close()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_cut_off_and_a_finger_hits_everything(
    browser: Browser, office: Started, width: int, height: int
) -> None:
    page = open_page(browser, width, height)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    sign_in(page, office)
    for path in PAGES:
        page.goto(office.address + path)
        assert page.evaluate("() => document.documentElement.scrollWidth") == width, path
        for control in page.locator(TARGETS).filter(visible=True).all():
            box = control.bounding_box()
            assert box is None or box["height"] >= TARGET, (path, control.evaluate("e => e.outerHTML"))
    assert faults == []
    page.context.close()


def test_a_screen_reader_finds_its_way(browser: Browser, office: Started) -> None:
    page = open_page(browser, 1280, 800)
    page.goto(f"{office.address}/dang-nhap")
    check_names(page)
    sign_in(page, office)
    for path in PAGES:
        page.goto(office.address + path)
        check_names(page)
        assert axe.faults(page) == [], path
        expect(page.get_by_role("navigation", name="Các phần")).to_be_visible()
    page.goto(f"{office.address}/can-bo/moi")
    page.get_by_label("Họ và tên").fill("Lan")
    page.get_by_label("Tên đăng nhập").fill("Lận")
    page.get_by_role("button", name="Lập tài khoản").click()
    wrong = page.get_by_label("Tên đăng nhập")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_accessible_description(re.compile("Tên đăng nhập viết không dấu"))
    expect(page.get_by_label("Họ và tên")).to_have_value("Lan")
    page.context.close()


def check_names(page: Page) -> None:
    """One language, one heading of the first level and none skipped, no id twice, a name for every control."""
    assert page.locator("html").get_attribute("lang") == "vi"
    levels = page.evaluate(
        "() => [...document.querySelectorAll('main :is(h1,h2,h3,h4)')].map(h => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    for control in (
        page.locator(":is(a, button, select, input:not([type=hidden])):not(dialog *)").filter(visible=True).all()
    ):
        expect(control).to_have_accessible_name(re.compile(r"\S"))


TEXTS = [
    *[("ink", "paper"), ("ink", "ground"), ("ink", "chosen"), ("soft", "paper"), ("soft", "ground")],
    *[("action", "paper"), ("action", "ground"), ("action", "chosen"), ("on-action", "action"), ("paper", "ink")],
    *[(word, behind) for word in ("good", "waiting", "bad") for behind in ("paper", "ground")],
]
SHAPES = [("action", "paper"), ("action", "ground"), ("soft", "ground"), ("soft", "paper"), ("seal", "paper")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_stand_out_enough(browser: Browser, office: Started, scheme: str) -> None:
    page = open_page(browser, color_scheme=scheme)
    page.goto(f"{office.address}/dang-nhap")
    names = sorted({name for pair in (*TEXTS, *SHAPES) for name in pair})
    colours = page.evaluate(
        "names => Object.fromEntries(names.map(n =>"
        " [n, getComputedStyle(document.documentElement).getPropertyValue('--' + n).trim()]))",
        names,
    )
    weak = [pair for pair in TEXTS if contrast(colours[pair[0]], colours[pair[1]]) < AA_TEXT]
    weak += [pair for pair in SHAPES if contrast(colours[pair[0]], colours[pair[1]]) < AA_SHAPE]
    assert weak == []
    page.context.close()
