"""What is due starts once, what is too late is asked about, what recurs comes again."""

from datetime import datetime, timedelta

import pytest

from bot.broadcasting import approval
from bot.clock import ZONE
from bot.storage import announcements
from bot.storage.announcements import State
from bot.storage.database import Database
from tests.broadcasting.shared import DAY, HOUR, MINUTE, Commune, Post

MONTHLY = "30 7 * * mon#1"


async def test_it_starts_at_its_moment_and_not_before(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan"])
    number = await commune.announce(plan="2026-11-23T10:00")
    assert not await commune.tick({"telegram": post})
    assert (await commune.find(number)).state is State.SCHEDULED
    commune.clock.passes(90 * MINUTE)
    assert await commune.tick({"telegram": post})
    assert await commune.counts(number) == {"pending": 1}


@pytest.mark.parametrize(
    ("late", "stale_hours", "state"),
    [
        (2 * HOUR, 2, State.SENDING),
        (2 * HOUR + MINUTE, 2, State.PAUSED),
        (2 * HOUR + MINUTE, 3, State.SENDING),
        (DAY, 2, State.PAUSED),
    ],
)
async def test_a_missed_moment_is_asked_about_when_it_is_too_long_ago(
    commune: Commune, post: Post, late: timedelta, stale_hours: int, state: State
) -> None:
    await commune.subscribe(["lan"])
    number = await commune.announce(plan="2026-11-23T10:00", stale_hours=stale_hours)
    commune.clock.now = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE) + late
    await commune.tick({"telegram": post})
    found = await commune.find(number)
    assert found.state is state
    if state is State.PAUSED:
        assert "đã quá giờ gửi (10:00 23/11/2026)" in found.note
        await commune.decide(approval.resume, number)
        await commune.tick({"telegram": post})
        assert (await commune.find(number)).state is State.SENDING


async def test_one_resumed_at_night_waits_for_the_morning_and_is_not_asked_about_again(
    commune: Commune, post: Post
) -> None:
    await commune.subscribe(["lan"])
    number = await commune.announce(plan="2026-11-23T10:00")
    commune.clock.now = datetime(2026, 11, 23, 22, 0, tzinfo=ZONE)
    await commune.tick({"telegram": post})
    await commune.decide(approval.resume, number)
    await commune.tick({"telegram": post})
    assert (await commune.find(number)).state is State.SCHEDULED
    commune.clock.now = datetime(2026, 11, 24, 6, 31, tzinfo=ZONE)
    await commune.tick({"telegram": post})
    assert (await commune.find(number)).state is State.SENDING


async def test_what_was_cut_off_long_ago_is_asked_about(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan"])
    number = await commune.announce()
    await commune.tick({"telegram": post})
    for _ in range(20):  # a night of ticks: looked after all the while
        commune.clock.passes(HOUR)
        await commune.tick({"telegram": post})
    assert (await commune.find(number)).state is State.SENDING
    commune.clock.passes(3 * HOUR)
    assert not await commune.tick({"telegram": post})
    found = await commune.find(number)
    assert (found.state, "chương trình ngừng từ" in found.note) == (State.PAUSED, True)
    assert post.tried == []


async def test_a_monthly_column_comes_each_month_and_a_missed_one_is_asked_about(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan"])
    series = await commune.announce(plan=MONTHLY)
    for moment in ("2026-12-07T07:31", "2026-12-20T08:00", "2027-01-04T12:00", "2027-02-11T07:40", "2027-05-10T08:00"):
        commune.clock.now = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
        async with commune.working({"telegram": post}) as at_work:
            for _ in range(3):
                await at_work.tick()
    async with commune.database.transaction() as transaction:
        made = [one for one in await announcements.listed(transaction) if one.series == series]
    assert [(f"{one.due_at:%d/%m %H:%M}", one.state) for one in made[::-1]] == [
        ("07/12 07:30", State.FINISHED),
        ("04/01 07:30", State.PAUSED),
        ("01/02 07:30", State.PAUSED),
        ("01/03 07:30", State.PAUSED),  # missed; April's and May's were missed too and are not made up
    ]
    found = await commune.find(series)
    assert found.state is State.SCHEDULED
    assert post.arrived["lan"] == 1


async def test_two_workers_start_one_occurrence(commune: Commune, post: Post) -> None:
    await commune.subscribe(["lan"])
    await commune.announce(plan="0 9 * * *")
    commune.clock.passes(HOUR)
    await commune.tick({"telegram": post})
    await commune.tick({"telegram": post})
    async with commune.database.transaction() as transaction:
        assert len(await announcements.listed(transaction)) == 2


async def test_a_database_that_is_away_is_no_crash(commune: Commune, post: Post) -> None:
    from bot.broadcasting import worker

    away = Commune(Database.open("postgresql+psycopg://an@127.0.0.1:1/motcua"), commune.folder)
    assert not await worker._tick(away.office, frozenset({"telegram"}))
    await away.database.close()
