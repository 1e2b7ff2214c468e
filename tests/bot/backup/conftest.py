"""A house, and the shelf of its nightly backups."""

from pathlib import Path

import pytest

from bot.storage import backup
from tests.bot.backup.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.take_in("lan", "minh")
    return house


@pytest.fixture
def shelf(house: House, tmp_path: Path) -> backup.Shelf:
    return backup.Shelf(house.url, house.files, tmp_path / "sao-luu", 2)
