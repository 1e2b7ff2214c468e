"""Messages leave at the platform's pace, and are tried again only while that can help."""

import pytest

from bot.channels.delivery import LONGEST_WAIT, Pace, persist
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


def failing(*errors: DeliveryError) -> tuple[list[int], object]:
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
    await persist(send)  # type: ignore[arg-type]
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
        await persist(send)  # type: ignore[arg-type]
    assert raised.value is error
    assert (len(tries), time.slept) == (1, [])
