"""What the commands that work on the database share."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from bot import config
from bot.broadcasting.approval import NotAllowed
from bot.officials import accounts
from bot.officials.rights import Right
from bot.storage import officials
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


def official(name: str, right: Right, *, unnamed: bool = False) -> str:
    """Return the login name of the official who acts; UsageError when there is none such or they may not.

    Where `unnamed` is allowed, whoever sits at the machine acts as AT_THE_COMMAND_LINE.
    """
    if unnamed and name == AT_THE_COMMAND_LINE:
        return name
    account = in_transaction(lambda transaction: officials.find(transaction, name.strip()))
    if account is None or account.disabled_at:
        raise click.UsageError(f"--as {name}: không có cán bộ này; xem motcua users list, thêm: motcua users add")
    if not accounts.official(account).may(right):
        raise click.UsageError(f"--as {name}: cán bộ này không có quyền làm việc này; xem vai trò: motcua users list")
    return account.name


def may(name: str, right: Right) -> bool:
    """Tell whether the official of this login name has a right."""
    account = in_transaction(lambda transaction: officials.find(transaction, name))
    return account is not None and accounts.official(account).may(right)


def acting(default: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the option --as, the official who does it; required where there is no default."""
    presence = {"default": default} if default else {"required": True}
    return click.option("--as", "who", help="Cán bộ làm việc này.", **presence)
