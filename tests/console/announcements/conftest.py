"""Chị An writes, ông Bình approves."""

from pathlib import Path

import pytest

from bot.console.office import Office
from bot.officials.rights import Role
from tests.console.announcements.newsdesk import Newsdesk
from tests.console.conftest import Browser, SignedIn


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Newsdesk:
    return Newsdesk(office, tmp_path)


@pytest.fixture
async def an(signed_in: SignedIn) -> Browser:
    return await signed_in("an", Role.EDITOR)


@pytest.fixture
async def binh(signed_in: SignedIn) -> Browser:
    return await signed_in("binh", Role.LEADER)
