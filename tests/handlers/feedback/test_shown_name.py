"""The name that somebody shows on their platform: taken when they press the button that allows it, never otherwise."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Reply
from bot.storage.case_tables import cases, drafts
from handlers.feedback import words
from handlers.services import Services
from tests.handlers.citizens import Citizen, rows
from tests.handlers.feedback.telling import MATTER

BUTTON = "Dùng tên đang hiện"


class Shown(Citizen):
    """Somebody on a channel that shows their name, as far as it tells."""

    shown: str | None = "Nguyễn Thị Lan"

    async def does(self, **values: object) -> Reply:
        return await super().does(shown_name=self.shown, **values)


@pytest.fixture
def lan(services: Services) -> Shown:
    return Shown("bà Lan", services, channel="telegram")


async def asked_who(lan: Citizen) -> Reply:
    """Write up to the question who one is."""
    await lan.say("/phananh")
    await lan.press("Đồng ý, viết tiếp")
    await lan.say(MATTER)
    await lan.press("Đúng" if "Đúng" in lan.labels() else "Phản ánh")
    return await lan.press("Bỏ qua nơi xảy ra")


async def test_who_presses_is_asked_for_the_number_only(lan: Shown, services: Services) -> None:
    asked = await asked_who(lan)
    assert "chỉ tên ấy và chỉ cho việc này" in asked.text
    assert lan.labels()[0] == BUTTON
    assert "Cảm ơn Nguyễn Thị Lan" in (await lan.press(BUTTON)).text
    assert "Nguyễn Thị Lan, 0912345678" in (await lan.say("0912 345 678")).text
    await lan.press("Gửi")
    (case,) = await rows(services, cases)
    assert (case["reporter_name"], case["reporter_phone"]) == ("Nguyễn Thị Lan", "0912345678")


async def test_who_does_not_press_keeps_the_name_to_themselves(lan: Shown, services: Services) -> None:
    await asked_who(lan)
    await lan.press("Không để tên")
    await lan.press("Gửi")
    (case,) = await rows(services, cases)
    assert "Lan" not in str(case)


async def test_where_the_platform_shows_none_there_is_no_button(lan: Shown) -> None:
    lan.shown = None
    asked = await asked_who(lan)
    assert BUTTON not in lan.labels()
    assert "đang hiện" not in asked.text


async def test_a_name_that_could_not_be_had_is_typed(lan: Shown) -> None:
    lan.shown = ""
    await asked_who(lan)
    again = await lan.press(BUTTON)
    assert "chưa lấy được tên đang hiện" in again.text
    assert BUTTON in lan.labels()
    assert "Trần Thị Lan, 0912345678" in (await lan.say("Trần Thị Lan, 0912 345 678")).text


async def test_a_secret_matter_takes_no_name(lan: Shown, services: Services) -> None:
    await lan.say("/phananh")
    await lan.press("Đồng ý, viết tiếp")
    await lan.say("tôi tố cáo ông cán bộ địa chính nhận tiền hối lộ của dân")
    await lan.press("Gửi kín tại đây")
    assert BUTTON not in lan.labels()
    (draft,) = await rows(services, drafts)
    await lan.press_id(f"g:{draft['key']}:name")
    assert "Nguyễn Thị Lan" not in str(await rows(services, drafts))


async def test_the_button_of_another_draft_does_nothing(lan: Shown, services: Services) -> None:
    await asked_who(lan)
    await lan.press_id("g:khac:name")
    assert "Nguyễn Thị Lan" not in str(await rows(services, drafts))


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("Nguyễn Thị Lan", "Nguyễn Thị Lan"),
        ("  **Lan**  ❤️ 2026 ", "Lan"),
        ("Lan\u202e\u0000\nNguyễn", "Lan Nguyễn"),
        ("H’Hen Niê", "H’Hen Niê"),
        ("<b>Lan</b>", "b Lan b"),
        ("សុខ ចាន់ធី", "សុខ ចាន់ធី"),
        ("Ng. Thị Lan", "Ng. Thị Lan"),
        ("Lan https://evil.vn/x bit.ly/abc", "Lan https evil vn x bit ly abc"),
        ("🌸🌸", ""),
        ("0912 345 678", ""),
        ("…", ""),
        ("", ""),
    ],
)
def test_a_name_as_it_is_written(shown: str, name: str) -> None:
    assert words.shown_name(shown) == name


@given(st.text(max_size=500))
def test_nothing_but_a_name_ever_comes_of_it(shown: str) -> None:
    name = words.shown_name(shown)
    assert len(name) <= words.LONGEST_NAME
    assert re.search(r"[\d/:@<>*_]|\.\S", name) is None
    assert not name or any(sign.isalpha() for sign in name)
    assert words.shown_name(name) == name
