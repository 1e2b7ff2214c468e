"""What the commands that work on the database share."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from bot import config
from bot.broadcasting.approval import NotAllowed
from bot.officials.rights import Right
from bot.storage.database import Database, Transaction, upgrade

T = TypeVar("T")
AT_THE_COMMAND_LINE = "dòng lệnh"


def with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Do something with the database of the settings, its tables up to date; what is not allowed is wrong use."""

    async def run() -> T:
        database = Database.open(url)
        try:
            return await work(database)
        finally:
            await database.close()

    url = config.load().database.url
    upgrade(url)
    try:
        return asyncio.run(run())
    except NotAllowed as error:
        raise click.UsageError(str(error)) from error


def in_transaction(work: Callable[[Transaction], Awaitable[T]]) -> T:
    """Do something in one transaction: all of it is kept, or none."""

    async def run(database: Database) -> T:
        async with database.transaction() as transaction:
            return await work(transaction)

    return with_database(run)


def official(name: str, right: Right) -> str:  # noqa: ARG001
    """Return the name of the official who acts; UsageError when there is no such official or they may not."""
    if not name.strip() or len(name) > 64:
        raise click.UsageError("--as: cần tên cán bộ, từ 1 đến 64 chữ")
    return name.strip()


def acting(default: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the option --as, the official who does it; required where there is no default."""
    presence = {"default": default} if default else {"required": True}
    return click.option("--as", "who", help="Cán bộ làm việc này.", **presence)
