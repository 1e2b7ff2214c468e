"""When announcements go out: tables checked against the calendar on the wall."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import quiet
from bot.broadcasting.schedule import PlanError, parse
from bot.calendar.changes import Change, Changes
from bot.calendar.workdays import WorkCalendar
from bot.clock import ZONE
from tests.broadcasting.shared import CALENDAR


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


MOMENTS = st.integers(0, 4 * 365 * 86_400).map(lambda seconds: at("2025-01-01") + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("plan", "now", "moment"),
    [
        ("now", "2026-11-23T08:30", "2026-11-23T08:30"),
        ("now", "2026-11-23T20:59:59", "2026-11-23T20:59:59"),
        ("now", "2026-11-23T21:00", "2026-11-24T06:30"),
        ("now", "2026-11-24T03:00", "2026-11-24T06:30"),
        ("now", "2026-11-24T06:30", "2026-11-24T06:30"),
        ("now", "2026-12-31T23:00", "2027-01-01T06:30"),
        ("2026-11-25T07:30", "2026-11-23T08:30", "2026-11-25T07:30"),
        ("2026-11-25T22:00", "2026-11-23T08:30", "2026-11-26T06:30"),
        ("2026-11-25T00:30:00Z", "2026-11-23T08:30", "2026-11-25T07:30"),
        ("30 7 * * mon#1", "2026-11-23T08:30", "2026-12-07T07:30"),
        ("30 7 * * 1#1", "2026-11-23T08:30", "2026-12-07T07:30"),
        ("30 7 * * 1#1", "2026-12-07T07:30", "2026-12-07T07:30"),
        ("0 8 l * *", "2027-02-01T00:00", "2027-02-28T08:00"),
        ("0 8 L * *", "2028-02-01T00:00", "2028-02-29T08:00"),
        ("0 8 31 * *", "2027-04-01T00:00", "2027-05-31T08:00"),
        ("0 7 * * 1-5", "2026-11-27T08:00", "2026-11-30T07:00"),
        ("0 7 * * 0", "2026-11-23T08:30", "2026-11-29T07:00"),
        ("0 7 * * 7", "2026-11-23T08:30", "2026-11-29T07:00"),
        ("0 23 * * *", "2026-11-25T08:30", "2026-11-26T06:30"),
        ("0 7 24 11 *", "2026-11-23T08:30", "2026-11-25T07:00"),  # Ngày Văn hóa Việt Nam is a day off
        ("30 7 2 1 *", "2025-12-15T08:00", "2026-01-05T07:30"),  # off in exchange, known to the house's calendar alone
        ("30 7 4 2 *", "2027-01-15T08:00", "2027-02-11T07:30"),  # Tết Đinh Mùi: 4 to 10 February 2027
        ("30 7 30 4 *", "2027-04-01T08:00", "2027-05-04T07:30"),  # 30/4, 1/5, a Sunday, and 3/5 in lieu
        ("30 7 31 12 *", "2026-12-30T08:00", "2026-12-31T07:30"),
    ],
)
def test_the_first_moment(plan: str, now: str, moment: str) -> None:
    assert parse(plan).first(at(now), CALENDAR) == at(moment)


def test_urgent_ones_know_no_night_and_no_holiday() -> None:
    assert parse("now").first(at("2026-11-23T23:00"), CALENDAR, urgent=True) == at("2026-11-23T23:00")
    assert parse("0 7 24 11 *").first(at("2026-11-23T08:30"), CALENDAR, urgent=True) == at("2026-11-24T07:00")


def test_a_monthly_column_through_a_year() -> None:
    plan, moment, found = parse("30 7 * * mon#1"), at("2026-12-01T00:00"), []
    for _ in range(12):
        following = plan.following(moment, CALENDAR)
        assert following
        moment = following
        found.append(f"{moment:%d/%m/%Y}")
    assert found == [
        "07/12/2026", "04/01/2027", "01/02/2027", "01/03/2027", "05/04/2027", "04/05/2027", "07/06/2027", "05/07/2027",
        "02/08/2027", "06/09/2027", "04/10/2027", "01/11/2027",
    ]  # fmt: skip


def test_a_daily_one_comes_once_after_tet() -> None:
    plan, moment = parse("30 7 * * *"), at("2027-02-03T07:30")
    first = plan.following(moment, CALENDAR)
    assert first == at("2027-02-11T07:30")
    assert plan.following(first, CALENDAR) == at("2027-02-12T07:30")


def test_the_communes_own_days_off_count() -> None:
    feast = Change(date(2026, 12, 7), is_worked=False, name="Ngày hội xã", source="CV 12/UBND", as_of=date(2026, 11, 2))
    own = WorkCalendar(Changes({feast.day: feast}))
    plan, now = parse("30 7 * * mon#1"), at("2026-11-23T08:30")
    assert (plan.first(now, CALENDAR), plan.first(now, own)) == (at("2026-12-07T07:30"), at("2026-12-08T07:30"))


@given(
    st.sampled_from(["30 7 * * mon#1", "0 8 l * *", "15 22 * * *", "0 7 31 * *", "*/30 * * * *", "0 7 * * sat"]),
    MOMENTS,
)
def test_the_next_moment_is_later_open_and_no_holiday(rule: str, after: datetime) -> None:
    following = parse(rule).following(after, CALENDAR)
    assert following
    assert after < following < after + timedelta(days=75)
    assert following.utcoffset() == timedelta(hours=7)
    assert not quiet.is_quiet(following)
    assert not CALENDAR.is_holiday(following.date())


@given(MOMENTS)
def test_the_opening_is_the_soonest_moment_that_is_not_quiet(moment: datetime) -> None:
    opening = quiet.opening(moment)
    assert moment <= opening < moment + timedelta(hours=9, minutes=30, seconds=1)
    assert not quiet.is_quiet(opening)
    assert (opening == moment) is (time(6, 30) <= moment.time() < time(21))


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ("mai", "không hiểu lúc gửi"),
        ("2026-13-01T07:00", "không hiểu lúc gửi"),
        ("30 7 * *", "không hiểu lúc gửi"),
        ("99 7 * * *", "không hiểu được"),
        ("30 7 * * xyz", "không hiểu được"),
        ("30 7 1 * mon", "chỉ đặt ngày trong tháng hoặc thứ"),
        ("30 7 * * mon#6", "không hiểu được"),
    ],
)
def test_a_plan_that_is_none_is_told(plan: str, told: str) -> None:
    with pytest.raises(PlanError, match=told):
        parse(plan)


def test_a_rule_without_days_is_told() -> None:
    with pytest.raises(PlanError, match="không có ngày nào"):
        parse("0 7 30 2 *").first(at("2026-11-23T08:30"), CALENDAR)
