"""Photos, files and a place from the citizens' page, in a real browser."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests import samples
from tests.e2e.conftest import Citizen, Visit

pytestmark = pytest.mark.browser

AN_XA = {"latitude": 20.67, "longitude": 106.05}
ONLY_WORDS = "Chưa gửi cho ai"


def choose(citizen: Citizen, *files: tuple[str, bytes]) -> None:
    """Choose files with the 📎 button."""
    with citizen.page.expect_file_chooser() as chooser:
        citizen.page.get_by_role("button", name="Ảnh, tệp").click()
    payloads = [{"name": name, "mimeType": _type(name), "buffer": data} for name, data in files]
    chooser.value.set_files(payloads)  # type: ignore[arg-type]


def _type(name: str) -> str:
    return {"jpg": "image/jpeg", "pdf": "application/pdf", "mp4": "video/mp4"}[name.rpartition(".")[2]]


def send(citizen: Citizen) -> Locator:
    """Press Gửi and return what the citizen then sees of the own message."""
    citizen.chat.get_by_role("button", name="Gửi", exact=True).click()
    expect(citizen.answer).to_contain_text(ONLY_WORDS)
    return citizen.log.locator("article.citizen").last


def tray(citizen: Citizen) -> Locator:
    return citizen.page.get_by_role("list", name="Sẽ gửi kèm").get_by_role("listitem")


def _kept(citizen: Citizen, picture: Locator) -> bytes:
    """Return the whole picture of which the bubble shows a small one."""
    address = str(picture.evaluate("e => e.src")).removesuffix("?nho")
    return citizen.page.request.get(address).body()


def is_drawn(picture: Locator) -> bool:
    return bool(picture.evaluate("async e => { await e.decode(); return e.naturalWidth > 0 }"))


def test_lan_sends_two_photos_drops_one_and_adds_a_place(on_phone: Visit) -> None:
    lan = on_phone(geolocation=AN_XA, permissions=["geolocation"])
    choose(lan, ("o-ga.jpg", samples.phone_photo()), ("nham.jpg", samples.jpeg()))
    expect(tray(lan)).to_have_count(2)
    lan.page.get_by_role("button", name="Bỏ nham.jpg").click()
    lan.page.get_by_role("button", name="Gửi vị trí").click()
    expect(tray(lan)).to_have_text([re.compile("o-ga.jpg"), re.compile("Vị trí của ông/bà")])
    for _ in ("sent", "after a reload"):
        if tray(lan).count():
            send(lan)
        mine = lan.log.locator("article.citizen").last
        expect(mine.get_by_role("img")).to_have_count(1)
        assert is_drawn(mine.get_by_role("img", name="Ảnh: o-ga.jpg"))
        expect(mine).to_contain_text("Vị trí đã gửi")
        expect(tray(lan)).to_have_count(0)
        lan.page.reload()


def test_a_large_photo_is_made_smaller_before_the_slow_line(on_phone: Visit) -> None:
    tu = on_phone()
    large = samples.saved(Image.effect_noise((3_600, 2_700), 40).convert("RGB"), "JPEG", quality=95)
    tu.page.evaluate(
        "() => { const send = XMLHttpRequest.prototype.send; XMLHttpRequest.prototype.send ="
        " function (body) { window.sent = body.get('photo').size; return send.call(this, body) } }"
    )
    choose(tu, ("ruong.jpg", large))
    mine = send(tu).get_by_role("img")
    assert 0 < tu.page.evaluate("() => window.sent") < len(large) / 2
    with Image.open(io.BytesIO(_kept(tu, mine))) as image:
        assert image.size == (2_560, 1_920)


def test_a_document_is_offered_for_saving_only(on_phone: Visit) -> None:
    hoa = on_phone()
    choose(hoa, ("don.pdf", samples.pdf()))
    link = send(hoa).get_by_role("link", name="Tệp: don.pdf (0,1 MB)")
    with hoa.page.expect_download() as saved:
        link.click()
    assert Path(saved.value.path()).read_bytes() == samples.pdf()


def test_photos_and_words_are_kept_when_the_network_fails(on_phone: Visit) -> None:
    tu = on_phone()
    tu.page.route("**/api/chat", lambda route: route.abort())
    choose(tu, ("o-ga.jpg", samples.jpeg()))
    tu.box.fill("o ga to qua")
    tu.page.get_by_role("button", name="Gửi", exact=True).click()
    expect(tu.page.get_by_role("alert")).to_contain_text("Ảnh, tệp và câu hỏi vẫn còn đây")
    expect(tray(tu)).to_have_count(1)
    expect(tu.box).to_have_value("o ga to qua")
    tu.page.unroute("**/api/chat")
    tu.faults.clear()
    tu.box.fill("")
    send(tu)


def test_what_is_too_large_or_too_many_is_told_before_it_is_sent(on_phone: Visit) -> None:
    tu = on_phone()
    choose(tu, ("dai.mp4", bytes(21 * 1024 * 1024)))
    expect(tu.page.get_by_role("alert")).to_contain_text("lớn quá 20 MB")
    expect(tray(tu)).to_have_count(0)
    choose(tu, *[(f"{number}.jpg", samples.jpeg()) for number in range(11)])
    expect(tu.page.get_by_role("alert")).to_contain_text("nhiều nhất 10 tệp")
    expect(tray(tu)).to_have_count(10)


def test_a_place_that_the_phone_does_not_give_is_told(on_phone: Visit) -> None:
    an = on_phone(permissions=[])
    an.page.get_by_role("button", name="Gửi vị trí").click()
    expect(an.page.get_by_role("alert")).to_contain_text("Chưa lấy được vị trí")
    expect(tray(an)).to_have_count(0)


def test_hoa_sends_a_photo_without_javascript(on_phone: Visit) -> None:
    hoa = on_phone(java_script_enabled=False)
    expect(hoa.page.get_by_role("button", name="Ảnh, tệp", exact=True)).to_be_hidden()
    photo = {"name": "o-ga.jpg", "mimeType": "image/jpeg", "buffer": samples.jpeg()}
    hoa.page.get_by_label("Gửi kèm ảnh, tệp:").set_input_files(photo)  # type: ignore[arg-type]
    expect(send(hoa).get_by_role("img", name="Ảnh: o-ga.jpg")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(320, 640), (360, 740), (1280, 800)])
def test_what_goes_with_a_message_leaves_room_for_it(visit: Visit, width: int, height: int) -> None:
    lan = visit(width, height)
    choose(lan, *[(f"một tấm ảnh có tên rất dài {number}.jpg", samples.jpeg()) for number in range(6)])
    expect(tray(lan)).to_have_count(6)
    expect(lan.box).to_be_in_viewport(ratio=1)
    assert lan.page.evaluate("() => document.documentElement.scrollWidth") == width
    assert lan.page.evaluate("() => document.documentElement.scrollHeight") == height
    for button in lan.page.get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert min(box["height"], box["width"]) >= 44
