"""A text too long for one message arrives whole, cut where it hurts least."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.splitting import split, units

TEXTS = st.lists(st.one_of(st.text(max_size=30), st.sampled_from(["\n", "\n\n", " ", "ệ", "👍🏽"])), max_size=30).map(
    "".join
)
LINES = st.lists(st.text(alphabet="abcđệ 👍", max_size=60), max_size=30).map("\n".join)
GAPPY = st.lists(st.sampled_from(["", " ", "  ", "a", "a b", "a" * 8, "a" * 9, "👍" * 4]), max_size=12).map("\n".join)


@given(st.one_of(TEXTS, GAPPY), st.integers(8, 60))
def test_parts_fit_and_lose_nothing_but_the_gaps_between_them(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(len(part.encode("utf-16-le")) <= 2 * limit for part in parts)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)


@given(LINES, st.integers(60, 200))
def test_no_word_is_cut_in_two(text: str, limit: int) -> None:
    words = [word for part in split(text, limit) for word in part.split()]
    assert words == text.split()


@given(GAPPY.filter(str.strip), st.integers(8, 12))
def test_no_part_is_blank_for_platforms_refuse_those(text: str, limit: int) -> None:
    assert all(part.strip() for part in split(text, limit))


def test_paragraphs_stay_together_then_lines() -> None:
    paper, fee = "Giấy tờ:\n1. Tờ khai\n2. Giấy chứng sinh", "Lệ phí:\nkhông thu"
    assert split(f"{paper}\n\n{fee}", units(paper) + 10) == [paper, fee]
    assert split(f"{paper}\n\n{fee}", 25) == ["Giấy tờ:\n1. Tờ khai", "2. Giấy chứng sinh", fee]
    assert split("một hai ba", 7) == ["một hai", "ba"]
