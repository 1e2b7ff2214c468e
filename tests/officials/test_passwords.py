"""Which passwords are good enough, and that they are kept out of sight."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.officials import passwords
from bot.officials.passwords import Passwords
from bot.officials.refused import Refused
from tests.officials.conftest import PASSWORD


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("", "ít nhất 14"),
        ("ngắn quá thôi", "ít nhất 14"),
        ("Matkhau12345678", "dễ đoán"),
        ("mật khẩu 123456 mật khẩu", "dễ đoán"),
        ("aaaaaaaaaaaaaaaaaa", "dễ đoán"),
        ("qwertyuiop123456", "dễ đoán"),
        ("quantri@ubnd.2026", "dễ đoán"),
        ("xin chao Nguyen.Lan nhe", "tên đăng nhập"),
        ("xin chào nguyễn lan nhé", "tên đăng nhập"),
        ("dài " * 60, "dài nhất"),
    ],
)
def test_weak_ones_are_refused_with_the_remedy(password: str, told: str) -> None:
    with pytest.raises(Refused, match=told) as refused:
        passwords.check(password, "nguyenlan")
    assert refused.value.field == "password"


@pytest.mark.parametrize("password", [PASSWORD, "năm cây cau trước ngõ", "x7#kQ9!mZ2@pL5", "ban nhà cũ mua xe mới"])
def test_good_ones_pass_even_beside_a_short_name(password: str) -> None:
    passwords.check(password, "an")


@given(st.text(max_size=40), st.from_regex(r"[a-z][a-z0-9._-]{1,31}", fullmatch=True))
def test_any_text_is_judged_and_none_short_passes(password: str, name: str) -> None:
    try:
        passwords.check(password, name)
    except Refused:
        return
    assert len(password) >= passwords.LEAST
    assert password.lower() != name


async def test_a_hash_fits_its_password_alone_however_it_was_composed(passwords: Passwords) -> None:
    spoken = "bốn con trâu trên đồi"
    kept = await passwords.hash(spoken)
    assert kept.startswith("$argon2id$")
    assert spoken not in kept
    assert await passwords.hash(spoken) != kept, "salted"
    assert await passwords.matches(unicodedata.normalize("NFD", spoken), kept)
    assert not await passwords.matches(spoken + " ", kept)
    assert not await passwords.matches("", None)
    assert not await passwords.matches(spoken, "khong phai ham bam")
