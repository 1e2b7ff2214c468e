"""An announcement that invites: its buttons reach everybody it is sent to, and work."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.events import invitation, planning
from bot.messages import Reply
from bot.officials.refused import Refused
from bot.storage import announcements
from bot.storage.database import Database
from tests.broadcasting.shared import DRAFT, MINUTE, Commune, Post
from tests.conftest import NOW
from tests.events.shared import STARTS, TEXTS, opened, planned


@dataclass
class Kept(Post):
    """A channel that keeps what arrives whole."""

    replies: list[Reply] = field(default_factory=list)

    async def send(self, address: str, replies: Sequence[Reply]) -> None:
        await super().send(address, replies)
        self.replies += replies


async def test_it_carries_the_buttons_of_its_event_and_an_ordinary_one_none(database: Database, tmp_path: Path) -> None:
    commune, post = Commune(database, tmp_path), Kept()
    await commune.subscribe(["lan", "hung"])
    carrier = await commune.announce(approved=False)
    number = await planned(database, announcement_id=carrier)
    await commune.approve(carrier)
    assert await commune.send_all({"telegram": post}, carrier) == {"delivered": 2}
    assert [[choice.id for choice in reply.choices] for reply in post.replies] == [
        [f"sk:{number}:come", f"sk:{number}:leave"]
    ] * 2
    ordinary = await commune.announce(urgent="bão")
    await commune.send_all({"telegram": post}, ordinary)
    assert post.replies[-1].choices == ()


async def test_it_carries_a_quiz_and_no_event_that_was_cancelled(database: Database, tmp_path: Path) -> None:
    commune, post = Commune(database, tmp_path), Kept()
    await commune.subscribe(["lan"])
    async with database.transaction() as transaction:
        draft = {name: getattr(DRAFT, name) for name in DRAFT.__dataclass_fields__}
        first = await announcements.create(transaction, announcements.Draft(**draft | {"urgent": "bão"}), now=NOW)
        second = await announcements.create(transaction, announcements.Draft(**draft | {"urgent": "bão"}), now=NOW)
    quiz = await opened(database, announcement_id=first)
    event = await planned(database, announcement_id=second)
    async with database.transaction() as transaction:
        await planning.cancel(transaction, event, TEXTS, now=NOW)
    for number in (first, second):
        await commune.approve(number)
        await commune.send_all({"telegram": post}, number)
    assert [[choice.id for choice in reply.choices] for reply in post.replies] == [[f"tt:{quiz}"], []]


async def test_each_of_a_series_carries_its_event_until_that_has_begun(database: Database, tmp_path: Path) -> None:
    commune, post = Commune(database, tmp_path), Kept()
    await commune.subscribe(["lan"])
    series = await commune.announce(approved=False, plan="0 9 * * *")
    event = await planned(database, announcement_id=series)  # Saturday 28/11 at 8:00; Tuesday 24/11 is a day off
    await commune.approve(series)
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: len(post.replies) == 5, step=30 * MINUTE)
    assert commune.clock.now.date() == STARTS.date()
    buttons = [f"sk:{event}:come", f"sk:{event}:leave"]
    assert [[choice.id for choice in reply.choices] for reply in post.replies] == [buttons] * 4 + [[]]
    async with database.transaction() as transaction:
        first = await announcements.find(transaction, series + 1)
        assert first
        offered = await invitation.choices(transaction, first, TEXTS, now=commune.clock.now)
        with pytest.raises(Refused, match=f"một kỳ của thông báo lặp lại số {series}"):
            await invitation.may_carry(transaction, first.id, None)
    assert [choice.id for choice in offered] == buttons, "the numbers under a message that was sent stay what they were"
