"""Messages leave no faster than Telegram takes them, and nobody's haste is another's wait."""

import asyncio
import heapq
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.outbound import CHAT_BURST, GROUP_BURST, Pacer
from tests.channels.shared import FlyingTime

NOBODY_ELSE = 1e-6
CHATS = st.lists(st.sampled_from(["lan", "minh", "hoa", *map(str, range(40))]), min_size=1, max_size=150)


class Clockwork(FlyingTime):
    """Time that goes on only when everybody sleeps, and then to the next who wakes."""

    def __init__(self) -> None:
        super().__init__()
        self._asleep: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = itertools.count()

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._asleep, (self.now + seconds, next(self._number), woken))
        await woken

    async def passes(self) -> None:
        """Go on until nobody sleeps any more."""
        await asyncio.sleep(0)
        while self._asleep:
            self.now, _, woken = heapq.heappop(self._asleep)
            woken.set_result(None)
            await asyncio.sleep(0)
            await asyncio.sleep(0)


async def moments(rate: float, chats: list[str]) -> dict[str, list[float]]:
    """Return after how many seconds each of these messages, all wanted at once, leaves."""
    clock, left = Clockwork(), dict[str, list[float]]()
    began = clock.now

    async def leave(chat: str) -> None:
        await pacer.wait(chat)
        left.setdefault(chat, []).append(clock.now - began)

    with pytest.MonkeyPatch.context() as patch:
        clock.rules(patch)
        pacer = Pacer(rate)
        sending = [asyncio.create_task(leave(chat)) for chat in chats]
        await clock.passes()
        await asyncio.gather(*sending)
    return left


def most_within(seconds: float, left: list[float]) -> int:
    return max(sum(start <= moment < start + seconds - NOBODY_ELSE for moment in left) for start in left)


@given(st.integers(1, 30), CHATS)
async def test_all_chats_together_get_no_more_than_the_rate(rate: int, chats: list[str]) -> None:
    left = [moment for own in (await moments(rate, chats)).values() for moment in own]
    assert len(left) == len(chats)
    assert most_within(1, left) <= rate


@given(st.integers(1, 40))
async def test_one_chat_gets_a_short_burst_then_one_a_second(count: int) -> None:
    left = (await moments(25, ["lan"] * count))["lan"]
    assert most_within(CHAT_BURST, left) <= CHAT_BURST
    assert left[-1] <= count, "and no less either"


@given(st.integers(1, 70))
async def test_a_group_gets_twenty_a_minute(count: int) -> None:
    left = (await moments(25, ["-1001"] * count))["-1001"]
    assert most_within(60, left) <= GROUP_BURST
    assert left[-1] <= 60 * ((count - 1) // GROUP_BURST) + 1, "and no less either"


async def test_a_busy_chat_does_not_slow_the_others() -> None:
    left = await moments(25, ["minh"] * 50 + ["lan", "hoa"])
    assert left["minh"][-1] >= 45
    assert max(left["lan"] + left["hoa"]) < 1


async def test_a_reply_when_nobody_waits_leaves_at_once() -> None:
    assert await moments(25, ["lan"]) == {"lan": [0]}
