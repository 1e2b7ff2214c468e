"""Signing in: password, then the code; being recognised on every page; signing out. Guessing is made slow."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.officials import accounts, second_factor, tokens
from bot.officials.auditing import Action, record
from bot.officials.passwords import Passwords
from bot.officials.rights import Official, Role
from bot.storage import audit, officials, sessions
from bot.storage.database import Database, Transaction
from bot.storage.officials import Account
from bot.storage.sessions import Session

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)  # a working day with its evening
FOR_THE_CODE = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)  # so that not every page view is a write

FREE_ATTEMPTS = 5
FIRST_WAIT = timedelta(minutes=1)  # after the fifth failure in a row; doubled by each further one
LONGEST_WAIT = timedelta(hours=1)

WITH_SECOND_FACTOR = frozenset({Role.ADMIN, Role.LEADER})  # TCVN 14423:2026 as read for us: administrators


@dataclass(frozen=True, slots=True)
class Entered:
    """A password was right. `token` goes into the browser's cookie; with `needs_code` it opens nothing yet."""

    token: str
    needs_code: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is before the page, and from where."""

    official: Official
    session: Session
    has_second_factor: bool

    @property
    def should_have_second_factor(self) -> bool:
        return bool(self.official.roles & WITH_SECOND_FACTOR) and not self.has_second_factor


class Door:
    """The way in. An unknown name, a wrong password, a shut and a waiting account all look the same from outside."""

    def __init__(self, database: Database, passwords: Passwords, *, now: Callable[[], datetime]) -> None:
        self._database, self._passwords, self._now = database, passwords, now

    async def enter(self, name: str, password: str, *, device: str, leaving: str = "") -> Entered | None:
        """Open a session under a new token, ending the one under `leaving`; None when name and password do not fit."""
        account = await self._attempt(name)
        fits = await self._passwords.matches(password, account.password_hash if account else None)
        async with self._database.transaction() as transaction:
            account = await self._settle(transaction, account, fits=fits)
            if account is None:
                return None
            await sessions.close(transaction, tokens.digest(leaving))
            needs_code = account.totp_secret is not None
            if not needs_code:
                await officials.count_attempt(transaction, account.id, failed=0, locked_until=None)
            return await self._open(transaction, account, device, needs_code=needs_code)

    async def give_code(self, token: str, code: str) -> Entered | None:
        """Finish signing in with a code from the app or a recovery code; None when it is not good."""
        async with self._database.transaction() as transaction:
            found = await self._find(transaction, token)
            if found is None or not found[0].needs_code:
                return None
            session, account = found[0], await accounts.get(transaction, found[1].id)
            locked = await self._count(transaction, account)
            if locked or not await second_factor.accept(transaction, account, code, now=self._now()):
                await self._fail(transaction, account)
                return None
            await officials.count_attempt(transaction, account.id, failed=0, locked_until=None)
            await sessions.close(transaction, tokens.digest(token))
            return await self._open(transaction, account, session.device, needs_code=False)

    async def recognise(self, token: str) -> SignedIn | None:
        """Return who is signed in under a token; None for a stranger, an old session, a shut account."""
        async with self._database.transaction() as transaction:
            found = await self._find(transaction, token)
            if found is None or found[0].needs_code:
                return None
            session, account = found
            if self._now() - session.seen_at >= SEEN_EVERY:
                await sessions.see(transaction, session.id, now=self._now())
        return SignedIn(accounts.official(account), session, account.totp_secret is not None)

    async def is_waiting_for_code(self, token: str) -> bool:
        """Tell whether the password was given under this token and the code is still to come."""
        async with self._database.transaction() as transaction:
            found = await self._find(transaction, token)
        return found is not None and found[0].needs_code

    async def confirm(self, official: Official, password: str) -> bool:
        """Tell whether it is the official's own password; failures count as those of signing in do."""
        account = await self._attempt(official.name)
        fits = await self._passwords.matches(password, account.password_hash if account else None)
        async with self._database.transaction() as transaction:
            return await self._settle(transaction, account, fits=fits) is not None

    async def leave(self, token: str, official: Official) -> None:
        """End the session under a token."""
        async with self._database.transaction() as transaction:
            await sessions.close(transaction, tokens.digest(token))
            await record(transaction, official, Action.SIGNED_OUT, official.name, now=self._now())

    async def _attempt(self, name: str) -> Account | None:
        """Return the account that may be tried now, as it was before; the attempt counts as failed until it succeeds.

        Counting first makes guessing in parallel as slow as one by one.
        """
        async with self._database.transaction() as transaction:
            account = await officials.find(transaction, name.strip().lower()[:64])
            if account is None or account.disabled_at or account.password_hash is None:
                return None
            return None if await self._count(transaction, account) else account

    async def _count(self, transaction: Transaction, account: Account) -> bool:
        """Count an attempt as failed; True when the account is locked, which is not counted."""
        now, failed = self._now(), account.failed_logins + 1
        if account.locked_until and account.locked_until > now:
            return True
        await officials.count_attempt(transaction, account.id, failed=failed, locked_until=_locked(failed, now))
        return False

    async def _find(self, transaction: Transaction, token: str) -> tuple[Session, Account] | None:
        found = await sessions.find(transaction, tokens.digest(token))
        if found is None or found[1].disabled_at:
            return None
        return found if _is_fresh(found[0], self._now()) else None

    async def _open(self, transaction: Transaction, account: Account, device: str, *, needs_code: bool) -> Entered:
        token = tokens.new()
        await sessions.open_session(
            transaction, account.id, tokens.digest(token), device=device, needs_code=needs_code, now=self._now()
        )
        if not needs_code:
            await record(transaction, accounts.official(account), Action.SIGNED_IN, account.name, now=self._now())
        return Entered(token, needs_code)

    async def _settle(self, transaction: Transaction, tried: Account | None, *, fits: bool) -> Account | None:
        """Take back the attempt of a right password, but not the failures of the code before it; audit a wrong one.

        None for a wrong one, and when the account changed while the password was compared.
        """
        account = await officials.get(transaction, tried.id) if tried and fits else None
        if tried is None or account is None:
            await self._fail(transaction, tried)
            return None
        if account.disabled_at or account.password_hash != tried.password_hash:
            return None
        failed = max(0, account.failed_logins - 1)
        await officials.count_attempt(transaction, account.id, failed=failed, locked_until=None)
        return account

    async def _fail(self, transaction: Transaction, account: Account | None) -> None:
        """Audit a failure; a name that nobody has is not written down, it may be a password in the wrong box."""
        name = account.name if account else ""
        await audit.record(transaction, audit.Entry(self._now(), None, "", Action.SIGN_IN_FAILED.value, name))


def _locked(failed: int, now: datetime) -> datetime | None:
    """Return until when an account waits after so many failures in a row."""
    if failed < FREE_ATTEMPTS:
        return None
    doublings = min(failed - FREE_ATTEMPTS, 10)
    return now + min(LONGEST_WAIT, FIRST_WAIT * (1 << doublings))


def _is_fresh(session: Session, now: datetime) -> bool:
    if session.needs_code:
        return now - session.created_at < FOR_THE_CODE
    return now - session.seen_at < IDLE and now - session.created_at < ABSOLUTE


async def forget_old(transaction: Transaction, *, now: datetime) -> int:
    """Delete the sessions that open nothing any more; return how many."""
    return await sessions.purge(transaction, begun_before=now - ABSOLUTE, unseen_since=now - IDLE)
