"""Office hours as a clerk writes them."""

from datetime import time

import pytest

from bot.calendar.hours import DEFAULT, HoursError, OfficeHours


@pytest.mark.parametrize(
    "written",
    [
        ["7:30-11:30", "13:30-17:00"],
        ["13h30–17h", "7h30 - 11h30"],
        ["07.30-11.30", "13.30 — 17"],
    ],
)
def test_hours_are_read_as_written(written: list[str]) -> None:
    assert OfficeHours.parse(written) == DEFAULT
    assert (DEFAULT.opening, DEFAULT.closing) == (time(7, 30), time(17))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ([], "chưa có buổi nào"),
        (["sáng"], "“sáng”: không đọc được; cần dạng “7:30-11:30”"),
        (["7:30"], "không đọc được"),
        (["17:00-7:30"], "giờ đóng cửa phải sau giờ mở cửa"),
        (["7:30-7:30"], "giờ đóng cửa phải sau giờ mở cửa"),
        (["7:75-11:30"], "phút từ 00 đến 59"),
        (["7:30-25:00"], "giờ từ 0 đến 23"),
        (["7:30-11:30", "11:00-17:00"], "07:30-11:30 và buổi 11:00-17:00 chồng lên nhau"),
    ],
)
def test_impossible_hours_are_told(written: list[str], told: str) -> None:
    with pytest.raises(HoursError, match=told):
        OfficeHours.parse(written)


def test_all_faults_are_told_together() -> None:
    with pytest.raises(HoursError) as refused:
        OfficeHours.parse(["sáng", "17:00-7:30"])
    assert len(str(refused.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (time(6), time(7, 30)),
        (time(7, 30), time(7, 30)),
        (time(11, 29, 59), time(11, 29, 59)),
        (time(11, 30), time(13, 30)),
        (time(12), time(13, 30)),
        (time(16, 59), time(16, 59)),
        (time(17), None),
        (time(23), None),
    ],
)
def test_midday_is_closed(at: time, opens: time | None) -> None:
    assert DEFAULT.next_open(at) == opens
