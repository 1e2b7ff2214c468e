"""Messages leave at the platform's pace, and are tried again only while that can help."""

import asyncio

import pytest

from bot.channels.delivery import LONGEST_WAIT, Pace, Send, once, persist
from bot.messages import DeliveryError, DeliveryOutcome
from tests.channels.shared import FlyingTime


async def test_messages_leave_evenly_and_a_pause_is_no_credit(time: FlyingTime) -> None:
    pace, left = Pace(10), []
    for _ in range(5):
        await pace.wait()
        left.append(round(time.now - 1_000, 3))
    assert left == [0, 0.1, 0.2, 0.3, 0.4]
    time.now += 60
    before = time.now
    for _ in range(3):
        await pace.wait()
    assert round(time.now - before, 3) == 0.2


def failing(*errors: DeliveryError) -> tuple[list[int], Send]:
    tries: list[int] = []
    waiting = list(errors)

    async def send() -> None:
        tries.append(1)
        if waiting:
            raise waiting.pop(0)

    return tries, send


UNCERTAIN = DeliveryError(DeliveryOutcome.UNCERTAIN, "không trả lời")


@pytest.mark.parametrize(
    ("errors", "slept"),
    [
        ([], []),
        ([UNCERTAIN] * 3, [1, 2, 4]),
        ([UNCERTAIN] * 9, [1, 2, 4, 8, 16, 32, 60, 60, 60]),
        ([DeliveryError(DeliveryOutcome.FAILED, "chậm lại", retry_after=37)] * 2, [37, 60]),
        ([DeliveryError(DeliveryOutcome.FAILED, "mất mạng", retry_after=0)], [1]),
        ([DeliveryError(DeliveryOutcome.FAILED, "chậm lại", retry_after=LONGEST_WAIT)], [LONGEST_WAIT]),
    ],
)
async def test_what_may_help_is_tried_again_more_and_more_slowly(
    time: FlyingTime, errors: list[DeliveryError], slept: list[float]
) -> None:
    tries, send = failing(*errors)
    await persist(Pace(1_000), send)
    assert len(tries) == len(errors) + 1
    assert time.slept == slept


@pytest.mark.parametrize(
    "error",
    [
        DeliveryError(DeliveryOutcome.GONE, "đã chặn"),
        DeliveryError(DeliveryOutcome.REFUSED, "sai quy cách"),
        DeliveryError(DeliveryOutcome.FAILED, "hết tiền"),
        DeliveryError(DeliveryOutcome.FAILED, "giờ yên tĩnh", retry_after=LONGEST_WAIT + 1),
    ],
)
async def test_what_cannot_help_is_not_tried_again(time: FlyingTime, error: DeliveryError) -> None:
    tries, send = failing(error)
    with pytest.raises(DeliveryError) as raised:
        await persist(Pace(1_000), send)
    assert raised.value is error
    assert (len(tries), time.slept) == (1, [])


async def test_replies_leave_at_once_however_many_bulk_messages_wait(time: FlyingTime) -> None:
    pace, left = Pace(1), []

    async def leave(name: str) -> None:
        await (pace.wait() if name.startswith("trả lời") else pace.wait_in_bulk())
        left.append(name)

    await asyncio.gather(*map(leave, ["thông báo 1", "thông báo 2", "trả lời 1", "trả lời 2"]))
    assert left == ["thông báo 1", "trả lời 1", "trả lời 2", "thông báo 2"]


@pytest.mark.parametrize(
    ("arrived", "failed", "raised"),
    [
        (0, DeliveryOutcome.FAILED, DeliveryOutcome.FAILED),
        (1, DeliveryOutcome.FAILED, DeliveryOutcome.UNCERTAIN),
        (1, DeliveryOutcome.GONE, DeliveryOutcome.GONE),
        (1, DeliveryOutcome.REFUSED, DeliveryOutcome.REFUSED),
    ],
)
async def test_what_fails_after_a_part_arrived_is_uncertain(
    time: FlyingTime, arrived: int, failed: DeliveryOutcome, raised: DeliveryOutcome
) -> None:
    deliver = once(Pace(10).wait_in_bulk)
    _, arrives = failing()
    for _ in range(arrived):
        await deliver(arrives)
    _, fails = failing(DeliveryError(failed, "…", retry_after=5))
    with pytest.raises(DeliveryError) as error:
        await deliver(fails)
    assert error.value.outcome is raised
