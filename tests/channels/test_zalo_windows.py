"""What a message on Zalo costs is decided before it is sent, by a table that can be checked by hand."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo_oa.windows import obstacle, quiet_seconds
from bot.clock import ZONE
from bot.messages import DeliveryOutcome
from bot.settings import ZaloOa
from bot.storage.zalo_windows import Terms, Window, terms
from tests.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("silent", "used", "asked"),
    [
        (timedelta(0), 0, Terms.FREE),
        (timedelta(0), 7, Terms.FREE),
        (timedelta(0), 8, Terms.PAID),
        (48 * HOUR - timedelta(seconds=1), 7, Terms.FREE),
        (48 * HOUR, 0, Terms.PAID),
        (7 * DAY - timedelta(seconds=1), 0, Terms.PAID),
        (7 * DAY - timedelta(seconds=1), 99, Terms.PAID),
        (7 * DAY, 0, Terms.TEMPLATE_ONLY),
        (400 * DAY, 0, Terms.TEMPLATE_ONLY),
    ],
)
def test_terms(silent: timedelta, used: int, asked: Terms) -> None:
    assert terms(Window(1, NOW - silent, used), ZaloOa(), NOW) is asked


def test_who_never_wrote_gets_a_template_only() -> None:
    assert terms(None, ZaloOa(), NOW) is Terms.TEMPLATE_ONLY


def test_the_figures_are_settings() -> None:
    settings = ZaloOa(free_hours=24, free_replies=1, consult_days=2)
    assert terms(Window(1, NOW - 23 * HOUR, 0), settings, NOW) is Terms.FREE
    assert terms(Window(1, NOW - 23 * HOUR, 1), settings, NOW) is Terms.PAID
    assert terms(Window(1, NOW - 49 * HOUR, 0), settings, NOW) is Terms.TEMPLATE_ONLY


@pytest.mark.parametrize(
    ("asked", "settings", "outcome", "told"),
    [
        (Terms.FREE, ZaloOa(), None, ""),
        (Terms.PAID, ZaloOa(), DeliveryOutcome.SKIPPED, "zalo_oa.paid đang tắt"),
        (Terms.PAID, ZaloOa(paid=True), None, ""),
        (Terms.TEMPLATE_ONLY, ZaloOa(paid=True), DeliveryOutcome.SKIPPED, "zalo_oa.template_id còn trống"),
        (Terms.TEMPLATE_ONLY, ZaloOa(template_id="7895417"), None, ""),
    ],
)
def test_what_costs_money_is_sent_only_when_switched_on(
    asked: Terms, settings: ZaloOa, outcome: DeliveryOutcome | None, told: str
) -> None:
    error = obstacle(asked, settings, NOW)
    assert (error and error.outcome) == outcome
    assert told in str(error)


@pytest.mark.parametrize(
    ("hour", "minute", "hours"),
    [(21, 59, 0), (22, 0, 8), (23, 30, 6.5), (0, 0, 6), (5, 30, 0.5), (6, 0, 0), (12, 0, 0)],
)
def test_templates_wait_for_the_morning(hour: int, minute: int, hours: float) -> None:
    night = datetime(2026, 11, 23, hour, minute, tzinfo=ZONE)
    assert quiet_seconds(night, ZaloOa()) == hours * 3600
    error = obstacle(Terms.TEMPLATE_ONLY, ZaloOa(template_id="7895417"), night)
    assert (error and error.retry_after) == (hours * 3600 or None)
    assert obstacle(Terms.FREE, ZaloOa(), night) is None, "who writes at night is answered at night"


@given(st.datetimes(timezones=st.just(ZONE)), st.integers(0, 23), st.integers(0, 23))
def test_quiet_hours_end_at_their_hour(now: datetime, start: int, end: int) -> None:
    seconds = quiet_seconds(now, ZaloOa(quiet_from=start, quiet_until=end))
    if seconds:
        over = now + timedelta(seconds=seconds)
        assert (over.hour, over.minute, over.second) == (end, 0, 0)
        assert 0 < seconds <= 24 * 3600
