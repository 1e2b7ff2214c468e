"""An announcement that invites: its buttons reach everybody it is sent to, and work."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.broadcasting import approval
from bot.events import planning
from bot.messages import Reply
from bot.storage import announcements
from bot.storage.database import Database
from tests.broadcasting.shared import DRAFT, Commune, Post
from tests.conftest import NOW
from tests.events.shared import TEXTS, opened, planned


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
    await _approve(commune, carrier)
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
        await _approve(commune, number)
        await commune.send_all({"telegram": post}, number)
    assert [[choice.id for choice in reply.choices] for reply in post.replies] == [[f"tt:{quiz}"], []]


async def _approve(commune: Commune, number: int) -> None:
    async with commune.database.transaction() as transaction:
        found = await announcements.find(transaction, number)
        assert found
        await approval.approve(transaction, found, "bình", two_person=True, now=NOW)
