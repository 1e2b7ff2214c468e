"""One-time links: making the first account, choosing a password; and the codes that link one's own chats."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.officials import accounts, tokens
from bot.officials.auditing import Action, record
from bot.officials.refused import Refused
from bot.officials.rights import Official, Role
from bot.storage import invitations, official_chats, officials
from bot.storage.database import Transaction
from bot.storage.invitations import Invitation
from bot.storage.officials import Account, Profile

HOURS = 24
CODE_MINUTES = 10
CODE_GROUPS = 2
FIRST_ROLES = (Role.INTAKE, Role.HANDLER, Role.ADMIN)  # further roles are given by hand, and audited


class Purpose(StrEnum):
    """What a token opens."""

    FIRST_ADMINISTRATOR = "quan_tri_dau"
    PASSWORD = "mat_khau"  # noqa: S105
    TELEGRAM = "telegram"
    CHAT = "khung_chat"


_CODES = (Purpose.TELEGRAM, Purpose.CHAT)


async def first_administrator(transaction: Transaction, *, now: datetime) -> str | None:
    """Return the token that makes the first account, in place of any earlier one; None once there is an account."""
    if await officials.exist(transaction):
        return None
    return await _issue(transaction, Purpose.FIRST_ADMINISTRATOR, None, now + timedelta(hours=HOURS))


async def invite(transaction: Transaction, account: Account, *, by: Official | None, now: datetime) -> str:
    """Return the token with which an official chooses a password, the first or a new one."""
    if account.disabled_at:
        raise Refused("Tài khoản đang bị khóa. Xin mở khóa trước.")
    token = await _issue(transaction, Purpose.PASSWORD, account.id, now + timedelta(hours=HOURS))
    await record(transaction, by, Action.LINK_ISSUED, account.name, now=now)
    return token


async def telegram_code(transaction: Transaction, official: Official, *, now: datetime) -> str:
    """Return the code that an official sends to the bot from their own Telegram account, within ten minutes."""
    return await _code(transaction, Purpose.TELEGRAM, official, now)


async def chat_code(transaction: Transaction, official: Official, *, now: datetime) -> str:
    """Return the code that an official sends to the assistant from their own chat, within ten minutes."""
    return await _code(transaction, Purpose.CHAT, official, now)


async def _code(transaction: Transaction, purpose: Purpose, official: Official, now: datetime) -> str:
    expires_at, code = now + timedelta(minutes=CODE_MINUTES), tokens.readable(CODE_GROUPS)
    await invitations.issue(transaction, tokens.digest(code), purpose, official=official.id, expires_at=expires_at)
    return code


async def open_link(transaction: Transaction, token: str, *, now: datetime) -> Invitation | None:
    """Return what a link opens, without using it; None when it is not or no longer good."""
    found = await invitations.find(transaction, tokens.digest(token), now=now)
    if found is None or found.purpose in _CODES:
        return None
    if found.purpose == Purpose.FIRST_ADMINISTRATOR and await officials.exist(transaction):
        return None  # somebody was added at the command line meanwhile
    return found


async def make_first(
    transaction: Transaction, token: str, name: str, full_name: str, password_hash: str, *, now: datetime
) -> None:
    """Make the first account, an administrator's, with the link that was printed at the start."""
    await _use(transaction, token, Purpose.FIRST_ADMINISTRATOR, now=now)
    profile: Profile = accounts.profile(full_name, FIRST_ROLES)
    await accounts.create(transaction, name, profile, password_hash=password_hash, by=None, now=now)


async def choose_password(transaction: Transaction, token: str, password_hash: str, *, now: datetime) -> None:
    """Give the official whom a link is for their password; the link is used up and all their sessions end."""
    used = await _use(transaction, token, Purpose.PASSWORD, now=now)
    account = await accounts.get(transaction, used.official or 0)
    await accounts.set_password(transaction, account, password_hash, by=accounts.official(account), now=now)


async def link_telegram(transaction: Transaction, code: str, telegram: str, *, now: datetime) -> Official | None:
    """Link the Telegram account that sent a code to the official it was made for; None when the code is not good."""
    found = await invitations.find(transaction, tokens.digest(tokens.typed(code)), now=now)
    if found is None or found.purpose != Purpose.TELEGRAM or not await invitations.use(transaction, found.id):
        return None
    account = await accounts.get(transaction, found.official or 0)
    await accounts.link_telegram(transaction, account, telegram, now=now)
    return accounts.official(account)


async def link_chat(transaction: Transaction, code: str, person: int, *, now: datetime) -> Official | None:
    """Link the chat that sent a code to the official it was made for; None when the code is not good."""
    found = await invitations.find(transaction, tokens.digest(tokens.typed(code)), now=now)
    if found is None or found.purpose != Purpose.CHAT or not await invitations.use(transaction, found.id):
        return None
    official = accounts.official(await accounts.get(transaction, found.official or 0))
    await official_chats.link(transaction, official.id, person, now=now)
    await record(transaction, official, Action.CHAT_LINKED, official.name, now=now)
    return official


async def unlink_chat(transaction: Transaction, official: Official, person: int, *, now: datetime) -> None:
    """Forget one of an official's own chats."""
    if await official_chats.unlink(transaction, official.id, person):
        await record(transaction, official, Action.CHAT_UNLINKED, official.name, now=now)


async def _issue(transaction: Transaction, purpose: Purpose, official: int | None, expires_at: datetime) -> str:
    token = tokens.new()
    await invitations.issue(transaction, tokens.digest(token), purpose, official=official, expires_at=expires_at)
    return token


async def _use(transaction: Transaction, token: str, purpose: Purpose, *, now: datetime) -> Invitation:
    found = await open_link(transaction, token, now=now)
    if found is None or found.purpose != purpose or not await invitations.use(transaction, found.id):
        raise Refused("Liên kết này không còn dùng được. Xin người quản trị cấp liên kết mới.")
    return found
