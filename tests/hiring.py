"""Officials put straight into a database, for tests that act as them by command."""

import asyncio

from bot.officials import accounts
from bot.officials.rights import Role
from bot.storage.database import Database, upgrade
from tests.conftest import NOW

ANNOUNCERS = {"an": Role.LEADER, "binh": Role.LEADER}


def hire(url: str, people: dict[str, Role]) -> None:
    """Make officials, each with one role, in the database at `url`."""

    async def hired() -> None:
        database = Database.open(url)
        async with database.transaction() as transaction:
            for name, role in people.items():
                profile = accounts.profile(name.title(), [role])
                await accounts.create(transaction, name, profile, by=None, now=NOW)
        await database.close()

    upgrade(url)
    asyncio.run(hired())
