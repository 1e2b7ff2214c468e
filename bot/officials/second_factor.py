"""The second factor: six digits from an app (RFC 6238), each taken once, and recovery codes for a lost phone."""

import hmac
from datetime import datetime

import pyotp

from bot.officials import accounts, tokens
from bot.officials.auditing import Action, record
from bot.officials.refused import Refused
from bot.officials.rights import Official
from bot.storage import officials
from bot.storage.database import Transaction
from bot.storage.officials import Account

STEP_SECONDS = 30
DRIFT = 1  # steps that a phone's clock may be off, either way (RFC 6238, 5.2)
RECOVERY_CODES = 10
RECOVERY_GROUPS = 4  # 79 bits: safe to keep as a plain hash


def new_secret() -> str:
    """Return a secret for an authenticator app: 160 bits in base32."""
    return pyotp.random_base32()


def address(secret: str, name: str, issuer: str) -> str:
    """Return the otpauth:// address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """Return the time step that a code belongs to, or None when it is not one of now."""
    generator, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    typed = "".join(code.split()).encode()
    near = range(present - DRIFT, present + DRIFT + 1)
    fitting = [step for step in near if hmac.compare_digest(generator.generate_otp(step).encode(), typed)]
    return fitting[-1] if fitting else None


async def turn_on(transaction: Transaction, official: Official, secret: str, code: str, *, now: datetime) -> list[str]:
    """Turn the second factor on once its app has shown a code; return the recovery codes, kept only as hashes."""
    step = step_of(secret, code, now=now)
    if step is None:
        raise Refused("Mã 6 số chưa đúng. Xin xem lại giờ trên điện thoại, rồi gõ mã đang hiện.", field="code")
    codes = [tokens.readable(RECOVERY_GROUPS) for _ in range(RECOVERY_CODES)]
    kept = tuple(map(tokens.digest, codes))
    await officials.set_second_factor(transaction, official.id, secret=secret, step=step, recovery=kept)
    await record(transaction, official, Action.SECOND_FACTOR_ON, official.name, now=now)
    return codes


async def turn_off(transaction: Transaction, account: Account, *, by: Official | None, now: datetime) -> None:
    """Drop an account's second factor and its recovery codes."""
    await officials.set_second_factor(transaction, account.id, secret=None)
    await record(transaction, by, Action.SECOND_FACTOR_OFF, account.name, now=now)


async def accept(transaction: Transaction, account: Account, code: str, *, now: datetime) -> bool:
    """Tell whether a code from the app, or a recovery code, is good now; either is good once."""
    step = step_of(account.totp_secret, code, now=now) if account.totp_secret else None
    if step is not None:
        return await officials.use_step(transaction, account.id, step)
    used = tokens.digest(tokens.typed(code))
    if used not in account.recovery_codes:
        return False
    left = tuple(kept for kept in account.recovery_codes if kept != used)
    await officials.keep_recovery_codes(transaction, account.id, left)
    await record(transaction, accounts.official(account), Action.RECOVERY_USED, account.name, now=now, left=len(left))
    return True
