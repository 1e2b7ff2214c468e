"""What the tests of announcements share: a clock that is set by hand, a channel that does as told, a commune."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.broadcasting import approval, worker
from bot.broadcasting.delivery import Sender
from bot.broadcasting.mark import Mark
from bot.broadcasting.office import Office
from bot.calendar.workdays import WorkCalendar
from bot.messages import Channel, DeliveryError, DeliveryOutcome, Reply
from bot.settings import Unit
from bot.storage import announcements, recipients, subscribers
from bot.storage.announcements import Announcement, Draft, State
from bot.storage.broadcast_tables import announcement_counts
from bot.storage.database import Database
from bot.storage.subscribers import Listed
from bot.texts import Texts
from tests.conftest import NOW

TOPIC = "khan-cap"
CALENDAR = WorkCalendar.load()
PATIENCE = 90.0  # seconds until a test that waits for something gives up; never how long something takes
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DRAFT = Draft(title="Lịch tiêm chủng", body="Mời bà con đến **trạm y tế**.", author="an", topics=(TOPIC,), plan="now")


@dataclass
class Clock:
    """The time, set by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, time: timedelta) -> None:
        self.now += time


@dataclass
class Post:
    """A channel of our own: keeps what arrives, and goes wrong for an address as often as it was told to."""

    arrived: Counter[str] = field(default_factory=Counter)
    texts: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    wrong: dict[str, list[Exception]] = field(default_factory=dict)
    always: Exception | None = None
    gate: asyncio.Event | None = None
    free: int = 0  # how many pass before the gate matters
    at_once: int = 0
    most_at_once: int = 0

    async def send(self, address: str, replies: Sequence[Reply]) -> None:
        self.tried.append(address)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await (self.gate.wait() if self.gate and len(self.tried) > self.free else asyncio.sleep(0))
        finally:
            self.at_once -= 1
        faults = self.wrong.get(address)
        if faults or self.always:
            raise faults.pop(0) if faults else self.always or AssertionError
        self.arrived[address] += 1
        self.texts += [reply.text for reply in replies]


def refusal(outcome: DeliveryOutcome, **more: Any) -> DeliveryError:
    return DeliveryError(outcome, f"thử: {outcome}", **more)


GONE, REFUSED = refusal(DeliveryOutcome.GONE), refusal(DeliveryOutcome.REFUSED)
FAILED, UNCERTAIN = refusal(DeliveryOutcome.FAILED), refusal(DeliveryOutcome.UNCERTAIN)


@dataclass
class Commune:
    """A commune with a database, subscribers and announcements; `clock` is its time."""

    database: Database
    folder: Path
    clock: Clock = field(default_factory=Clock)

    @property
    def office(self) -> Office:
        return Office(self.database, Texts.load(Unit()), CALENDAR, Mark(self.folder / "dau"), self.clock)

    async def subscribe(
        self,
        addresses: Collection[str],
        *,
        channel: str = "telegram",
        topics: Sequence[str] = (TOPIC,),
        village: str = "",
    ) -> None:
        rows = [Listed(channel, a, "", village, tuple(topics), self.clock.now - DAY) for a in addresses]
        async with self.database.transaction() as transaction:
            await subscribers.take_in(transaction, rows, source="import", now=self.clock.now)

    async def announce(self, *, approved: bool = True, **more: Any) -> int:
        """Write an announcement and have somebody else approve it."""
        draft = Draft(**{name: getattr(DRAFT, name) for name in Draft.__dataclass_fields__} | more)
        async with self.database.transaction() as transaction:
            number = await announcements.create(transaction, draft, now=self.clock.now)
        if approved:
            await self.approve(number)
        return number

    async def approve(self, number: int, *, by: str = "bình", two_person: bool = True) -> None:
        seen = await self.find(number)
        async with self.database.transaction() as transaction:
            await approval.approve(transaction, seen, by, two_person=two_person, calendar=CALENDAR, now=self.clock.now)

    async def _find(self, transaction: Any, number: int) -> Announcement:
        found = await announcements.find(transaction, number)
        assert found
        return found

    async def find(self, number: int) -> Announcement:
        async with self.database.transaction() as transaction:
            return await self._find(transaction, number)

    async def decide(self, act: Callable[..., Any], number: int, **more: Any) -> Any:
        """Let the chairwoman pause, resume or cancel."""
        async with self.database.transaction() as transaction:
            seen = await self._find(transaction, number)
            if act in (approval.resume, approval.schedule_for):
                more["calendar"] = CALENDAR
            return await act(transaction, seen, who="chủ tịch", now=self.clock.now, **more)

    async def counts(self, number: int) -> dict[str, int]:
        """Return the counts that are not zero, after checking that they add up and agree with the rows."""
        row = select(announcement_counts).where(announcement_counts.c.announcement_id == number)
        async with self.database.transaction() as transaction:
            await transaction.execute(row.with_for_update())  # nobody settles a recipient between the two readings
            kept = await recipients.counts(transaction, number)
            await recipients.recount(transaction, number)
            assert kept == await recipients.counts(transaction, number)
        total = kept.pop("recipients")
        assert sum(kept.values()) == total
        return {name: count for name, count in kept.items() if count}

    async def tick(self, channels: Mapping[str, Channel]) -> bool:
        return await worker.tick(self.office, frozenset(channels))

    @asynccontextmanager
    async def working(self, channels: Mapping[str, Channel]) -> AsyncIterator["AtWork"]:
        """The worker at work, ticking when told."""
        senders = [Sender(self.office, name, channel) for name, channel in channels.items()]
        tasks = [asyncio.create_task(sender.run()) for sender in senders]
        try:
            yield AtWork(self, channels, senders, tasks)
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task

    async def send_all(self, channels: Mapping[str, Channel], number: int) -> dict[str, int]:
        """Work until an announcement is finished; return its counts."""
        async with self.working(channels) as at_work:
            await at_work.until(lambda: self.is_in(number, State.FINISHED))
        return await self.counts(number)

    async def is_in(self, number: int, state: State) -> bool:
        return (await self.find(number)).state is state


@dataclass
class AtWork:
    """A worker whose ticks come as fast as they can, or one by one."""

    commune: Commune
    channels: Mapping[str, Channel]
    senders: list[Sender]
    tasks: list[asyncio.Task[None]]

    async def tick(self) -> None:
        await self.commune.tick(self.channels)
        for sender in self.senders:
            sender.wake()

    async def until(self, happened: Callable[[], Any], *, step: timedelta = timedelta()) -> None:
        """Tick until something has happened; TimeoutError when it does not. The clock moves on by `step` each time."""
        async with asyncio.timeout(PATIENCE):
            while not any(task.done() for task in self.tasks):
                found = happened()
                if await found if asyncio.iscoroutine(found) else found:
                    return
                self.commune.clock.passes(step)
                await self.tick()
                await asyncio.sleep(0.005)
            for task in self.tasks:
                await task
