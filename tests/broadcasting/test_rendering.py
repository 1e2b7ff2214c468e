"""Whatever an author writes becomes a message that every channel can show."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.broadcasting import rendering
from bot.broadcasting.rendering import words
from bot.channels.splitting import units
from bot.channels.telegram.rendering import to_html
from bot.channels.web.rendering import html
from bot.messages import plain
from bot.settings import Unit
from bot.storage.announcements import Draft
from bot.texts import Texts
from tests.channels.chats import OurHtml
from tests.channels.telegram_rules import read_html

PIECES = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            ["**", "*", "***", "_", "__", "`", "```\n", "\n", "\n\n", "# ", "- ", "  - ", "1. ", "7) ", "> ",
             "| a | b |\n|-|-|\n", "[",
             "](", ")", "<b>", "</b>", "&lt;", "&#42;", "\\*", "<script>", "![", "https://a.vn", "<https://a.vn>",
             "[cổng](https://a.vn/?x=1&y=<2>)", "thứ Sáu", "    ", "\t", "---\n", "===\n", "\ud83d", "\x00", "\u2060"]
        ),
    ),
    max_size=30,
).map("".join)  # fmt: skip
MARK = re.compile(r"\*\*(.+?)\*\*")


@given(PIECES)
@example("****a****")
@example("**a** **b**")
@example("a***b***c*")
@example("*\\***x**")
@example("&#42;&#42;a&#42;&#42;")
@example("**a\nb**\n\n- **c\n  d**")
@example("| **a** | b |\n|---|---|\n| * | ** |")
def test_any_markdown_is_valid_everywhere(markdown: str) -> None:
    text = "\n".join(words(markdown))
    seen = plain(text)
    assert MARK.sub("", text).count("**") == 0, "every mark has its other half, on its line"
    assert all(found.strip() for found in MARK.findall(text))
    assert read_html(to_html(text)) == seen, "Telegram takes the tags and shows the same words"
    shown = "".join(OurHtml(str(html(text))).words)
    assert re.sub(r"\s", "", shown) == re.sub(r"(?m)^(- |\d{1,2}\. )|\s", "", seen), "so does the web page"
    assert "**" not in seen
    assert not any(not line.strip() for line in text.split("\n")) or not text
    text.encode()


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("# Lịch tiêm\n\nMời **bà con** đến.", ["**Lịch tiêm**", "Mời **bà con** đến."]),
        ("dòng một\ndòng hai", ["dòng một", "dòng hai"]),
        ("- một\n- *hai*\n  - con", ["- một", "- hai", "  - con"]),
        ("3. ba\n4. bốn", ["3. ba", "4. bốn"]),
        ("**đậm\nhai dòng**", ["**đậm**", "**hai dòng**"]),
        ("Xem [cổng](https://a.vn/x).", ["Xem cổng (https://a.vn/x)."]),
        ("<https://a.vn/> [a@b.vn](mailto:a@b.vn)", ["https://a.vn/ a@b.vn"]),
        ("![Sơ đồ](anh.jpg)", ["Sơ đồ"]),
        ("<b>không phải thẻ</b> & dấu", ["<b>không phải thẻ</b> & dấu"]),
        ("| Thôn | Ngày |\n|---|---|\n| An Xá | 25/11 |", ["**Thôn** | **Ngày**", "An Xá | 25/11"]),
        ("> trích\n\n---\n\n`mã`", ["trích", "mã"]),
        ("2 \\* 3 = 6", ["2 * 3 = 6"]),
        ("", []),
        ("<!-- -->\n\n&nbsp;", ["<!-- -->"]),
    ],
)
def test_markdown_as_lines(markdown: str, shown: list[str]) -> None:
    assert words(markdown) == shown


TEXTS = Texts.load(Unit())


def test_the_message_names_the_sender_and_the_way_out() -> None:
    draft = Draft(title="Vỡ  đê\nbối", body="Chạy ngay.\n\nLên **đê chính**.", author="an", urgent="lũ")
    text = rendering.message(draft, TEXTS).text
    head, _, small = text.partition("\n\n")
    assert head == "**KHẨN CẤP: Vỡ đê bối**\nChạy ngay.\nLên **đê chính**."
    assert small.startswith("UBND xã Trung Dũng")
    assert "DỪNG" in small


@given(st.text(min_size=1, max_size=200), PIECES)
def test_a_message_is_one_telegram_message(title: str, body: str) -> None:
    text = rendering.message(Draft(title=title, body=body, author="an"), TEXTS).text
    assert read_html(to_html(text)) == plain(text)
    if len(text.encode("utf-16-le")) // 2 <= rendering.LONGEST:
        assert units(text) < 4_096
