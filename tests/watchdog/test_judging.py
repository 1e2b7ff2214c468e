"""Whether a channel lives, by facts and a clock that the tests set."""

from datetime import timedelta

import pytest

from bot.health import Answer, ChannelHealth
from bot.storage.channel_health import Vitals
from bot.storage.inbox import Backlog
from bot.watchdog import pulse
from bot.watchdog.judging import Condition, is_steady, judge_all
from tests.conftest import NOW


def ago(minutes: float) -> object:
    return NOW - timedelta(minutes=minutes)


def vitals(**values: object) -> Vitals:
    return Vitals(**{"channel": "telegram", "seen_at": ago(1), **values})  # type: ignore[arg-type]


NOTHING = Backlog()
FACTS = [
    (None, NOTHING, None, Condition.UNSEEN, "chưa tiến trình nào chạy kênh này"),
    (None, NOTHING, ago(4.9), Condition.UNSEEN, "chạy motcua run --only telegram,"),
    (None, NOTHING, ago(5), Condition.DEAD, "chạy motcua run --only telegram,"),
    (vitals(), NOTHING, None, Condition.WELL, ""),
    (vitals(seen_at=ago(4.9)), NOTHING, None, Condition.WELL, ""),
    (vitals(seen_at=ago(5)), NOTHING, None, Condition.DEAD, "không báo gì từ 08:25"),
    (vitals(seen_at=ago(600)), NOTHING, ago(4), Condition.WELL, ""),
    (vitals(seen_at=ago(600)), NOTHING, ago(5), Condition.DEAD, "không báo gì"),
    (vitals(trouble="x", failing_since=ago(4.9)), NOTHING, None, Condition.FAILING, "x"),
    (vitals(trouble="x", failing_since=ago(5)), NOTHING, None, Condition.DEAD, "x"),
    (vitals(trouble="mã sai", is_final=True, failing_since=ago(0)), NOTHING, None, Condition.DEAD, "mã sai"),
    (vitals(trouble="mã sai", is_final=True, seen_at=ago(600)), NOTHING, None, Condition.DEAD, "mã sai"),
    (vitals(trouble="x", failing_since=ago(600), seen_at=ago(600)), NOTHING, None, Condition.DEAD, "không báo gì"),
    (vitals(), Backlog(9, ago(7.9)), None, Condition.WELL, ""),  # type: ignore[arg-type]
    (vitals(), Backlog(9, ago(8)), None, Condition.DEAD, "9 tin đã nhận"),  # type: ignore[arg-type]
    (vitals(), Backlog(9, ago(600)), ago(7), Condition.WELL, ""),  # type: ignore[arg-type]
    (vitals(), Backlog(0, None, 50, 50), None, Condition.WELL, ""),
]


@pytest.mark.parametrize(("told", "backlog", "since", "condition", "why"), FACTS)
def test_a_channel_is_dead_by_facts(
    told: Vitals | None, backlog: Backlog, since: object, condition: Condition, why: str
) -> None:
    known = {"telegram": told} if told else {}
    found = judge_all({"telegram": True, "zalo_oa": False}, known, {"telegram": backlog}, now=NOW, watching_since=since)  # type: ignore[arg-type]
    assert found["telegram"].condition is condition
    assert why in found["telegram"].why
    assert bool(found["telegram"].why) is bool(why)
    assert found["zalo_oa"].condition is Condition.OFF


def test_a_channel_that_nobody_runs_is_dead_with_the_part_to_start() -> None:
    on = dict.fromkeys(("web", "telegram", "zalo_bot", "zalo_oa"), True) | {"telegram": False}
    found = judge_all(on, {}, {}, now=NOW, watching_since=NOW - timedelta(minutes=5))
    parts = {name: state.why.partition("--only ")[2].partition(", ")[0] for name, state in found.items()}
    assert parts == {"web": "", "telegram": "", "zalo_bot": "zalo", "zalo_oa": "web,zalo"}
    assert [name for name, state in found.items() if state.is_dead] == ["zalo_bot", "zalo_oa"]
    assert found["web"].condition is Condition.UNSEEN, "a commune may do without the page"


def test_a_channel_is_well_again_after_a_while_of_no_trouble() -> None:
    now, row, own = NOW, Vitals("telegram", NOW), ChannelHealth()
    steady = []
    for trouble in ("", "", "", "", "", "", "lỗi", "", "", "", "", "", ""):
        row = pulse.told(row, Answer(trouble), own, now=now)
        found = judge_all({"telegram": True}, {"telegram": row}, {}, now=now)["telegram"]
        assert (row.failing_since == now) is bool(trouble)
        steady.append(is_steady(found, now=now))
        now += timedelta(minutes=1)
    assert steady == [False] * 5 + [True] + [False] * 6 + [True]


def test_a_process_that_was_gone_starts_its_good_time_anew() -> None:
    row = Vitals("telegram", NOW - timedelta(hours=1), well_since=NOW - timedelta(days=9))
    assert pulse.told(row, Answer(), ChannelHealth(), now=NOW).well_since == NOW
    assert pulse.told(vitals(well_since=ago(30)), Answer(), ChannelHealth(), now=NOW).well_since == ago(30)


def test_what_came_before_a_restart_is_remembered() -> None:
    row = vitals(last_update=ago(90))
    assert pulse.told(row, Answer(), ChannelHealth(), now=NOW).last_update == ago(90)
    assert pulse.told(row, Answer(), ChannelHealth(last_update=NOW), now=NOW).last_update == NOW
