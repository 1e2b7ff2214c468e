"""Where officials are signed in. A session is known by the hash of its token; the token itself is stored nowhere."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.storage import officials as accounts
from bot.storage.database import Transaction
from bot.storage.official_tables import official_sessions, officials
from bot.storage.officials import Account


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that an official signed in with; `needs_code` while only the password was given."""

    id: int
    official: int
    needs_code: bool
    device: str
    created_at: datetime
    seen_at: datetime


_COLUMNS = [official_sessions.c[n] for n in ("id", "official_id", "needs_code", "device", "created_at", "seen_at")]


async def open_session(
    transaction: Transaction, official: int, token_hash: str, *, device: str, needs_code: bool, now: datetime
) -> None:
    """Keep a new session."""
    row = {"official_id": official, "token_hash": token_hash, "needs_code": needs_code, "device": device[:80]}
    await transaction.execute(insert(official_sessions).values(**row, created_at=now, seen_at=now))


async def find(transaction: Transaction, token_hash: str) -> tuple[Session, Account] | None:
    """Return a session and its owner's account by the hash of its token, whatever its age and state."""
    query = (
        select(*(column.label(f"session_{column.name}") for column in _COLUMNS), *officials.c)
        .join(officials, officials.c.id == official_sessions.c.official_id)
        .where(official_sessions.c.token_hash == token_hash)
    )
    row = (await transaction.execute(query)).first()
    return (Session(*row[: len(_COLUMNS)]), accounts.account(row)) if row else None


async def see(transaction: Transaction, session: int, *, now: datetime) -> None:
    """Note that a session is in use."""
    await transaction.execute(update(official_sessions).where(official_sessions.c.id == session).values(seen_at=now))


async def of(transaction: Transaction, official: int) -> list[Session]:
    """Return an official's sessions, the one used last first."""
    theirs = (official_sessions.c.official_id == official) & ~official_sessions.c.needs_code
    query = select(*_COLUMNS).where(theirs).order_by(official_sessions.c.seen_at.desc(), official_sessions.c.id.desc())
    return [Session(*row) for row in await transaction.execute(query)]


async def close(transaction: Transaction, token_hash: str) -> None:
    """Forget the session with this hash, if there is one."""
    await transaction.execute(delete(official_sessions).where(official_sessions.c.token_hash == token_hash))


async def revoke(transaction: Transaction, official: int, session: int) -> bool:
    """Forget one session of an official; False when it is not theirs."""
    theirs = (official_sessions.c.id == session) & (official_sessions.c.official_id == official)
    return (await transaction.execute(delete(official_sessions).where(theirs))).rowcount == 1


async def revoke_all(transaction: Transaction, official: int, *, but: int | None = None) -> int:
    """Forget all sessions of an official, but the one they act from; return how many."""
    theirs = official_sessions.c.official_id == official
    if but is not None:
        theirs &= official_sessions.c.id != but
    return (await transaction.execute(delete(official_sessions).where(theirs))).rowcount


async def purge(transaction: Transaction, *, begun_before: datetime, unseen_since: datetime) -> int:
    """Delete the sessions begun before a moment and those not used since another; return how many."""
    old = (official_sessions.c.created_at < begun_before) | (official_sessions.c.seen_at < unseen_since)
    return (await transaction.execute(delete(official_sessions).where(old))).rowcount
