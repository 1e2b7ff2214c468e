"""Deadlines against dates worked out by hand, and what must hold for any of them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar.workdays import WorkCalendar
from bot.cases.deadlines import Pause, Warned, due, warning_moments
from bot.cases.model import CaseType
from bot.cases.rules import Rules, RulesError, SetBy, Unit
from bot.clock import ZONE
from knowledge.entry import Confidence

CALENDAR = WorkCalendar.load()
RULES = Rules.load()
OF_DATA = {"data_answer", "data_rut_dong_y", "data_sua", "data_xem", "data_xoa"}  # the law is from 2026
MATTERS = st.sampled_from(sorted({rule.key for rule in RULES.rules} - OF_DATA))
PAUSING = st.sampled_from(sorted({rule.key for rule in RULES.rules if rule.pauses}))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 6, 30)).map(lambda moment: moment.replace(tzinfo=ZONE))  # noqa: DTZ001
HOURS = st.integers(0, 30 * 24).map(lambda hours: timedelta(hours=hours))


def at(written: str) -> datetime:
    return datetime.strptime(written, "%d/%m/%Y %H:%M").replace(tzinfo=ZONE)


def last_day(matter: str, start: str, *paused: tuple[str, str]) -> str:
    found = due(matter, at(start), calendar=CALENDAR, rules=RULES, paused=[(at(a), at(b)) for a, b in paused])
    assert found.at.strftime("%H:%M") == "17:00"
    return found.at.strftime("%d/%m/%Y")


@pytest.mark.parametrize(
    ("matter", "start", "expected"),
    [
        # 7 working days over Tết 2027 (04-10/02): 2, 3, 11, 12, 15, 16, 17
        (CaseType.DENUNCIATION, "01/02/2027 09:00", "17/02/2027"),
        # 10 over Ngày Văn hóa 24/11/2026: 25, 26, 27, 30, 1, 2, 3, 4, 7, 8
        (CaseType.FEEDBACK, "23/11/2026 08:30", "08/12/2026"),
        # received at night, on Saturday, on Sunday, on the holiday: the next working day is the first
        (CaseType.FEEDBACK, "23/11/2026 23:59", "08/12/2026"),
        (CaseType.FEEDBACK, "24/11/2026 10:00", "08/12/2026"),
        (CaseType.FEEDBACK, "28/11/2026 10:00", "11/12/2026"),
        (CaseType.FEEDBACK, "29/11/2026 22:00", "11/12/2026"),
        (CaseType.FEEDBACK, "27/11/2026 16:59", "11/12/2026"),
        # Tết 2024 (08-14/02): 6, 7, 15, 16, 19, 20, 21, 22, 23, 26
        (CaseType.PROPOSAL, "05/02/2024 08:00", "26/02/2024"),
        # 30/4 2024, Monday 29 exchanged for Saturday 04/05: 26, 2, 3, 4, 6
        ("pakn_transfer", "25/04/2024 08:00", "06/05/2024"),
        # Tết 2025 (27-31/01): 23, 24, 3, 4, 5
        ("pakn_transfer", "22/01/2025 08:00", "05/02/2025"),
        # Saturday 26/04/2025 worked, 30/04-02/05 off: 25, 26, 28, 29, 5
        ("pakn_transfer", "24/04/2025 08:00", "05/05/2025"),
        # New Year 2026 with Friday 02/01 off and Saturday 10/01 worked: 31, 5, 6, 7, 8, 9, 10, 12, 13, 14
        (CaseType.FEEDBACK, "30/12/2025 09:00", "14/01/2026"),
        # Tết 2026 (16-20/02): 12, 13, 23, 24, 25
        ("pakn_transfer", "11/02/2026 08:00", "25/02/2026"),
        # Quốc khánh 2026: Saturday 22/08 worked, 31/08-02/09 off: 21, 22, 24, 25, 26, 27, 28, 3, 4, 7
        (CaseType.FEEDBACK, "20/08/2026 09:00", "07/09/2026"),
        # Giỗ Tổ 16/04/2027: 15, 19, 20, 21, 22; 30/04-03/05/2027: 29, 4, 5, 6, 7
        ("pakn_transfer", "14/04/2027 08:00", "22/04/2027"),
        ("pakn_transfer", "28/04/2027 08:00", "07/05/2027"),
        # Quốc khánh 2027 (02-03/09): 1, 6, 7, 8, 9
        ("pakn_transfer", "31/08/2027 08:00", "09/09/2027"),
        # Tết 2028 (24-28/01): 20, 21, 31, 1, 2
        ("pakn_transfer", "19/01/2028 08:00", "02/02/2028"),
        # 30/04/2028 is a Sunday, in lieu 02/05: 28, 3, 4
        (CaseType.QUESTION, "27/04/2028 08:00", "04/05/2028"),
        # khiếu nại: 10 calendar days to the end of June 2026, 04/07 is a Saturday; 7 working days from July
        (CaseType.COMPLAINT, "22/06/2026 09:00", "02/07/2026"),
        (CaseType.COMPLAINT, "24/06/2026 09:00", "06/07/2026"),
        (CaseType.COMPLAINT, "30/06/2026 23:30", "10/07/2026"),
        (CaseType.COMPLAINT, "01/07/2026 08:00", "10/07/2026"),
        (CaseType.INITIATIVE, "01/12/2026 08:00", "22/12/2026"),
        ("second_review", "08/12/2026 20:00", "15/12/2026"),
    ],
)
def test_dates_worked_out_by_hand(matter: str, start: str, expected: str) -> None:
    assert last_day(matter, start) == expected


@pytest.mark.parametrize(
    ("asked", "answered", "expected"),
    [
        # Without a pause: Monday 30/11/2026 and 10 working days, Monday 14/12.
        ("01/12/2026 09:00", "01/12/2026 16:00", "14/12/2026"),
        ("01/12/2026 09:00", "02/12/2026 08:00", "15/12/2026"),
        ("01/12/2026 09:00", "03/12/2026 16:00", "16/12/2026"),
        ("04/12/2026 16:00", "07/12/2026 08:00", "15/12/2026"),  # over a weekend: Monday only
        ("05/12/2026 09:00", "06/12/2026 09:00", "14/12/2026"),  # within a weekend
        ("14/12/2026 10:00", "14/12/2026 15:00", "14/12/2026"),  # on the last day, in time
        ("14/12/2026 10:00", "14/12/2026 20:00", "15/12/2026"),  # the last day passed meanwhile
        ("14/12/2026 10:00", "16/12/2026 16:50", "17/12/2026"),
        ("15/12/2026 10:00", "18/12/2026 10:00", "14/12/2026"),  # too late to ask: overdue already
        ("20/11/2026 10:00", "24/11/2026 10:00", "14/12/2026"),  # over before the case began
    ],
)
def test_a_pause_puts_the_date_off(asked: str, answered: str, expected: str) -> None:
    assert last_day(CaseType.FEEDBACK, "30/11/2026 08:00", (asked, answered)) == expected


def test_overlapping_pauses_count_once_and_separate_ones_add_up() -> None:
    first, second = ("01/12/2026 09:00", "03/12/2026 16:00"), ("02/12/2026 09:00", "04/12/2026 08:00")
    later = ("08/12/2026 09:00", "10/12/2026 09:00")
    assert last_day(CaseType.FEEDBACK, "30/11/2026 08:00", first, second) == "17/12/2026"
    assert last_day(CaseType.FEEDBACK, "30/11/2026 08:00", later, first, second) == "21/12/2026"


def test_the_law_s_own_deadlines_do_not_pause() -> None:
    assert last_day("to_cao", "30/11/2026 08:00", ("01/12/2026 09:00", "03/12/2026 16:00")) == "09/12/2026"


def test_the_reason_says_what_was_left_out() -> None:
    found = due(CaseType.FEEDBACK, at("23/11/2026 08:30"), calendar=CALENDAR, rules=RULES)
    assert found.reason == (
        "tức 10 ngày làm việc, không tính ngày nhận 23/11/2026; đã trừ thứ Bảy, Chủ nhật và ngày nghỉ 24/11."
    )
    assert found.working_days == 10
    assert "Nghị định 20/2008/NĐ-CP" in found.source
    assert found.doubts == ()


def test_the_reason_says_make_up_days_pauses_and_a_last_day_off() -> None:
    paused = [(at("24/08/2026 09:00"), at("26/08/2026 15:00"))]
    found = due(CaseType.FEEDBACK, at("20/08/2026 09:00"), calendar=CALENDAR, rules=RULES, paused=paused)
    assert found.reason.endswith("có tính thứ Bảy 22/08/2026 làm bù; cộng 2 ngày làm việc chờ bổ sung.")
    rolled = due(CaseType.COMPLAINT, at("24/06/2026 09:00"), calendar=CALENDAR, rules=RULES)
    assert "10 ngày, không tính ngày nhận 24/06/2026; ngày cuối rơi vào ngày nghỉ" in rolled.reason


def test_a_year_not_announced_and_a_change_not_confirmed_are_doubts() -> None:
    found = due(CaseType.FEEDBACK, at("22/12/2026 09:00"), calendar=CALENDAR, rules=RULES)
    assert ["năm 2027" in doubt for doubt in found.doubts] == [True]
    found = due(CaseType.FEEDBACK, at("30/12/2025 09:00"), calendar=CALENDAR, rules=RULES)
    assert [doubt[:15] for doubt in found.doubts] == ["Ngày 02/01/2026", "Ngày 10/01/2026"]


def test_reminders_come_only_when_the_office_is_open() -> None:
    assert warning_moments(at("25/11/2026 17:00"), CALENDAR) == {
        Warned.DAY_BEFORE: at("23/11/2026 07:30"),
        Warned.LAST_DAY: at("25/11/2026 07:30"),
        Warned.OVERDUE: at("26/11/2026 07:30"),
    }


def test_every_case_type_has_a_rule_today_and_says_where_it_is_from() -> None:
    today = date(2026, 11, 23)
    rules = [RULES.of(kind, today) for kind in CaseType]
    assert all(rule.basis for rule in rules)
    assert {rule.key for rule in rules if rule.set_by is SetBy.LAW} == {CaseType.COMPLAINT, CaseType.DENUNCIATION}
    assert [rule.key for rule in RULES.rules if rule.pauses and rule.unit is Unit.DAYS] == []
    to_be_verified = {rule.key for rule in RULES.rules if rule.confidence is not Confidence.HIGH}
    assert to_be_verified == {"reception_reply", *OF_DATA}


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        ("data_answer", "26/11/2026"),  # 2 working days over Ngày Văn hóa 24/11: 25, 26
        ("data_xem", "03/12/2026"),
        ("data_sua", "03/12/2026"),
        ("data_rut_dong_y", "08/12/2026"),
        ("data_xoa", "14/12/2026"),  # the 20th day is Sunday 13/12
    ],
)
def test_requests_about_ones_data_have_the_laws_days(matter: str, expected: str) -> None:
    assert last_day(matter, "23/11/2026 08:30") == expected
    with pytest.raises(KeyError):
        RULES.of(matter, date(2025, 12, 31))


def test_rules_of_one_key_never_overlap() -> None:
    for rule in RULES.rules:
        same = [r for r in RULES.rules if r.key == rule.key and r is not rule]
        assert all(r.valid_until < rule.valid_from or rule.valid_until < r.valid_from for r in same)


def test_an_unknown_matter_has_no_deadline() -> None:
    with pytest.raises(KeyError, match="no deadline 'khong_co'"):
        due("khong_co", at("23/11/2026 08:30"), calendar=CALENDAR, rules=RULES)


def test_the_commune_sets_its_own_promises() -> None:
    rules = Rules.load({"phan_anh": 15, "hoi_dap": 2})
    today = date(2026, 11, 23)
    assert [rules.of(key, today).days for key in ("phan_anh", "hoi_dap", "kien_nghi")] == [15, 2, 10]


def test_what_the_commune_cannot_set_is_told() -> None:
    with pytest.raises(RulesError) as refused:
        Rules.load({"to_cao": 20, "phan_an": 10, "gop_y": 0, "khen_ngoi": 61})
    law, unknown, *impossible = str(refused.value).splitlines()
    assert "do luật định (Luật Tố cáo" in law
    assert "xã đặt được: phan_anh, kien_nghi" in unknown
    assert impossible == ["gop_y = 0: cần số ngày từ 1 đến 60", "khen_ngoi = 61: cần số ngày từ 1 đến 60"]


def _due(matter: str, start: datetime, paused: list[Pause]) -> datetime:
    return due(matter, start, calendar=CALENDAR, rules=RULES, paused=paused).at


PAUSES = st.lists(st.tuples(HOURS, HOURS), max_size=4)


def _pauses(start: datetime, drawn: list[tuple[timedelta, timedelta]]) -> list[Pause]:
    return [(start + wait, start + wait + length) for wait, length in drawn]


@given(MATTERS, MOMENTS, PAUSES)
def test_a_deadline_is_the_end_of_a_working_day(
    matter: str, start: datetime, drawn: list[tuple[timedelta, timedelta]]
) -> None:
    found = due(matter, start, calendar=CALENDAR, rules=RULES, paused=_pauses(start, drawn))
    assert CALENDAR.is_working_day(found.at.date())
    assert found.at == CALENDAR.closing(found.at.date())
    assert found.at > start
    assert found.working_days == CALENDAR.working_days_between(start.date(), found.at.date())
    assert all(CALENDAR.is_open(moment) for moment in warning_moments(found.at, CALENDAR).values())


@given(PAUSING, MOMENTS, MOMENTS)
def test_what_came_later_is_never_due_earlier(matter: str, one: datetime, other: datetime) -> None:
    early, late = sorted((one, other))
    assert _due(matter, early, []) <= _due(matter, late, [])


@given(PAUSING, MOMENTS, PAUSES, HOURS, HOURS)
def test_a_pause_never_brings_the_date_forward(
    matter: str, start: datetime, drawn: list[tuple[timedelta, timedelta]], wait: timedelta, length: timedelta
) -> None:
    before = _pauses(start, drawn)
    assert _due(matter, start, before) <= _due(matter, start, [*before, (start + wait, start + wait + length)])


@given(PAUSING, MOMENTS, HOURS, HOURS, HOURS)
def test_a_longer_pause_never_brings_the_date_forward(
    matter: str, start: datetime, wait: timedelta, length: timedelta, more: timedelta
) -> None:
    asked = start + wait
    shorter, longer = [(asked, asked + length)], [(asked, asked + length + more)]
    assert _due(matter, start, shorter) <= _due(matter, start, longer)


@given(PAUSING, MOMENTS, st.data())
def test_a_pause_within_the_time_adds_exactly_its_working_days(
    matter: str, start: datetime, data: st.DataObject
) -> None:
    plain = _due(matter, start, [])
    asked = data.draw(st.datetimes(start.replace(tzinfo=None), plain.replace(tzinfo=None)).map(_aware))
    answered = data.draw(st.datetimes(asked.replace(tzinfo=None), plain.replace(tzinfo=None)).map(_aware))
    lost = CALENDAR.working_days_between(asked.date(), answered.date())
    paused = _due(matter, start, [(asked, answered)])
    assert CALENDAR.working_days_between(plain.date(), paused.date()) == lost


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=ZONE)


@given(PAUSING, MOMENTS, HOURS, HOURS)
def test_a_citizen_s_answer_never_finds_the_case_overdue(
    matter: str, start: datetime, wait: timedelta, length: timedelta
) -> None:
    asked = min(start + wait, _due(matter, start, []))
    answered = asked + length
    assert _due(matter, start, [(asked, answered)]) >= answered


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        due(CaseType.FEEDBACK, datetime(2026, 11, 23), calendar=CALENDAR, rules=RULES)  # noqa: DTZ001
