"""`motcua users`: officials' accounts from the machine itself, for the first of them and for emergencies."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import click

from bot import clock, config
from bot.officials import accounts, passwords, second_factor
from bot.officials.passwords import Passwords
from bot.officials.refused import Refused
from bot.officials.rights import Role
from bot.storage import officials
from bot.storage.database import Database, Transaction, upgrade
from bot.storage.officials import Account

Work = Callable[[Transaction], Awaitable[Any]]

_password_stdin = click.option("--password-stdin", is_flag=True, help="Đọc mật khẩu từ dòng đầu của đầu vào chuẩn.")


@click.group()
def users() -> None:
    """Tài khoản của cán bộ."""


@users.command()
@click.argument("name")
@click.option("--role", "roles", multiple=True, help=f"Vai trò, có thể nhiều: {', '.join(Role)}.")
@click.option("--full-name", default="", help="Họ và tên; bỏ trống thì lấy tên đăng nhập.")
@click.option("--unit", default="", help="Bộ phận.")
@_password_stdin
def add(name: str, roles: tuple[str, ...], full_name: str, unit: str, *, password_stdin: bool) -> None:
    """Lập một tài khoản."""
    login = _allowed(accounts.login_name, name)
    profile = _allowed(accounts.profile, full_name or login, roles, unit)
    kept = _new_password(login, from_stdin=password_stdin)

    async def work(transaction: Transaction) -> int:
        return await accounts.create(transaction, login, profile, password_hash=kept, by=None, now=clock.now())

    _run(work)
    click.echo(f"Đã lập tài khoản {login}.")


@users.command()
@click.argument("name")
@click.option("--drop-second-factor", is_flag=True, help="Tắt luôn xác thực hai bước (mất điện thoại và mã dự phòng).")
@_password_stdin
def password(name: str, *, password_stdin: bool, drop_second_factor: bool) -> None:
    """Đặt lại mật khẩu; người ấy bị đăng xuất ở mọi nơi."""
    account = _run(lambda transaction: accounts.find(transaction, name))
    kept = _new_password(account.name, from_stdin=password_stdin)

    async def work(transaction: Transaction) -> None:
        await accounts.set_password(transaction, account, kept, by=None, now=clock.now())
        if drop_second_factor:
            await second_factor.turn_off(transaction, account, by=None, now=clock.now())

    _run(work)
    click.echo(f"Đã đặt lại mật khẩu của {account.name}.")


@users.command("list")
def list_all() -> None:
    """Liệt kê các tài khoản."""
    for account in _run(officials.everyone):
        second = "hai bước" if account.totp_secret else "một bước"
        click.echo(
            "\t".join((account.name, account.full_name, ",".join(account.roles), account.unit, second, _state(account)))
        )


@users.command()
@click.argument("name")
def disable(name: str) -> None:
    """Khóa một tài khoản; người ấy bị đăng xuất ở mọi nơi."""
    _change(name, accounts.disable)
    click.echo(f"Đã khóa tài khoản {name}.")


@users.command()
@click.argument("name")
def enable(name: str) -> None:
    """Mở khóa một tài khoản, kể cả khi đang phải chờ vì gõ sai mật khẩu."""
    _change(name, accounts.enable)
    click.echo(f"Đã mở khóa tài khoản {name}.")


def _change(name: str, act: Callable[..., Awaitable[None]]) -> None:
    async def work(transaction: Transaction) -> None:
        await act(transaction, await accounts.find(transaction, name), by=None, now=clock.now())

    _run(work)


def _state(account: Account) -> str:
    if account.disabled_at:
        return "đã khóa"
    return "đang dùng" if account.password_hash else "chưa đặt mật khẩu"


def _new_password(name: str, *, from_stdin: bool) -> str:
    """Return what is kept of the new password, typed unseen or read from standard input."""
    if from_stdin:
        typed = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        typed = click.prompt("Mật khẩu mới", hide_input=True, confirmation_prompt="Gõ lại mật khẩu")
    else:
        raise click.UsageError("cần mật khẩu: thêm --password-stdin, hoặc chạy ở cửa sổ lệnh để gõ")
    _allowed(passwords.check, typed, name)
    return asyncio.run(Passwords().hash(typed))


def _allowed(check: Callable[..., Any], *arguments: object) -> Any:
    try:
        return check(*arguments)
    except Refused as refused:
        raise click.UsageError(refused.told) from refused


def _run(work: Work) -> Any:
    """Do some work in one transaction on the database of the settings, which may be in use by a running program."""
    url = config.load().database.url
    upgrade(url)

    async def connected() -> Any:
        database = Database.open(url)
        try:
            async with database.transaction() as transaction:
                return await work(transaction)
        finally:
            await database.close()

    try:
        return asyncio.run(connected())
    except Refused as refused:
        raise click.UsageError(refused.told) from refused
