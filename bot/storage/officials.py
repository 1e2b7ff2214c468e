"""Officials' accounts, as they are kept. What a role may do is decided elsewhere."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage.database import Transaction
from bot.storage.official_tables import officials


@dataclass(frozen=True, slots=True)
class Account:
    """One official's account. Secrets are left out of what is printed or logged."""

    id: int
    name: str
    full_name: str
    password_hash: str | None = field(repr=False)
    roles: tuple[str, ...]
    unit: str
    totp_secret: str | None = field(repr=False)
    totp_step: int
    recovery_codes: tuple[str, ...] = field(repr=False)
    telegram: str | None
    disabled_at: datetime | None
    failed_logins: int
    locked_until: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """What an administrator says about an official."""

    full_name: str
    roles: tuple[str, ...]
    unit: str


async def create(
    transaction: Transaction, name: str, profile: Profile, *, password_hash: str | None = None, now: datetime
) -> int | None:
    """Keep a new account; return its id, or None when the name is taken."""
    row = {
        "name": name,
        **_columns(profile),
        "password_hash": password_hash,
        "totp_step": 0,
        "recovery_codes": "",
        "failed_logins": 0,
        "created_at": now,
    }
    try:
        async with transaction.begin_nested():
            return int(
                (await transaction.execute(insert(officials).values(row).returning(officials.c.id))).scalar_one()
            )
    except IntegrityError:
        return None


async def exist(transaction: Transaction) -> bool:
    """Tell whether there is any account, in use or not."""
    return (await transaction.execute(select(officials.c.id).limit(1))).scalar() is not None


async def find(transaction: Transaction, name: str) -> Account | None:
    """Return the account of this name, locked against other changes until the transaction ends."""
    return _first(await transaction.execute(select(officials).where(officials.c.name == name).with_for_update()))


async def get(transaction: Transaction, official: int) -> Account | None:
    """Return the account with this id, locked against other changes until the transaction ends."""
    return _first(await transaction.execute(select(officials).where(officials.c.id == official).with_for_update()))


async def everyone(transaction: Transaction, *, lock: bool = False) -> list[Account]:
    """Return all accounts by name; a commune has some dozens. `lock` keeps others from changing them meanwhile."""
    query = select(officials).order_by(officials.c.name)
    return [account(row) for row in await transaction.execute(query.with_for_update() if lock else query)]


async def change_profile(transaction: Transaction, official: int, profile: Profile) -> None:
    await _change(transaction, official, **_columns(profile))


async def change_password(transaction: Transaction, official: int, password_hash: str) -> None:
    """Keep a new password; what counted against the old one is forgotten."""
    await _change(transaction, official, password_hash=password_hash, failed_logins=0, locked_until=None)


async def disable(transaction: Transaction, official: int, *, now: datetime | None) -> None:
    """Shut an account from a moment on; None opens it again, unlocked."""
    await _change(transaction, official, disabled_at=now, failed_logins=0, locked_until=None)


async def count_attempt(transaction: Transaction, official: int, *, failed: int, locked_until: datetime | None) -> None:
    """Note how many attempts to sign in have failed in a row, and until when no other is heard."""
    await _change(transaction, official, failed_logins=failed, locked_until=locked_until)


async def set_second_factor(
    transaction: Transaction, official: int, *, secret: str | None, step: int = 0, recovery: tuple[str, ...] = ()
) -> None:
    """Keep a second factor with the step of the code that proved it and its recovery codes' digests; None drops it."""
    await _change(transaction, official, totp_secret=secret, totp_step=step, recovery_codes=" ".join(recovery))


async def use_step(transaction: Transaction, official: int, step: int) -> bool:
    """Note that the code of a time step was used; False when it, or a newer one, was used before."""
    unused = (officials.c.id == official) & (officials.c.totp_step < step)
    return (await transaction.execute(update(officials).where(unused).values(totp_step=step))).rowcount == 1


async def keep_recovery_codes(transaction: Transaction, official: int, recovery: tuple[str, ...]) -> None:
    await _change(transaction, official, recovery_codes=" ".join(recovery))


async def link_telegram(transaction: Transaction, official: int, telegram: str | None) -> None:
    """Link a Telegram account, taking it from whoever had it before; None unlinks."""
    if telegram:
        await transaction.execute(update(officials).where(officials.c.telegram == telegram).values(telegram=None))
    await _change(transaction, official, telegram=telegram)


async def with_telegram(transaction: Transaction, telegram: str) -> Account | None:
    """Return the account in use that a Telegram account belongs to."""
    theirs = (officials.c.telegram == telegram) & officials.c.disabled_at.is_(None)
    return _first(await transaction.execute(select(officials).where(theirs)))


async def waiting(transaction: Transaction) -> int:
    """Return how many accounts in use have no password yet."""
    unfinished = officials.c.password_hash.is_(None) & officials.c.disabled_at.is_(None)
    return int((await transaction.execute(select(func.count()).where(unfinished))).scalar_one())


def account(row: Row[tuple[object, ...]]) -> Account:
    """Return the account in a row that holds all columns of the table, under their own names."""
    values = {column.name: row._mapping[column] for column in officials.c}
    values["roles"] = tuple(values["roles"].split())
    values["recovery_codes"] = tuple(values["recovery_codes"].split())
    return Account(**values)


def _first(result: object) -> Account | None:
    row = result.first()  # type: ignore[attr-defined]
    return account(row) if row else None


def _columns(profile: Profile) -> dict[str, str]:
    return {"full_name": profile.full_name, "roles": " ".join(profile.roles), "unit": profile.unit}


async def _change(transaction: Transaction, official: int, **values: object) -> None:
    await transaction.execute(update(officials).where(officials.c.id == official).values(values))
