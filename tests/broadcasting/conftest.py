"""Fixtures of announcements: a commune on each database."""

from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.broadcasting.shared import Commune, Post


@pytest.fixture
def commune(database: Database, tmp_path: Path) -> Commune:
    return Commune(database, tmp_path)


@pytest.fixture
def post() -> Post:
    return Post()
