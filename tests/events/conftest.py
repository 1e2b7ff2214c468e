"""Named people at the chat."""

import pytest

from handlers.services import Services
from tests.handlers.citizens import Citizen


@pytest.fixture
def lan(services: Services) -> Citizen:
    return Citizen("lan", services)


@pytest.fixture
def hung(services: Services) -> Citizen:
    return Citizen("hung", services)


@pytest.fixture
def binh(services: Services) -> Citizen:
    return Citizen("binh", services)
