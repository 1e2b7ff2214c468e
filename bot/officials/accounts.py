"""Officials' accounts: making them, changing them, shutting them. Every change is audited with it."""

import re
from collections.abc import Iterable
from datetime import datetime

from bot.officials.auditing import Action, record
from bot.officials.refused import Missing, Refused
from bot.officials.rights import Official, Role
from bot.storage import invitations, officials, sessions
from bot.storage.database import Transaction
from bot.storage.officials import Account, Profile

LONGEST = 80
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")


def official(account: Account) -> Official:
    """Return who an account stands for."""
    return Official(
        account.id, account.name, account.full_name, frozenset(Role(role) for role in account.roles), account.unit
    )


def profile(full_name: str, roles: Iterable[str], unit: str = "") -> Profile:
    """Return what was typed about an official, tidied; raise Refused for what cannot be."""
    said, wanted = " ".join(full_name.split()), set(roles)
    where = " ".join(unit.split())
    if not said:
        raise Refused("Xin ghi họ và tên.", field="full_name")
    for field, text in (("full_name", said), ("unit", where)):
        if len(text) > LONGEST or not text.isprintable():
            raise Refused(f"Chỗ này dài nhất {LONGEST} chữ, chữ thường đọc được.", field=field)
    if not wanted or wanted - set(Role):
        raise Refused(f"Xin chọn vai trò trong: {', '.join(Role)}.", field="roles")
    return Profile(said, tuple(role for role in Role if role in wanted), where)


def login_name(typed: str) -> str:
    """Return a login name as it is kept; raise Refused when it cannot be one."""
    name = typed.strip().lower()
    if not _NAME.fullmatch(name):
        raise Refused(
            "Tên đăng nhập viết không dấu, 2 đến 32 ký tự, bắt đầu bằng chữ: a–z, 0–9, dấu chấm, gạch.", field="name"
        )
    return name


async def get(transaction: Transaction, number: int) -> Account:
    """Return an account; raise Missing when there is none."""
    account = await officials.get(transaction, number)
    if account is None:
        raise Missing("Không có tài khoản này.")
    return account


async def find(transaction: Transaction, name: str) -> Account:
    """Return the account of a login name; raise Missing when there is none."""
    account = await officials.find(transaction, name.strip().lower())
    if account is None:
        raise Missing(f"Không có tài khoản “{name}”.")
    return account


async def create(
    transaction: Transaction,
    name: str,
    profile: Profile,
    *,
    password_hash: str | None = None,
    by: Official | None,
    now: datetime,
) -> int:
    """Make an account; return its id. Without a password it waits for its one-time link. Refused for a taken name."""
    number = await officials.create(transaction, name, profile, password_hash=password_hash, now=now)
    if number is None:
        raise Refused("Tên đăng nhập này đã có người dùng.", field="name")
    await record(
        transaction,
        by,
        Action.CREATED,
        name,
        now=now,
        roles=profile.roles,
        full_name=profile.full_name,
        unit=profile.unit,
    )
    return number


async def change(
    transaction: Transaction, account: Account, profile: Profile, *, by: Official | None, now: datetime
) -> None:
    """Change what an administrator says about an official; it holds from their next page on."""
    before = Profile(account.full_name, account.roles, account.unit)
    if profile == before:
        return
    await officials.change_profile(transaction, account.id, profile)
    await _keep_an_administrator(transaction)
    changed = {
        field: {"from": getattr(before, field), "to": getattr(profile, field)}
        for field in ("full_name", "roles", "unit")
        if getattr(before, field) != getattr(profile, field)
    }
    await record(transaction, by, Action.PROFILE_CHANGED, account.name, now=now, **changed)


async def set_password(
    transaction: Transaction,
    account: Account,
    password_hash: str,
    *,
    by: Official | None,
    now: datetime,
    but: int | None = None,
) -> None:
    """Give an account a new password: other sessions than the one acted from end, and open links become void."""
    await officials.change_password(transaction, account.id, password_hash)
    await sessions.revoke_all(transaction, account.id, but=but)
    await invitations.withdraw(transaction, account.id)
    await record(transaction, by, Action.PASSWORD_SET, account.name, now=now)


async def disable(transaction: Transaction, account: Account, *, by: Official | None, now: datetime) -> None:
    """Shut an account: it is signed out everywhere at once. Refused when nobody could manage accounts any more."""
    await officials.disable(transaction, account.id, now=now)
    await _keep_an_administrator(transaction)
    await sessions.revoke_all(transaction, account.id)
    await invitations.withdraw(transaction, account.id)
    await record(transaction, by, Action.DISABLED, account.name, now=now)


async def enable(transaction: Transaction, account: Account, *, by: Official | None, now: datetime) -> None:
    """Open a shut account again, and end the wait after failed attempts."""
    await officials.disable(transaction, account.id, now=None)
    await record(transaction, by, Action.ENABLED, account.name, now=now)


async def link_telegram(transaction: Transaction, account: Account, telegram: str | None, *, now: datetime) -> None:
    """Link an official's own Telegram account by its number, or unlink it."""
    await officials.link_telegram(transaction, account.id, telegram)
    action = Action.TELEGRAM_LINKED if telegram else Action.TELEGRAM_UNLINKED
    await record(transaction, official(account), action, account.name, now=now)


async def _keep_an_administrator(transaction: Transaction) -> None:
    everyone = await officials.everyone(transaction, lock=True)
    if not any(Role.ADMIN in account.roles and account.disabled_at is None for account in everyone):
        raise Refused("Phải còn ít nhất một người quản trị. Xin trao vai trò ấy cho người khác trước.", field="roles")
