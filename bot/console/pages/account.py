"""One's own account: password, where one is signed in, the links to Telegram and to one's chats, signing out."""

from starlette.responses import Response

from bot.console import case_words, security
from bot.console.pages.joining import new_password
from bot.console.visit import EVERY_OFFICIAL, Page, Visit
from bot.officials import accounts, invitations, passwords
from bot.officials.auditing import Action
from bot.officials.refused import Refused
from bot.storage import official_chats, sessions

WRONG_PASSWORD = "Mật khẩu hiện nay chưa đúng."  # noqa: S105


async def account(visit: Visit) -> Response:
    """Everything about one's own account."""
    return await _shown(visit)


async def change_password(visit: Visit) -> Response:
    """A new password; all other sessions end."""
    try:
        password = new_password(visit, visit.official.name)
        await confirm(visit, "current")
        kept = await visit.desk.passwords.hash(password)
    except Refused as refused:
        return await _shown(visit, refused)
    session = visit.signed_in.session.id if visit.signed_in else None
    async with visit.database.transaction() as transaction:
        own = await accounts.get(transaction, visit.official.id)
        await accounts.set_password(transaction, own, kept, by=visit.official, now=visit.now(), but=session)
    return visit.go("/tai-khoan", "Đã đổi mật khẩu. Các thiết bị khác phải đăng nhập lại.")


async def confirm(visit: Visit, field: str) -> None:
    """Raise Refused unless the official's own password is in a field of the form."""
    if not await visit.desk.door.confirm(visit.official, visit.secret(field)):
        raise Refused(WRONG_PASSWORD, field=field)


async def end_session(visit: Visit) -> Response:
    """End one of one's own sessions."""
    async with visit.database.transaction() as transaction:
        if await sessions.revoke(transaction, visit.official.id, visit.number("session")):
            await visit.record(transaction, Action.SESSION_REVOKED, visit.official.name)
    return visit.go("/tai-khoan", "Phiên ấy đã kết thúc.")


async def end_other_sessions(visit: Visit) -> Response:
    """End all of one's sessions but this."""
    here = visit.signed_in.session.id if visit.signed_in else None
    async with visit.database.transaction() as transaction:
        count = await sessions.revoke_all(transaction, visit.official.id, but=here)
        if count:
            await visit.record(transaction, Action.SESSION_REVOKED, visit.official.name, count=count)
    return visit.go("/tai-khoan", "Mọi thiết bị khác đã bị đăng xuất.")


async def telegram_code(visit: Visit) -> Response:
    """The code to be sent to the bot from one's own Telegram, shown once."""
    async with visit.database.transaction() as transaction:
        code = await invitations.telegram_code(transaction, visit.official, now=visit.now())
    return visit.show("telegram_code.html", code=code, minutes=invitations.CODE_MINUTES)


async def unlink_telegram(visit: Visit) -> Response:
    """Forget the link to Telegram."""
    async with visit.database.transaction() as transaction:
        own = await accounts.get(transaction, visit.official.id)
        await accounts.link_telegram(transaction, own, None, now=visit.now())
    return visit.go("/tai-khoan", "Đã gỡ tài khoản Telegram.")


async def chat_code(visit: Visit) -> Response:
    """The code to be sent to the assistant from one's own chat, shown once."""
    async with visit.database.transaction() as transaction:
        code = await invitations.chat_code(transaction, visit.official, now=visit.now())
    return visit.show("chat_code.html", code=code, minutes=invitations.CODE_MINUTES)


async def unlink_chat(visit: Visit) -> Response:
    """Forget one of one's own chats."""
    async with visit.database.transaction() as transaction:
        await invitations.unlink_chat(transaction, visit.official, visit.number("chat"), now=visit.now())
    return visit.go("/tai-khoan", "Đã gỡ khung chat ấy.")


async def sign_out(visit: Visit) -> Response:
    """End this session."""
    await visit.desk.door.leave(visit.token, visit.official)
    response = visit.go("/dang-nhap")
    response.delete_cookie(security.COOKIE, path=security.HOME)
    return response


async def _shown(visit: Visit, refused: Refused | None = None) -> Response:
    async with visit.database.transaction() as transaction:
        own = await accounts.get(transaction, visit.official.id)
        places = await sessions.of(transaction, own.id)
        chats = await official_chats.of(transaction, own.id)
    return visit.show(
        "account.html",
        refused=refused,
        account=own,
        places=places,
        chats=chats,
        channels=case_words.CHANNELS,
        session=visit.signed_in.session.id if visit.signed_in else None,
        least=passwords.LEAST,
        has_bot=bool(visit.office.config.telegram.token),
    )


PAGES = (
    Page("/tai-khoan", account, EVERY_OFFICIAL),
    Page("/tai-khoan/mat-khau", change_password, EVERY_OFFICIAL, "POST"),
    Page("/tai-khoan/phien/{session}", end_session, EVERY_OFFICIAL, "POST"),
    Page("/tai-khoan/phien-khac", end_other_sessions, EVERY_OFFICIAL, "POST"),
    Page("/tai-khoan/telegram", telegram_code, EVERY_OFFICIAL, "POST"),
    Page("/tai-khoan/telegram/go", unlink_telegram, EVERY_OFFICIAL, "POST"),
    Page("/tai-khoan/khung-chat", chat_code, EVERY_OFFICIAL, "POST"),
    Page("/tai-khoan/khung-chat/{chat}/go", unlink_chat, EVERY_OFFICIAL, "POST"),
    Page("/dang-xuat", sign_out, EVERY_OFFICIAL, "POST"),
)
