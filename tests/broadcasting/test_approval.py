"""Two people, one way through the states, and no way round."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.broadcasting import approval, drafting
from bot.broadcasting.approval import NotAllowed
from bot.broadcasting.drafting import Rules
from bot.settings import Unit
from bot.storage import announcements
from bot.storage.announcements import MOVES, State
from bot.storage.broadcast_tables import announcements as table
from bot.storage.recipients import Standing
from bot.texts import Texts
from tests.broadcasting.shared import CALENDAR, DRAFT, Commune, Post
from tests.conftest import NOW


async def test_the_author_does_not_approve(commune: Commune) -> None:
    number = await commune.announce(approved=False)
    for author in ("an", "AN", "An"):
        with pytest.raises(NotAllowed, match="người soạn không tự duyệt"):
            await commune.approve(number, by=author)
    await commune.approve(number)
    found = await commune.find(number)
    assert (found.state, found.approver, found.due_at) == (State.SCHEDULED, "bình", NOW)
    with pytest.raises(NotAllowed, match="cần “bản nháp”"):
        await commune.approve(number, by="chi")


async def test_one_person_where_the_commune_allows_it_and_it_is_written_down(commune: Commune) -> None:
    number = await commune.announce(approved=False)
    await commune.approve(number, by="an", two_person=False)
    async with commune.database.transaction() as transaction:
        events = await announcements.history(transaction, number)
    assert [(event.what, event.who, event.note) for event in events] == [
        ("draft", "an", ""),
        ("scheduled", "an", "một người vừa soạn vừa duyệt"),
    ]


async def test_what_was_changed_after_it_was_read_is_not_approved(commune: Commune) -> None:
    number = await commune.announce(approved=False)
    seen = await commune.find(number)
    async with commune.database.transaction() as transaction:
        assert await announcements.edit(transaction, seen, replace(DRAFT, title="Khác hẳn"), who="an", now=NOW)
    async with commune.database.transaction() as transaction:
        with pytest.raises(NotAllowed, match="người khác đổi"):
            await approval.approve(transaction, seen, "bình", two_person=True, calendar=CALENDAR, now=NOW)


async def test_a_change_of_an_approved_one_needs_approval_anew(commune: Commune, post: Post) -> None:
    number = await commune.announce(plan="2026-11-25T07:30")
    seen = await commune.find(number)
    async with commune.database.transaction() as transaction:
        assert await announcements.edit(transaction, seen, replace(DRAFT, title="Khác"), who="an", now=NOW)
    found = await commune.find(number)
    assert (found.state, found.approver, found.due_at, found.version) == (State.DRAFT, "", None, 2)


async def test_without_a_moment_it_waits_to_be_scheduled(commune: Commune) -> None:
    number = await commune.announce(plan="")
    assert (await commune.find(number)).state is State.APPROVED
    due = await commune.decide(approval.schedule_for, number, plan="2026-11-25T07:30")
    assert f"{due:%d/%m %H:%M}" == "25/11 07:30"
    assert (await commune.find(number)).state is State.SCHEDULED


RULES = Rules({"khan-cap": "Khẩn cấp"}, ["An Xá"], ["web"], Texts.load(Unit()), CALENDAR)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, ""),
        ({"title": " "}, "tiêu đề"),
        ({"title": "a" * 201}, "tiêu đề"),
        ({"body": "\n<!-- -->"[:1]}, "chưa có lời nào"),
        ({"body": "dài " * 1_000}, "nhiều nhất 3500"),
        ({"body": "😀" * 1_800}, "nhiều nhất 3500"),
        ({"topics": ("gia-vang",)}, "không có loại tin “gia-vang”"),
        ({"villages": ("An Xa",)}, "không có thôn “An Xa”; có: An Xá"),
        ({"channels": ("fax",)}, "không có kênh “fax”"),
        ({"content": "e"}, "II.1"),
        ({"form": "d"}, "II.2"),
        ({"content": "đ", "form": "c"}, ""),
        ({"plan": "mai"}, "không hiểu lúc gửi"),
        ({"plan": "2026-11-23T08:20"}, "đã qua"),
        ({"plan": "2026-11-23T08:27"}, ""),
        ({"plan": "0 7 30 2 *"}, "không có ngày nào"),
        ({"corrects": 5}, "không có thông báo 5 đã gửi"),
    ],
)
def test_faults_of_a_draft(change: dict[str, object], told: str) -> None:
    found = drafting.faults(replace(DRAFT, **change), RULES, now=NOW)  # type: ignore[arg-type]
    assert (len(found), told in "".join(found)) == (bool(told), True), found


def test_remarks_look_at_title_and_words() -> None:
    draft = replace(DRAFT, title="Họp thứ Năm 20/11", body="Sáng **thứ Bảy 22/11/2026**.")
    assert len(drafting.remarks(draft, now=NOW)) == 2


def test_every_state_can_be_reached_and_named() -> None:
    reached, frontier = {State.DRAFT}, {State.DRAFT}
    while frontier:
        frontier = {to for state in frontier for to in MOVES[state]} - reached
        reached |= frontier
    assert reached == set(State) == set(approval.NAMES)
    assert MOVES[State.CANCELLED] == frozenset()


ACTS: dict[str, tuple[Callable[..., Any], dict[str, Any], set[str]]] = {
    "schedule": (approval.schedule_for, {"plan": "now"}, {"approved"}),
    "pause": (approval.pause, {}, {"sending", "scheduled"}),
    "resume": (approval.resume, {}, {"paused"}),
    "resume again": (approval.resume, {"again": [Standing.UNCERTAIN]}, {"paused", "finished"}),
    "cancel": (approval.cancel, {}, {"draft", "approved", "scheduled", "sending", "paused"}),
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("name", list(ACTS))
async def test_what_can_be_done_in_each_state(commune: Commune, name: str, state: State) -> None:
    act, more, allowed = ACTS[name]
    number = await commune.announce(approved=False)
    async with commune.database.transaction() as transaction:
        await transaction.execute(table.update().values(state=state, started_at=NOW))
    if state in allowed:
        await commune.decide(act, number, **more)
        after = (await commune.find(number)).state
        assert after in MOVES[state]
    else:
        with pytest.raises(NotAllowed, match="cần “"):
            await commune.decide(act, number, **more)
        assert (await commune.find(number)).state is state


@pytest.mark.parametrize("state", list(State))
async def test_no_move_goes_round_the_table_and_none_is_made_twice(commune: Commune, state: State) -> None:
    number = await commune.announce(approved=False)
    async with commune.database.transaction() as transaction:
        await transaction.execute(table.update().values(state=state))
    seen = await commune.find(number)
    for to in State:
        async with commune.database.transaction() as transaction:
            await transaction.execute(table.update().values(state=state))
            if to not in MOVES[state]:
                with pytest.raises(ValueError, match="->"):
                    await announcements.move(transaction, seen, to, who="an", now=NOW)
            else:
                assert await announcements.move(transaction, seen, to, who="an", now=NOW)
                again = await announcements.move(transaction, seen, to, who="bình", now=NOW)
                assert again is (to is state), "somebody else was first"
