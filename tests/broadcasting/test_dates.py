"""Dates with the wrong weekday are found before anybody reads them. 20/11/2026 is a Friday."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.broadcasting.dates import NAMES, faults

TODAY = date(2026, 11, 10)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Họp thứ Sáu 20/11", []),
        ("Họp thứ Năm 20/11", ["“thứ Năm 20/11”: 20/11/2026 là thứ Sáu"]),
        ("thứ năm, ngày 20/11/2026", ["“thứ năm, ngày 20/11/2026”: 20/11/2026 là thứ Sáu"]),
        ("Thứ Sáu (20/11)", []),
        ("thứ 6 ngày 20-11-2026", []),
        ("T5, 20/11", ["“T5, 20/11”: 20/11/2026 là thứ Sáu"]),
        ("Chủ nhật 22/11; CN 23/11", ["“CN 23/11”: 23/11/2026 là thứ Hai"]),
        ("thứ Hai ngày 4 tháng 1 năm 2027", []),
        ("thứ Hai ngày 4 tháng 1", []),
        ("thứ Ba ngày 5 tháng 1/2027", []),
        ("ngày 31/11", ["“ngày 31/11”: không có ngày này"]),
        ("ngày 29/2/2027", ["“ngày 29/2/2027”: không có ngày này"]),
        ("ngày 29 tháng 2", []),
        ("thứ Sáu 31/11", ["“thứ Sáu 31/11”: không có ngày này"]),
        ("Họp 31/11/2026 tại xã", ["“31/11/2026”: không có ngày này"]),
        ("Họp 30/11/2026; văn bản 31/12/26", []),
        (unicodedata.normalize("NFD", "thứ Sáu 21/11"), ["“thứ Sáu 21/11”: 21/11/2026 là thứ Bảy"]),
        ("ngày 5/13", ["“ngày 5/13”: không có ngày này"]),
        ("đạt 3/4 kế hoạch, 31/11 hồ sơ", []),
        ("Luật số 91/2025/QH15", []),
        ("thứ Bảy 10/10", []),
        ("", []),
    ],
)
def test_what_is_flagged(text: str, told: list[str]) -> None:
    assert faults(text, today=TODAY) == told


@given(st.dates(date(2026, 9, 15), date(2027, 8, 30)), st.integers(0, 6))
def test_every_day_of_a_year(day: date, shift: int) -> None:
    named = NAMES[(day + timedelta(days=shift)).weekday()]
    for written in (f"{day.day}/{day.month}", f"{day.day}/{day.month}/{day.year}", f"ngày {day:%d/%m}"):
        assert bool(faults(f"Mời họp {named} {written} tại trụ sở", today=TODAY)) is (shift != 0)
