"""What identifies a person is masked before anything is stored."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.redaction import redact


@pytest.mark.parametrize(
    "secret",
    ["033090001234", "033 090 001 234", "145678901", "0912345678", "0912.345.678", "+84 912 345 678", "0221-3872-113",
     "12345678901234", "an.nguyen@thu.vn"],
)  # fmt: skip
def test_numbers_and_addresses_are_masked(secret: str) -> None:
    masked = redact(f"tôi là An, liên hệ {secret} nhé")
    assert secret not in masked
    assert "đã che" in masked
    assert masked.startswith("tôi là An")


@pytest.mark.parametrize("said", ["mật khẩu là hoamai2020", "OTP: 493201", "mat khau hoamai2020"])
def test_passwords_are_masked(said: str) -> None:
    assert not re.search(r"hoamai2020|493201", redact(said))


@pytest.mark.parametrize(
    "said", ["mã 1.001193", "năm 2026", "8.000 đồng", "ngày 24/11/2026", "Nghị định 123/2015/NĐ-CP"]
)
def test_what_is_no_secret_stays(said: str) -> None:
    assert redact(said) == said


@given(st.text(alphabet="0123456789 .-", min_size=8, max_size=30))
def test_no_run_of_nine_digits_survives(text: str) -> None:
    assert not re.search(r"\d{9}", redact(f"số {text} ạ"))
