"""The moment as it is chosen in a form, and the calendar that comes of it."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from bot.broadcasting import coming, moments, schedule
from bot.broadcasting.moments import Moment, Way
from bot.broadcasting.schedule import PlanError
from bot.clock import ZONE
from bot.storage.announcements import Announcement, State
from tests.broadcasting.shared import CALENDAR
from tests.conftest import NOW

CHOSEN = [
    (Moment(Way.LATER), "", "chưa hẹn giờ"),
    (Moment(Way.NOW), "now", "ngay khi được duyệt"),
    (Moment(Way.ONCE, day="2026-11-27", time="07:05"), "2026-11-27T07:05", "7:05 thứ Sáu 27/11/2026"),
    (Moment(Way.WEEKLY, time="17:00", weekday="sun"), "0 17 * * sun", "17:00 Chủ nhật hằng tuần"),
    (Moment(Way.FIRST, weekday="mon"), "30 7 * * mon#1", "7:30 thứ Hai đầu tháng"),
    (Moment(Way.MONTHLY, date="15"), "30 7 15 * *", "7:30 ngày 15 hằng tháng"),
    (Moment(Way.LAST, time="08:00"), "0 8 L * *", "8:00 ngày cuối tháng"),
    (Moment(Way.RULE, rule="*/10 8-9 * 1,2 *"), "*/10 8-9 * 1,2 *", "theo lịch riêng */10 8-9 * 1,2 *"),
]


@pytest.mark.parametrize(("moment", "plan", "said"), CHOSEN)
def test_a_choice_gives_a_plan_that_is_kept_said_and_chosen_again(moment: Moment, plan: str, said: str) -> None:
    assert moments.plan(moment, now=NOW) == plan
    assert moments.said(plan) == said
    assert moments.of_plan(plan) == moment
    assert moments.recurs(plan) == (moment.way not in (Way.LATER, Way.NOW, Way.ONCE))
    if plan:
        assert schedule.parse(plan).first(NOW, CALENDAR) >= NOW


@pytest.mark.parametrize("rule", ["30 7 31 * *", "30 7 * * mon#2", "30 7 * * mon,tue", "5 7 1 2 *", "30 7 * * 1"])
def test_a_rule_that_no_simple_choice_gives_stays_a_rule(rule: str) -> None:
    assert moments.of_plan(rule) == Moment(Way.RULE, rule=rule)


@pytest.mark.parametrize(
    "wrong",
    [
        Moment("hom-nao"),
        Moment(Way.ONCE),
        Moment(Way.ONCE, day="2026-11-27", time="24:00"),
        Moment(Way.ONCE, day="2029-01-01"),
        Moment(Way.ONCE, day="0001-01-01"),
        Moment(Way.WEEKLY, weekday="mon#1"),
        Moment(Way.MONTHLY, date="29"),
        Moment(Way.MONTHLY, date="१"),
        Moment(Way.RULE, rule="now"),
    ],
)
def test_what_cannot_be_kept_is_said(wrong: Moment) -> None:
    with pytest.raises(PlanError):
        moments.plan(wrong, now=NOW)


def scheduled(plan: str, due: datetime, *, urgent: str = "") -> Announcement:
    return Announcement(
        id=1, title="Tin", body="Tin", author="an", plan=plan, urgent=urgent, due_at=due, state=State.SCHEDULED,
        approver="binh", series=None, version=1, note="", proposed_at=None, created_at=NOW, started_at=None,
        tended_at=None, finished_at=None,
    )  # fmt: skip


def days(first: date, *announcements: Announcement) -> list[str]:
    weeks = coming.month(first, announcements, CALENDAR)
    assert all(len(week) == coming.DAYS for week in weeks)
    return [f"{one.at:%d/%m %H:%M}" for week in weeks for day in week for one in day.coming if day.is_of_month]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("plan", "due", "month", "found"),
    [
        ("2026-12-24T07:30", "2026-12-24T07:30", "2026-12", ["24/12 07:30"]),
        ("2026-12-24T07:30", "2026-12-24T07:30", "2027-01", []),
        ("30 7 * * mon#1", "2026-12-07T07:30", "2027-02", ["01/02 07:30"]),
        ("0 8 L * *", "2026-11-30T08:00", "2027-02", ["28/02 08:00"]),
        ("0 8 1 * *", "2026-12-01T08:00", "2027-01", ["04/01 08:00"]),  # New Year's Day, a Friday: the next working day
        ("0 22 15 * *", "2026-12-16T06:30", "2026-12", ["16/12 06:30"]),  # quiet hours
        ("* * * * wed", "2026-12-02T06:30", "2026-12", [f"{day:02}/12 06:30" for day in (2, 9, 16, 23, 30)]),
    ],
)
def test_the_calendar_shows_what_will_be_sent_and_when(plan: str, due: str, month: str, found: list[str]) -> None:
    assert days(date.fromisoformat(f"{month}-01"), scheduled(plan, at(due))) == found


def test_the_weeks_of_a_month_are_whole_and_in_order() -> None:
    for number in range(48):
        first = date(2026 + number // 12, number % 12 + 1, 1)
        shown = [day for week in coming.month(first, [], CALENDAR) for day in week]
        assert [b.day - a.day for a, b in pairwise(shown)] == [timedelta(1)] * (len(shown) - 1)
        assert shown[0].day.weekday() == 0
        own = [day.day for day in shown if day.is_of_month]
        assert own[0] == first
        assert (own[-1] + timedelta(1)).day == 1
        assert len(shown) - len(own) < 2 * coming.DAYS
