"""Killed at any moment, the sender leaves nobody out and sends to nobody twice."""

from pathlib import Path

import pytest

from bot.broadcasting.delivery import MOST_IN_FLIGHT
from bot.settings import Config
from bot.storage.database import Database, upgrade
from bot.storage.recipients import Standing
from tests.broadcasting import crash

PEOPLE, KILLS = 2_000, 6  # `python -m tests.bench crashes` kills 30 times


async def test_killed_again_and_again_everybody_has_one_outcome(settings: Config, tmp_path: Path) -> None:
    upgrade(settings.database.url)
    story = await crash.run(settings.database.url, tmp_path, people=PEOPLE, kills=KILLS)
    assert story.faults(MOST_IN_FLIGHT) == []
    assert story.outcomes[Standing.DELIVERED] > 0.9 * PEOPLE
    assert story.outcomes[Standing.GONE] > 0


@pytest.mark.postgres
async def test_two_processes_share_the_work_and_one_is_killed(postgres: str, tmp_path: Path) -> None:
    upgrade(postgres)
    try:
        story = await crash.run(postgres, tmp_path, people=600, kills=2, senders=2, seed=7)
    finally:
        from tests.conftest import _empty

        database = Database.open(postgres)
        await _empty(database)
        await database.close()
    assert story.faults(MOST_IN_FLIGHT) == []
    assert story.outcomes[Standing.DELIVERED] > 500
