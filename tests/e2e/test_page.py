"""Stories of the citizens' page, told in a real browser against the program as it is started."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from bot.channels.web import pages
from handlers import actions
from tests.e2e.conftest import Citizen, Visit

pytestmark = pytest.mark.browser

ASKED = "dang ky ket hon can giay to gi"
ANSWERED = "Đăng ký kết hôn: giấy tờ cần mang"
RATING = "Câu trả lời có đúng điều ông/bà hỏi không?"
SIZES = ((320, 640), (360, 740), (1280, 800), (640, 400), (320, 200))  # the last two: 1280 × 800 at 200 % and 400 %
MOST_BYTES = 100_000
TARGET = 44  # pixels, the smallest a finger hits
AA_TEXT, AA_SHAPE = 4.5, 3.0


def said(citizen: Citizen) -> list[str]:
    return citizen.log.locator("article").all_inner_texts()


def test_lan_asks_on_her_phone_presses_leans_back_returns_and_rates(on_phone: Visit) -> None:
    lan = on_phone()
    expect(lan.answer).to_contain_text("Đây là trợ lý tự động của UBND xã Trung Dũng")

    answer = lan.ask(ASKED)
    expect(answer.locator("strong").first).to_have_text(ANSWERED)
    expect(answer).to_contain_text("Nguồn:")
    expect(answer.locator("strong").first).to_be_in_viewport()
    expect(lan.box).to_be_focused()

    expect(lan.press("Lệ phí").locator("strong").first).to_have_text("Đăng ký kết hôn: lệ phí")
    expect(lan.ask("the nop o dau").locator("strong").first).to_have_text("Đăng ký kết hôn: nộp ở đâu")

    before = said(lan)
    lan.page.reload()
    assert said(lan) == before
    expect(lan.log.locator("article.citizen").last).to_be_in_viewport()

    lan.log.get_by_role("group", name=RATING).last.get_by_role("button", name="Đúng", exact=True).click()
    expect(lan.answer).to_contain_text("Cảm ơn ông/bà.")


def test_the_example_in_the_greeting_is_answered(on_phone: Visit) -> None:
    thu = on_phone()
    example = re.search("“(.+?)”", thu.answer.inner_text())
    assert example
    expect(thu.ask(example[1])).to_contain_text("Nguồn:")


def test_the_first_screen_of_a_phone_shows_who_it_is_the_commonest_matters_and_the_ways_on(on_phone: Visit) -> None:
    lan = on_phone()
    expect(lan.page.get_by_role("heading", level=1)).to_be_in_viewport(ratio=1)
    buttons = lan.log.get_by_role("button")
    assert buttons.count() == len(pages.COMMON) + len(actions.STARTS)
    for button in (*buttons.all(), lan.box, lan.page.get_by_role("button", name="Gửi", exact=True)):
        expect(button).to_be_in_viewport(ratio=1)


def test_minh_uses_the_keyboard_alone(visit: Visit) -> None:
    minh = visit(1280, 800)
    keyboard = minh.page.keyboard
    keyboard.press("Tab")
    assert focused(minh.page) == "Tới ô gõ câu hỏi"
    keyboard.press("Enter")
    expect(minh.box).to_be_focused()

    keyboard.type(ASKED)
    keyboard.press("Shift+Enter")
    keyboard.type("?")
    expect(minh.box).to_have_value(f"{ASKED}\n?")
    keyboard.press("Enter")
    expect(minh.answer).to_contain_text(ANSWERED)
    expect(minh.box).to_be_focused()
    expect(minh.box).to_have_value("")

    keyboard.press("Shift+Tab")
    expect(minh.page.get_by_role("button", name="Ảnh, tệp")).to_be_focused()
    keyboard.press("Shift+Tab")
    assert focused(minh.page) == "Chưa đúng"
    keyboard.press("Enter")
    expect(minh.answer).to_contain_text("Chưa đúng ở chỗ nào")
    keyboard.press("Tab")
    assert focused(minh.page) == "Không phải việc tôi hỏi"
    keyboard.press("Space")
    expect(minh.answer).to_contain_text("đã ghi lại để sửa")


def focused(page: Page) -> str:
    """Return the words of the focused control; its ring must be seen."""
    ring, words = page.evaluate(
        "() => { const e = document.activeElement, s = getComputedStyle(e);"
        " return [s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth), e.textContent] }"
    )
    assert ring >= 2
    return str(words)


def test_hoa_has_no_javascript(visit: Visit) -> None:
    hoa = visit(java_script_enabled=False)
    answer = hoa.ask(ASKED)
    expect(answer).to_contain_text(ANSWERED)
    expect(answer.locator("strong").first).to_be_in_viewport()
    expect(hoa.press("Lệ phí")).to_contain_text("Đăng ký kết hôn: lệ phí")

    expect(hoa.press("Hỏi thủ tục")).to_contain_text("lĩnh vực nào")
    hoa.press(hoa.answer.get_by_role("button").first.inner_text())
    chosen = hoa.answer.get_by_role("button").first.inner_text()
    expect(hoa.press(chosen).locator("strong").first).to_have_text(chosen)
    expect(hoa.log.locator("article.citizen").last).to_contain_text(chosen)


def test_nam_finds_the_chat_on_the_portal(visit: Visit, site: str, portal: str) -> None:
    nam = visit(1280, 800, address=f"{portal}/?{site}")
    nam.page.get_by_role("button", name="Hỏi trợ lý xã").click()
    nam.chat = nam.page.frame_locator("iframe[title='Trợ lý của UBND xã']")
    expect(nam.ask(ASKED)).to_contain_text(ANSWERED)

    close = nam.page.get_by_role("button", name="Đóng trợ lý", expanded=True)
    close.click()
    expect(nam.box).to_be_hidden()
    nam.page.reload()
    nam.page.get_by_role("button", name="Hỏi trợ lý xã", expanded=False).click()
    expect(nam.answer).to_contain_text(ANSWERED)


def test_a_page_that_the_commune_did_not_name_cannot_embed_the_chat(visit: Visit, site: str, portal: str) -> None:
    stranger = visit(address=f"{portal.replace('127.0.0.1', 'localhost')}/?{site}")
    with stranger.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        stranger.page.get_by_role("button", name="Hỏi trợ lý xã").click()
    expect(stranger.page.frame_locator("iframe").get_by_role("textbox")).to_have_count(0)
    stranger.faults.clear()


def test_words_are_kept_when_the_network_fails(on_phone: Visit) -> None:
    tu = on_phone()
    tu.page.route("**/api/chat", lambda route: route.abort())
    tu.box.fill(ASKED)
    tu.box.press("Enter")
    expect(tu.page.get_by_role("alert")).to_contain_text("Chưa gửi được")
    expect(tu.box).to_have_value(ASKED)
    expect(tu.log.locator("article")).to_have_count(1)

    tu.log.get_by_role("button", name="Gặp cán bộ").click()
    expect(tu.page.get_by_role("alert")).to_contain_text("Xin bấm lại nút")
    expect(tu.box).to_have_value(ASKED)

    tu.page.unroute("**/api/chat")
    assert all("Failed to load resource" in fault for fault in tu.faults)
    tu.faults.clear()
    tu.page.get_by_role("button", name="Gửi", exact=True).click()
    expect(tu.answer).to_contain_text(ANSWERED)
    expect(tu.page.get_by_role("alert")).to_be_empty()


@pytest.mark.parametrize(("motion", "animation"), [("no-preference", "pulse"), ("reduce", "none")])
def test_a_slow_answer_is_announced_and_words_typed_meanwhile_stay(
    on_phone: Visit, motion: str, animation: str
) -> None:
    tu = on_phone(reduced_motion=motion)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    tu.page.route("**/api/chat", hold)
    tu.box.fill(ASKED)
    tu.box.press("Enter")
    waiting = tu.log.locator(".typing")
    expect(waiting).to_contain_text("Trợ lý đang xem…")
    assert waiting.evaluate("e => getComputedStyle(e, '::after').animationName") == animation

    tu.box.fill("le phi bao nhieu")
    tu.box.press("Enter")
    held.pop().continue_()
    expect(tu.answer).to_contain_text(ANSWERED)
    expect(waiting).to_have_count(0)
    expect(tu.box).to_have_value("le phi bao nhieu")
    assert held == []


def test_what_a_citizen_types_is_never_markup(visit: Visit) -> None:
    words = "<img src=x onerror=\"document.title='hỏng'\"><b>đậm</b> **không đậm** &lt;"
    mallory = visit()
    title = mallory.page.title()
    mallory.ask(words)
    for show_again in (lambda: None, mallory.page.reload):
        show_again()
        mine = mallory.log.locator("article.citizen").last
        expect(mine.locator("p")).to_have_text(words)
        expect(mine.locator("img, b, strong")).to_have_count(0)
    assert mallory.page.title() == title


def test_an_answer_is_shown_and_announced_once_and_reaches_the_other_open_page(visit: Visit) -> None:
    hoa = visit()
    hoa.ask(ASKED)
    other = Citizen(hoa.page.context.new_page())
    other.page.goto(hoa.page.url)
    hoa.page.evaluate(
        "() => { window.added = []; new MutationObserver(list => { for (const m of list) for (const n of m.addedNodes)"
        " if (!n.classList.contains('typing')) window.added.push(n.className) }).observe(log, {childList: true}) }"
    )
    hoa.ask("nop o dau")
    expect(other.answer).to_contain_text("Đăng ký kết hôn: nộp ở đâu")
    assert hoa.page.evaluate("() => window.added") == ["citizen", "assistant"]
    assert other.faults == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_cut_off_and_the_input_stays_in_view(visit: Visit, width: int, height: int) -> None:
    lan = visit(width, height)
    for _ in ("first visit", "answered"):
        assert lan.page.evaluate("() => document.documentElement.scrollWidth") == width
        assert lan.log.evaluate("e => e.scrollWidth - e.clientWidth") == 0
        expect(lan.box).to_be_in_viewport(ratio=1)
        if height > 336:  # below that the page scrolls as one
            assert lan.page.evaluate("() => document.documentElement.scrollHeight") == height
            expect(lan.page.get_by_role("banner")).to_be_in_viewport(ratio=1)
        for button in lan.page.get_by_role("button").all():
            box = button.bounding_box()
            assert box
            assert box["height"] >= TARGET
        lan.ask(ASKED)


def test_the_page_is_light(visit: Visit, site: str) -> None:
    an = visit()
    sizes: dict[str, int] = {}
    an.page.on("response", lambda response: sizes.__setitem__(response.url, len(response.body())))
    an.page.reload(wait_until="networkidle")
    kinds = {Path(url.partition("?")[0]).name for url in sizes}
    assert {"chat.css", "chat.js"} <= kinds
    assert all(url.startswith(site) for url in sizes)
    assert sum(sizes.values()) < MOST_BYTES


def test_a_screen_reader_finds_its_way(visit: Visit) -> None:
    sau = visit()
    page = sau.page
    assert page.locator("html").get_attribute("lang") == "vi"
    expect(page.get_by_role("banner").get_by_role("heading", level=1)).to_have_text("Trợ lý UBND xã Trung Dũng")
    expect(page.get_by_role("main").get_by_role("log", name="Cuộc trò chuyện với trợ lý")).to_be_visible()
    expect(sau.box).to_have_accessible_description("Xin đừng gửi số căn cước, mật khẩu, mã OTP.")
    expect(page.get_by_role("alert")).to_be_empty()

    answer = sau.ask(ASKED)
    expect(answer.get_by_role("heading", level=2)).to_have_text("Trợ lý")
    expect(sau.log.get_by_role("heading", level=2, name="Ông/bà")).to_have_count(1)
    expect(answer.get_by_role("group", name=RATING).get_by_role("button")).to_have_text(["Đúng", "Chưa đúng"])
    assert answer.get_by_role("listitem").count() > 1
    levels = page.evaluate("() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_a_page_that_does_not_exist_leads_back(visit: Visit, site: str) -> None:
    lost = visit(address=f"{site}/khong-co")
    lost.faults.clear()  # the browser reports the 404
    lost.page.get_by_role("link", name="Hỏi trợ lý").click()
    expect(lost.box).to_be_visible()


TEXTS = [
    *[("ink", "paper"), ("ink", "ground"), ("ink", "citizen"), ("soft", "paper"), ("soft", "ground")],
    *[("action", "paper"), ("action", "citizen"), ("on-action", "action"), ("paper", "ink"), ("warning", "paper")],
]
SHAPES = [("action", "paper"), ("action", "ground"), ("soft", "ground"), ("soft", "paper"), ("seal", "paper")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_stand_out_enough(visit: Visit, scheme: str) -> None:
    an = visit(color_scheme=scheme)
    names = sorted({name for pair in (*TEXTS, *SHAPES) for name in pair})
    colours = an.page.evaluate(
        "names => Object.fromEntries(names.map(n =>"
        " [n, getComputedStyle(document.documentElement).getPropertyValue('--' + n).trim()]))",
        names,
    )
    weak = [pair for pair in TEXTS if contrast(colours[pair[0]], colours[pair[1]]) < AA_TEXT]
    weak += [pair for pair in SHAPES if contrast(colours[pair[0]], colours[pair[1]]) < AA_SHAPE]
    assert weak == []


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_computed_as_defined() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
