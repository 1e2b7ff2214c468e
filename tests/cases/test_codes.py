"""The citizen's code: read as people type it, never read as somebody else's."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases import codes

YEARS = st.integers(2000, 2099)
NUMBERS = st.integers(1, codes.LARGEST)
CODES = st.builds(codes.make, YEARS, NUMBERS)
TYPED = st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
READ_ALIKE = {"O": "0", "I": "1", "L": "1"}


@pytest.mark.parametrize(
    "typed",
    [
        "PA-2026-000123-K",
        "pa-2026-000123-k",
        "PA 2026 000123 K",
        "pa2026000123k",
        "mã PA 2026 123 K",
        "mã pa-2026-123k với ạ",
        "hồ sơ PA–2026–000123–K của tôi đến đâu rồi",
        "PA.2026.000.123.K",
        "pa 2026 00123 k.",
        "PA-2O26-OOOl23-K",
        "ＰＡ－２０２６－０００１２３－Ｋ",
        "(PA-2026-000123-K)",
        "PA-2026-000132-K hay PA-2026-000123-K",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert codes.read(typed) == "PA-2026-000123-K"
    assert codes.looks_like(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "PA-2026-000124-K",
        "pa 2026 123 p",
        "PA-2026-000123",
        "mã pa 2026 123 thì sao",
        "PA-2026-000123-8",
        "PS-2026-000123-K",
        "AP-2026-000123-K",
        "PA-2O2G-000123-K",
        "PA-1926-000123-K",
        "PA-2026-000000-K",
    ],
)
def test_a_mistyped_code_is_none_but_looks_like_one(typed: str) -> None:
    assert codes.read(typed) is None
    assert codes.looks_like(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "làm giấy khai sinh cần gì",
        "mã thủ tục 1.001193",
        "đi Sa Pa 2026 ngày nào",
        "số 0912345678",
        "Nghị định 20/2008/NĐ-CP",
        "PA",
        "căn cước 033099001234",
        "mở spa 2026 cần gì",
    ],
)
def test_other_words_do_not_look_like_a_code(typed: str) -> None:
    assert codes.read(typed) is None
    assert not codes.looks_like(typed)


@pytest.mark.parametrize(("year", "number"), [(1999, 1), (2100, 1), (2026, 0), (2026, codes.LARGEST + 1)])
def test_no_code_is_made_outside_its_bounds(year: int, number: int) -> None:
    with pytest.raises(ValueError, match="no code"):
        codes.make(year, number)


@given(YEARS, NUMBERS)
def test_every_code_is_read_back(year: int, number: int) -> None:
    code = codes.make(year, number)
    assert codes.read(code) == code
    assert codes.read(f"mã pa {year} {number} {code[-1].lower()} ạ") == code
    assert codes.looks_like(code)


@given(CODES, st.data())
def test_one_wrong_character_is_never_another_case(code: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([i for i, char in enumerate(code) if char != "-"]))
    wrong = data.draw(TYPED.filter(lambda char: READ_ALIKE.get(char, char) != code[place]))
    assert codes.read(code[:place] + wrong + code[place + 1 :]) is None


@given(CODES, st.data())
def test_a_wrong_separator_is_never_another_case(code: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([2, 7, 14]))
    wrong = data.draw(TYPED | st.sampled_from(" ./_"))
    assert codes.read(code[:place] + wrong + code[place + 1 :]) in (None, code)


@given(CODES, st.data())
def test_neighbouring_digits_swapped_are_never_another_case(code: str, data: st.DataObject) -> None:
    digits, letter = code[3:7] + code[8:14], code[-1]
    place = data.draw(st.sampled_from([i for i in range(9) if digits[i] != digits[i + 1]]))
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assert codes.read(f"PA-{swapped[:4]}-{swapped[4:]}-{letter}") is None


def test_every_wrong_digit_and_swap_of_one_code_is_caught() -> None:
    """The same by counting all, for one code: 10 places of 9 digits, and every pair of places."""
    code = "PA-2026-048193-"
    digits = re.sub(r"\D", "", code)
    letter = codes.make(2026, 48193)[-1]
    wrong = {digits[:i] + str(d) + digits[i + 1 :] for i in range(10) for d in range(10)} - {digits}
    pairs = {(i, j) for i in range(10) for j in range(i)}
    swapped = {_swapped(digits, i, j) for i, j in pairs} - {digits}
    assert len(wrong) == 90
    assert [d for d in wrong | swapped if codes.read(f"PA-{d[:4]}-{d[4:]}-{letter}")] == []


def _swapped(digits: str, i: int, j: int) -> str:
    chars = list(digits)
    chars[i], chars[j] = chars[j], chars[i]
    return "".join(chars)


def test_the_check_letters_are_told_apart() -> None:
    assert len(set(codes.LETTERS)) == len(codes.LETTERS) == 11
    assert not set(codes.LETTERS) & set("OQDILJZSGB")
    for pair in ("UV", "MN", "VY", "EF", "CG"):
        assert len(set(pair) & set(codes.LETTERS)) <= 1


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(text: str) -> None:
    found = codes.read(text)
    assert found is None or codes.read(found) == found
    codes.looks_like(text)
