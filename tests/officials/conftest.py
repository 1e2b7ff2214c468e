"""Officials of a made-up commune, a clock that can be put forward, and their way in."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.officials import accounts
from bot.officials.passwords import Passwords
from bot.officials.rights import Official, Role
from bot.officials.signing_in import Door
from bot.storage.database import Database
from tests.conftest import NOW

PASSWORD = "bon con trau tren doi cat"


class Clock:
    """Tells the same moment until it is put forward."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def passwords() -> Passwords:
    return Passwords()


@pytest.fixture
def door(database: Database, passwords: Passwords, clock: Clock) -> Door:
    return Door(database, passwords, now=clock)


Hire = Callable[..., Awaitable[Official]]


@pytest.fixture
def hire(database: Database, passwords: Passwords, clock: Clock) -> Hire:
    """Make an official with a password of their own."""

    async def hired(name: str, *roles: Role, unit: str = "", password: str | None = PASSWORD) -> Official:
        known = await passwords.hash(password) if password else None
        profile = accounts.profile(name.title(), roles or [Role.HANDLER], unit)
        async with database.transaction() as transaction:
            await accounts.create(transaction, name, profile, password_hash=known, by=None, now=clock())
            return accounts.official(await accounts.find(transaction, name))

    return hired
