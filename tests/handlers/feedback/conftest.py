"""Bà Lan, who reports."""

import pytest

from handlers.services import Services
from tests.handlers.citizens import Citizen


@pytest.fixture
async def lan(services: Services) -> Citizen:
    return Citizen("bà Lan", services)
