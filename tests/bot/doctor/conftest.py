"""An installation to look at."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.settings import Config
from bot.storage.database import upgrade


@pytest.fixture
def settings(settings: Config, tmp_path: Path) -> Config:
    upgrade(settings.database.url)
    shelf = replace(settings.backup, folder=f"{tmp_path}/sao-luu")
    return replace(settings, backup=shelf, web=replace(settings.web, port=0))
