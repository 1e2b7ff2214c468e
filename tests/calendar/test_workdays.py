"""Working days of 2024-2028 against tables made by hand, and the rules of counting."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import changes
from bot.calendar.changes import CalendarError
from bot.calendar.workdays import WorkCalendar, full_day
from bot.clock import ZONE

CALENDAR = WorkCalendar.load()
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
COUNTS = st.integers(1, 60)

# Days off that are no Saturday or Sunday, and worked Saturdays. 2024 to 2026 are the announced calendars; 2027 and 2028
# follow from BLLĐ 2019 Điều 111(3), 112 (Tết five days, Quốc khánh with a day beside it, a day in lieu where a
# holiday falls on a weekend) and NQ 28/2026/QH16 (24/11), and wait to be announced.
OFF = {
    2024: """01/01
        08/02 09/02 12/02 13/02 14/02
        18/04 29/04 30/04 01/05
        02/09 03/09""",
    2025: """01/01
        27/01 28/01 29/01 30/01 31/01
        07/04 30/04 01/05 02/05
        01/09 02/09""",
    2026: """01/01 02/01
        16/02 17/02 18/02 19/02 20/02
        27/04 30/04 01/05
        31/08 01/09 02/09 24/11""",
    2027: """01/01
        04/02 05/02 08/02 09/02 10/02
        16/04 30/04 03/05
        02/09 03/09 24/11""",
    2028: """03/01
        24/01 25/01 26/01 27/01 28/01
        04/04 01/05 02/05
        01/09 04/09 24/11""",
}
MADE_UP = {2024: "04/05", 2025: "26/04", 2026: "10/01 22/08", 2027: "", 2028: ""}


def _dates(year: int, written: str) -> set[date]:
    return {date(year, int(month), int(day)) for day, month in (word.split("/") for word in written.split())}


def _at(written: str) -> datetime:
    return datetime.strptime(written, "%d/%m/%Y %H:%M").replace(tzinfo=ZONE)


@pytest.mark.parametrize("year", OFF)
def test_every_day_of_the_year(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(n) for n in range(366) if (date(year, 1, 1) + timedelta(n)).year == year]
    off = {day for day in days if day.weekday() < 5 and not CALENDAR.is_working_day(day)}
    made_up = {day for day in days if day.weekday() >= 5 and CALENDAR.is_working_day(day)}
    assert off == _dates(year, OFF[year])
    assert made_up == _dates(year, MADE_UP[year])


def test_a_make_up_saturday_is_known_before_its_year_was_asked_for() -> None:
    assert WorkCalendar(changes.Changes()).is_working_day(date(2026, 8, 22))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2027, 2, 1), 7, date(2027, 2, 17)),  # Tết 04-10/02: 2, 3, 11, 12, 15, 16, 17
        (date(2024, 2, 5), 5, date(2024, 2, 19)),  # Tết 08-14/02: 6, 7, 15, 16, 19
        (date(2024, 4, 26), 3, date(2024, 5, 4)),  # 29/04-01/05 off, Saturday 04/05 worked: 2, 3, 4
        (date(2025, 1, 24), 1, date(2025, 2, 3)),  # Friday before Tết; Monday 3/2 follows
        (date(2025, 4, 25), 5, date(2025, 5, 6)),  # Saturday 26/04 worked, 30/04-02/05 off: 26, 28, 29, 5, 6
        (date(2025, 12, 31), 1, date(2026, 1, 5)),  # 01/01 holiday, 02/01 exchanged
        (date(2026, 1, 5), 5, date(2026, 1, 10)),  # Saturday 10/01 worked: 6, 7, 8, 9, 10
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # Tết 16-20/02: 23, 24
        (date(2026, 4, 24), 5, date(2026, 5, 6)),  # 27/04 in lieu of Sunday 26/04; 28, 29, 4, 5, 6
        (date(2026, 8, 21), 7, date(2026, 9, 3)),  # Saturday 22/08 worked, 31/08-02/09 off: 22, 24-28, 3
        (date(2026, 11, 23), 10, date(2026, 12, 8)),  # 24/11 off: 25, 26, 27, 30, 1, 2, 3, 4, 7, 8
        (date(2027, 4, 29), 2, date(2027, 5, 5)),  # 30/04, 01-02/05 weekend, 03/05 in lieu: 4, 5
        (date(2027, 9, 1), 1, date(2027, 9, 6)),  # 02-03/09, then the weekend
        (date(2028, 1, 21), 1, date(2028, 1, 31)),  # Tết 24-28/01
    ],
)
def test_working_days_added(start: date, count: int, end: date) -> None:
    assert CALENDAR.add_working_days(start, count) == end
    assert CALENDAR.working_days_between(start, end) == count


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("23/11/2026 08:30", "23/11/2026 08:30"),
        ("23/11/2026 06:00", "23/11/2026 07:30"),
        ("23/11/2026 12:00", "23/11/2026 13:30"),
        ("23/11/2026 17:00", "25/11/2026 07:30"),  # 24/11 is Ngày Văn hóa Việt Nam
        ("05/12/2026 09:00", "07/12/2026 07:30"),
        ("22/08/2026 09:00", "22/08/2026 09:00"),  # a worked Saturday
        ("03/02/2027 17:01", "11/02/2027 07:30"),
    ],
)
def test_when_the_office_opens(moment: str, opens: str) -> None:
    assert CALENDAR.next_opening(_at(moment)) == _at(opens)
    assert CALENDAR.is_open(_at(moment)) is (moment == opens)


def test_a_moment_of_another_zone_is_told_in_ours() -> None:
    assert CALENDAR.is_open(datetime.fromisoformat("2026-11-23T01:30:00+00:00"))
    with pytest.raises(ValueError, match="no zone"):
        CALENDAR.is_open(datetime(2026, 11, 23, 8, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("after", "until", "told"),
    [
        (date(2026, 11, 23), date(2026, 12, 8), "thứ Bảy, Chủ nhật và ngày nghỉ 24/11"),
        (date(2027, 2, 1), date(2027, 2, 17), "thứ Bảy, Chủ nhật và các ngày nghỉ 04/02–10/02"),
        (date(2026, 8, 20), date(2026, 9, 3), "thứ Bảy, Chủ nhật và các ngày nghỉ 31/08–02/09"),
        (date(2027, 4, 12), date(2027, 5, 5), "thứ Bảy, Chủ nhật và các ngày nghỉ 16/04, 30/04–03/05"),
        (date(2026, 11, 23), date(2026, 11, 25), "ngày nghỉ 24/11"),
        (date(2026, 8, 21), date(2026, 8, 24), "Chủ nhật"),
        (date(2026, 12, 4), date(2026, 12, 7), "thứ Bảy, Chủ nhật"),
        (date(2026, 12, 7), date(2026, 12, 9), ""),
    ],
)
def test_the_days_left_out_are_told(after: date, until: date, told: str) -> None:
    assert CALENDAR.left_out(after, until) == told


def test_days_are_named() -> None:
    assert full_day(date(2026, 12, 7)) == "thứ Hai 07/12/2026"
    assert full_day(date(2026, 12, 6)) == "Chủ nhật 06/12/2026"
    assert CALENDAR.worked_weekends(date(2026, 8, 17), date(2026, 8, 31)) == (date(2026, 8, 22),)


def test_what_is_not_confirmed_is_known() -> None:
    assert [*CALENDAR.unannounced_years(date(2026, 12, 20), date(2027, 1, 5))] == [2027]
    assert not CALENDAR.unannounced_years(date(2026, 11, 20), date(2026, 12, 31))
    found = CALENDAR.unconfirmed(date(2026, 1, 1), date(2026, 1, 31))
    assert [(change.day, change.is_worked) for change in found] == [
        (date(2026, 1, 2), False),
        (date(2026, 1, 10), True),
    ]
    assert CALENDAR.unconfirmed(date(2026, 1, 10), date(2026, 12, 31)) == ()


OWN = """
nam_da_cong_bo = 2027
[[nghi_them]]
ngay = 2027-03-08
ten = "nghỉ phòng chống bão"
nguon = "Thông báo của UBND xã"
ngay_nguon = 2027-03-07
[[lam_bu]]
ngay = 2027-02-04
ten = "Tết bắt đầu từ 05/02"
nguon = "Thông báo nghỉ Tết 2027"
ngay_nguon = 2026-12-10
[[nghi_them]]
ngay = 2026-01-02
ten = "nghỉ hoán đổi"
nguon = "Thông báo"
ngay_nguon = 2025-12-20
"""


def test_the_commune_s_own_file_wins(tmp_path: Path) -> None:
    own = tmp_path / "lich-xa.toml"
    own.write_text(OWN, encoding="utf-8")
    calendar = WorkCalendar.load(own)
    assert calendar.last_confirmed_year == 2027
    assert not calendar.is_working_day(date(2027, 3, 8))
    assert calendar.is_working_day(date(2027, 2, 4))
    assert not calendar.unconfirmed(date(2026, 1, 1), date(2026, 1, 5))
    assert not calendar.unannounced_years(date(2026, 12, 1), date(2027, 5, 1))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("nghi_them = 3", r"nghi_them: cần viết mỗi ngày thành một phần \[\[nghi_them\]\]"),
        ("nghi = 3", "không có phần “nghi”"),
        ('nam_da_cong_bo = "2027"', "cần một số năm"),
        ('[[lam_bu]]\nngay = "2027-02-04"', "lam_bu thứ 1: “ngay” .* không có ngoặc kép"),
        ("[[lam_bu]]\nngay = 2027-02-04", "thiếu “nguon”"),
        (OWN + OWN[OWN.index("[[nghi") : OWN.index("[[lam")], "ngày 08/03/2027 ghi hai lần"),
        (OWN + 'xong = "có"', "không có khóa “xong”"),
        (OWN + 'da_xac_nhan = "có"', "true hoặc false"),
        ("ngay = ", "không đọc được"),
    ],
)
def test_a_wrong_file_is_told(written: str, told: str, tmp_path: Path) -> None:
    own = tmp_path / "lich-xa.toml"
    own.write_text(written, encoding="utf-8")
    with pytest.raises(CalendarError, match=told):
        changes.load(own)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CalendarError, match="không đọc được"):
        changes.load(tmp_path / "khong-co.toml")


@given(DAYS, COUNTS)
def test_counting_there_and_back(day: date, count: int) -> None:
    end = CALENDAR.add_working_days(day, count)
    assert CALENDAR.is_working_day(end)
    assert CALENDAR.working_days_between(day, end) == count
    if count > 1:
        assert CALENDAR.working_day_before(end) == CALENDAR.add_working_days(day, count - 1)


@given(DAYS, COUNTS, COUNTS)
def test_adding_is_additive(day: date, first: int, then: int) -> None:
    step = CALENDAR.add_working_days
    assert step(step(day, first), then) == step(day, first + then)


@given(DAYS, DAYS, COUNTS)
def test_adding_keeps_the_order(one: date, other: date, count: int) -> None:
    early, late = sorted((one, other))
    assert CALENDAR.add_working_days(early, count) <= CALENDAR.add_working_days(late, count)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 1)))  # noqa: DTZ001
def test_the_next_opening_is_open_and_nothing_before_it(moment: datetime) -> None:
    aware = moment.replace(tzinfo=ZONE)
    opening = CALENDAR.next_opening(aware)
    assert opening >= aware
    assert CALENDAR.is_open(opening)
    assert CALENDAR.next_opening(aware + (opening - aware) / 2) == opening or opening == aware


@pytest.mark.parametrize("count", [0, -1])
def test_no_count_below_one(count: int) -> None:
    with pytest.raises(ValueError, match="cannot count"):
        CALENDAR.add_working_days(date(2026, 11, 23), count)
