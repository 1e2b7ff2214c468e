"""A question's words as the knowledge base knows them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.answering import Assistant
from knowledge.understanding import MOST_WORDS


def understood(assistant: Assistant, text: str) -> str:
    return " ".join(word.folded for word in assistant.index.read(text))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gks", "giay khai sinh"),
        ("dk ket hon", "dang ky ket hon"),
        ("đk thường trú", "dang ky thuong tru"),
        ("giaays khai sinh", "giay khai sinh"),
        ("d9a8ng ky1 ket61 ho6n", "dang ky ket hon"),
        ("giaykhaisinh", "giay khai sinh"),
        ("làm cccd", "lam can cuoc cong dan"),
        ("khaii sinhh", "khai sinh"),
        ("mat bhyt", "mat bao hiem y te"),
        ("het bn tien", "het bao nhieu tien"),
        ("ko co j", "khong co gi"),
        ("thuong trus", "thuong tru"),
    ],
)
def test_what_phones_type_is_read(assistant: Assistant, typed: str, meant: str) -> None:
    assert understood(assistant, typed) == meant


def test_an_abbreviation_is_read_by_its_neighbours(assistant: Assistant) -> None:
    assert "dieu kien" in understood(assistant, "co du dk tach ho khong") or "dang ky" in understood(
        assistant, "co du dk tach ho khong"
    )
    assert understood(assistant, "nop hs o dau").startswith("nop ho so")


def test_marks_count_only_when_typed(assistant: Assistant) -> None:
    typed, plain = assistant.index.read("khai tử"), assistant.index.read("khai tu")
    assert [w.folded for w in typed] == [w.folded for w in plain]
    assert typed[1].exact
    assert not plain[1].exact


def test_a_word_nobody_knows_stays_unknown(assistant: Assistant) -> None:
    assert [w.known for w in assistant.index.read("zzkqwx")] == [False]


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_without_error(text: str) -> None:
    from tests.knowledge.shared import small_assistant

    assert len(small_assistant().index.read(text)) <= MOST_WORDS * 6


def test_a_very_long_word_is_not_cut(assistant: Assistant) -> None:
    assert len(assistant.index.read("giay" * 3000)) == 1
