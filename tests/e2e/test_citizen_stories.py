"""Citizens with a matter, in a real browser: chị Lan reports and follows, bác Sáu reads along, a stranger pries."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import axe
from tests.e2e.conftest import Visit

pytestmark = pytest.mark.browser

CODE = re.compile(r"PA-\d{4}-\d{6}-[A-Z]")
SIZES = [(360, 640), (1280, 800)]
MATTER = {
    360: "Đèn đường đầu ngõ hỏng cả tuần nay, tối om, đề nghị xã cho sửa",
    1280: "nhà hàng xóm mở loa kẹo kéo suốt đêm không ngủ được",
}


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def file_a_case(visit: Visit, width: int, height: int) -> tuple[Page, str]:
    lan = visit(width, height)
    lan.ask(MATTER[width])
    if width > 1000:
        lan.press("Gửi phản ánh việc này")
    lan.press("Đồng ý, viết tiếp")
    lan.press("Đúng")
    lan.ask(f"gần nhà số {width}")
    lan.ask("Nguyễn Thị Lan, 0912 345 678")
    code = CODE.search(lan.press("Gửi").inner_text())
    assert code
    return lan.page, code[0]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_lan_reports_follows_and_sees_what_is_kept(visit: Visit, site: str, width: int, height: int) -> None:
    page, code = file_a_case(visit, width, height)
    assert axe.faults(page) == []
    page.goto(f"{site}/tra-cuu")
    page.get_by_label("Mã").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(code)
    assert "Lan" not in page.inner_text("main")
    assert "0912" not in page.content()
    assert fits(page)
    assert axe.faults(page) == []

    page.goto(f"{site}/du-lieu")
    expect(page.get_by_role("article")).to_contain_text("1")
    assert fits(page)
    assert axe.faults(page) == []
    with page.expect_download() as kept:
        page.get_by_role("button", name="Tải").click()
    assert code in kept.value.path().read_text(encoding="utf-8")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_stranger_learns_nothing_of_others(visit: Visit, site: str, width: int, height: int) -> None:
    stranger = visit(width, height)
    stranger.page.goto(f"{site}/du-lieu")
    expect(stranger.page.get_by_role("main")).to_contain_text("chưa giữ gì")
    stranger.page.goto(f"{site}/tra-cuu?ma=PA-2026-999999-A")
    expect(stranger.page.get_by_role("alert")).to_be_visible()
    stranger.faults.clear()  # the browser reports the 404


@pytest.mark.parametrize("path", ["", "/tra-cuu", "/phan-anh", "/hoi-dap", "/du-lieu", "/khong-co"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_public_page_is_open_to_everybody(visit: Visit, site: str, path: str, width: int, height: int) -> None:
    sau = visit(width, height, address=f"{site}{path}")
    assert axe.faults(sau.page) == []
    assert fits(sau.page)
    sau.faults.clear()  # the browser reports the 404
