"""Whatever is to be said becomes HTML of our own making, every word of it kept."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web import rendering
from bot.messages import Choice, Reply, pack, unpack
from tests.channels.chats import OurHtml

MARKS = st.sampled_from(
    ["**", "<", ">", "&", "</b>", "<script>", '"', "'", "\n", "\n\n", "- ", "1. ", "https://dichvucong.gov.vn/p?a=1&b=2",
     "javascript:x", "dichvucong.gov.vn", "đ", "👍🏽", "<!--", "&#60;"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(MARKS, st.text(max_size=12)), max_size=25).map("".join)
LABELS = st.one_of(st.text(min_size=1, max_size=30), MARKS)
CHOICES = st.lists(st.builds(Choice, st.text(max_size=20), LABELS), max_size=6)


def unmarked(text: str) -> str:
    """Return a text without the marks of lists, which HTML makes by itself."""
    return re.sub(r"(?m)^(- |\d{1,2}\. )", "", text)


def squeezed(words: str) -> str:
    """Return words without gaps and without the marks for bold."""
    return re.sub(r"\s|\*", "", words)


@given(TEXTS)
def test_any_text_becomes_our_own_html_and_keeps_its_words(text: str) -> None:
    shown = OurHtml(str(rendering.html(text)))
    assert squeezed("".join(shown.words)) == squeezed(unmarked(text))


@given(TEXTS, CHOICES)
def test_any_reply_becomes_our_own_html(text: str, choices: list[Choice]) -> None:
    shown = rendering.bubble(Reply(text, tuple(choices)))
    words = "".join(OurHtml(str(shown)).words)
    assert [choice.label for choice in choices if choice.label not in words] == []


@given(TEXTS)
def test_a_citizens_words_are_shown_as_typed(text: str) -> None:
    shown = str(rendering.plain_html(text))
    assert html.unescape(re.sub(r"</?p>", "", shown)) == "".join(line for line in text.split("\n") if line.strip())


def test_links_lead_to_official_sites_and_only_there() -> None:
    shown = str(
        rendering.html("Xem dichvucong.gov.vn và https://vneid.gov.vn/tai. Không phải xau.vn hay gov.vn.xau.com.")
    )
    assert re.findall(r'href="([^"]+)"', shown) == ["https://dichvucong.gov.vn", "https://vneid.gov.vn/tai"]


@given(TEXTS, CHOICES)
def test_a_reply_is_stored_and_read_back_whole(text: str, choices: list[Choice]) -> None:
    reply = Reply(text, tuple(choices))
    assert unpack(pack(reply)) == reply
