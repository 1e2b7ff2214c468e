"""An announcement to followers of the Official Account whose token ends in the middle of it."""

from collections import Counter
from pathlib import Path

import pytest

from bot.broadcasting import approval
from bot.channels.zalo_oa import tokens
from bot.storage import people, zalo_windows
from bot.storage.announcements import State
from tests.broadcasting.shared import MINUTE, Commune
from tests.channels.zalo import OaDesk
from tests.conftest import NOW
from tests.doubles_zalo import FakeOa, Follower

MANY, BEFORE = 40, 15


async def gathered(desk: OaDesk, zalo: FakeOa, folder: Path) -> tuple[Commune, list[Follower], int]:
    """Let followers who wrote lately subscribe, and an announcement be approved."""
    commune, followers = Commune(desk.services.database, folder), [zalo.person() for _ in range(MANY)]
    await commune.subscribe([one.id for one in followers], channel="zalo_oa")
    async with desk.services.database.transaction() as transaction:
        for one in followers:
            person = await people.recognise(transaction, "zalo_oa", one.id, now=NOW)
            await zalo_windows.heard(transaction, person, at=NOW)
    return commune, followers, await commune.announce()


def arrived(followers: list[Follower]) -> Counter[int]:
    """Return how many followers have it how often."""
    return Counter(sum("trạm y tế" in message.text for message in one.seen) for one in followers)


async def test_a_token_that_ends_in_the_middle_costs_nobody_a_message(
    desk: OaDesk, zalo: FakeOa, tmp_path: Path
) -> None:
    commune, followers, number = await gathered(desk, zalo, tmp_path)
    async with commune.working({"zalo_oa": desk.work.channel}) as at_work:
        await at_work.until(lambda: len(zalo.said("send")) >= BEFORE)
        refreshed = len(zalo.said("refresh"))
        zalo.expire()
        await at_work.until(lambda: commune.is_in(number, State.FINISHED))
    assert arrived(followers) == {1: MANY}
    assert await commune.counts(number) == {"delivered": MANY}
    assert len(zalo.said("refresh")) == refreshed + 1, "all that were in flight share the one new token"


async def test_a_lost_chain_of_tokens_pauses_until_somebody_consents_anew(
    desk: OaDesk, zalo: FakeOa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "RETRY_SECONDS", 0.01)
    commune, followers, number = await gathered(desk, zalo, tmp_path)
    async with commune.working({"zalo_oa": desk.work.channel}) as at_work:
        await at_work.until(lambda: len(zalo.said("send")) >= BEFORE)
        known, zalo.refresh_token = zalo.refresh_token, "da-thu-hoi"
        zalo.expire()
        await at_work.until(lambda: commune.is_in(number, State.PAUSED), step=MINUTE)
        before = arrived(followers)
        assert set(before) == {0, 1}
        assert "Zalo không nhận mã làm mới" in (await commune.find(number)).note
        zalo.refresh_token = known
        await commune.decide(approval.resume, number)
        await at_work.until(lambda: commune.is_in(number, State.FINISHED), step=MINUTE)
    assert arrived(followers) == {1: MANY}
    assert await commune.counts(number) == {"delivered": MANY}
