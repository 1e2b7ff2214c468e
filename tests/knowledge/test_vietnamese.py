"""Letters: folding, canonical syllables, Telex and VNI debris, run-together words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.vietnamese import (
    canonical,
    clean,
    fold,
    fold_word,
    from_telex,
    from_vni,
    has_marks,
    is_syllable,
    split_run,
    squeeze,
    words,
)

SENTENCES = st.lists(
    st.sampled_from(
        [
            "đăng",
            "ký",
            "khai",
            "sinh",
            "cho",
            "cháu",
            "ở",
            "xã",
            "nguyễn",
            "được",
            "thuỷ",
            "hoà",
            "quý",
            "giấy",
            "tờ",
            "Đất",
            "ƯƠNG",
            "ngoằn",
            "ngoèo",
        ]
    ),
    min_size=1,
).map(" ".join)

TELEX_TONES = {"\u0300": "f", "\u0301": "s", "\u0303": "x", "\u0309": "r", "\u0323": "j"}
TELEX_SHAPES = {"\u0302": None, "\u0306": "w", "\u031b": "w"}
VNI_MARKS = {
    "\u0301": "1",
    "\u0300": "2",
    "\u0309": "3",
    "\u0303": "4",
    "\u0323": "5",
    "\u0302": "6",
    "\u031b": "7",
    "\u0306": "8",
}


def telex_keys(word: str) -> str:
    """Type a word as Telex keys: shape after its letter, tone at the end."""
    keys, tone = "", ""
    for char in unicodedata.normalize("NFD", word.replace("đ", "dd")):
        if char in TELEX_TONES:
            tone = TELEX_TONES[char]
        elif char in TELEX_SHAPES:
            keys += TELEX_SHAPES[char] or keys[-1]
        else:
            keys += char
    return keys + tone


def vni_keys(word: str) -> str:
    return "".join(VNI_MARKS.get(c, c) for c in unicodedata.normalize("NFD", word.replace("đ", "d9")))


@given(SENTENCES)
def test_folding_leaves_plain_letters_and_is_stable(sentence: str) -> None:
    folded = fold(sentence)
    assert folded.isascii()
    assert fold(folded) == folded


@given(SENTENCES)
def test_folding_ignores_how_marks_are_encoded(sentence: str) -> None:
    assert fold(unicodedata.normalize("NFD", sentence)) == fold(sentence)


@given(st.text())
def test_any_text_can_be_cleaned_and_folded(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert "\u200b" not in clean(text)
    fold(text)


@pytest.mark.parametrize(("one", "other"), [("hoà", "hòa"), ("thuỷ", "thủy"), ("lý", "lí"), ("kỹ", "kĩ"), ("uỷ", "ủy")])
def test_the_place_of_a_tone_makes_no_difference(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), [("má", "mà"), ("cho", "chó"), ("mơ", "mo"), ("đá", "dá"), ("quý", "quí")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "word",
    [
        "giấy",
        "đăng",
        "ký",
        "được",
        "của",
        "muốn",
        "người",
        "đất",
        "tiền",
        "lưu",
        "từ",
        "xác",
        "nhận",
        "độc",
        "thân",
        "thời",
        "hạn",
        "khuyết",
        "tật",
    ],
)
def test_telex_and_vni_keys_are_read_back(word: str) -> None:
    assert from_telex(telex_keys(word)) is not None
    assert canonical(from_telex(telex_keys(word)) or "") == canonical(word)
    if has_marks(word):
        assert canonical(from_vni(vni_keys(word)) or "") == canonical(word)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12))
def test_repairs_never_invent_what_is_no_syllable(word: str) -> None:
    for repaired in (from_telex(word), from_vni(word)):
        assert repaired is None or is_syllable(fold_word(repaired))


def test_words_keep_procedure_codes_whole() -> None:
    assert words("Mã 1.001193, đúng không?") == ["mã", "1.001193", "đúng", "không"]


def test_emphasis_is_squeezed() -> None:
    assert squeeze("khaiiii") == "khai"


def test_words_typed_without_spaces_are_cut() -> None:
    known = {"giay", "khai", "sinh", "kha", "i"}
    pieces = split_run("giaykhaisinh", lambda p: 1.0 if p in known else float("inf"))
    assert pieces == ["giay", "khai", "sinh"]
    assert split_run("xyzxyz", lambda _: float("inf")) is None


def test_half_an_emoji_is_dropped() -> None:
    assert clean("khai \ud83d sinh") == "khai sinh"
