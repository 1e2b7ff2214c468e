"""Outlets in a real browser: the sheets as they come out of the printer, and a villager who scans one."""

import asyncio
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from bot.storage import announcements, posters
from bot.storage.announcements import Draft, State
from bot.storage.broadcast_tables import announcements as table
from bot.storage.database import Database
from tests.conftest import NOW
from tests.e2e import axe
from tests.e2e.conftest import ROOT
from tests.e2e.test_console import HA, MOTCUA, PASSWORD, Started, environment, open_page, sign_in

pytestmark = pytest.mark.browser

PLACE = "Nhà văn hóa thôn 2"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
TITLE = "Cấp, đổi thẻ căn cước lưu động cho người cao tuổi, người khuyết tật và học sinh lớp 9 tại các thôn"
LINE = "Bà con mang theo thẻ cũ, sổ bảo hiểm y tế, đến đúng giờ đã hẹn để cán bộ phục vụ được mọi người."
MILLIMETRES = 72 / 25.4


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A program whose office has sent one announcement, with a poster at one place."""
    home = tmp_path_factory.mktemp("newsroom")
    add = [MOTCUA, "users", "add", "ha", *HA, "--password-stdin"]
    subprocess.run(add, cwd=ROOT, env=environment(home), input=PASSWORD.encode(), check=True, capture_output=True)
    with ThreadPoolExecutor(1) as apart:  # Playwright's loop runs in this thread
        apart.submit(asyncio.run, _sent(f"sqlite:///{home}/motcua.db")).result()
    started = Started(home)
    yield started
    started.stop()


async def _sent(url: str) -> None:
    database = Database.open(url)
    async with database.transaction() as transaction:
        body = "- Thời gian: 7h30, thứ Bảy 28/11/2026.\n" + f"- {LINE}\n" * 20
        number = await announcements.create(transaction, Draft(title=TITLE, body=body, author="ha"), now=NOW)
        await transaction.execute(update(table).values(state=State.FINISHED, started_at=NOW))
        await posters.add(transaction, number, PLACE, now=NOW)
    await database.close()


@pytest.mark.parametrize(("paper", "size"), [("a4", [210, 297]), ("a5", [148, 210])])
@pytest.mark.parametrize("screen", [360, 1280])
def test_everything_stands_on_one_sheet(
    browser: Browser, newsroom: Started, tmp_path: Path, paper: str, size: list[int], screen: int
) -> None:
    page = open_page(browser, screen)
    sign_in(page, newsroom)
    page.goto(f"{newsroom.address}/thong-bao/1/an-pham")
    assert axe.faults(page) == []
    page.locator(f'a[href*="kho={paper}"]').click()
    assert axe.faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing to push sideways"
    sheet = page.locator(".paper")
    for part in sheet.locator(".poster, .poster ul").all():
        assert part.evaluate("e => e.scrollHeight <= e.clientHeight + 1"), "nothing is cut off"
    frame, foot = sheet.bounding_box(), page.locator(".hung").bounding_box()
    assert frame
    assert foot
    assert foot["y"] + foot["height"] <= frame["y"] + frame["height"]
    assert page.locator(".poster li").count() >= 5
    page.pdf(path=tmp_path / "to.pdf", prefer_css_page_size=True)
    printed = (tmp_path / "to.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    (box,) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert [round(float(side) / MILLIMETRES) for side in box] == size
    page.context.close()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_a_villager_scans_the_code_and_asks(browser: Browser, newsroom: Started, width: int) -> None:
    page = open_page(browser, 1280)
    sign_in(page, newsroom)
    page.goto(f"{newsroom.address}/an-pham")
    row = page.locator("tr", has_text=PLACE)
    visits, begun = (int(row.locator(f'[data-label="{name}"]').inner_text()) for name in ("Lượt quét", "Trò chuyện"))
    page.goto(f"{newsroom.address}/thong-bao/1/an-pham")
    code = re.findall(r"noi=(\w+)", page.content())[0]
    lan = open_page(browser, width, user_agent=PHONE)
    faults: list[str] = []
    lan.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    site = newsroom.address.removesuffix("/quan-tri")
    lan.goto(f"{site}/d/{code}")
    expect(lan.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert lan.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe.faults(lan) == []
    lan.reload()
    lan.get_by_role("button", name="Hỏi trợ lý ngay tại đây").click()
    expect(lan.get_by_role("log")).to_contain_text("thứ Bảy 28/11/2026")
    lan.goto(f"{site}/thong-bao")
    assert axe.faults(lan) == []
    lan.get_by_role("link", name=TITLE).click()
    expect(lan.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert lan.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe.faults(lan) == []
    assert faults == []
    page.goto(f"{newsroom.address}/an-pham")
    expect(row.locator('[data-label="Lượt quét"]')).to_have_text(str(visits + 1))
    expect(row.locator('[data-label="Trò chuyện"]')).to_have_text(str(begun + 1))
    lan.context.close()
    page.context.close()
