"""The one-time link: the first administrator makes their account, an official chooses a password."""

from starlette.responses import Response

from bot.console.visit import Page, Visit
from bot.officials import accounts, invitations, passwords
from bot.officials.invitations import Purpose
from bot.officials.refused import Refused
from bot.storage.database import Transaction
from bot.storage.officials import Account

READY = "Đã đặt mật khẩu. Mời ông/bà đăng nhập."


async def form(visit: Visit) -> Response:
    """The form behind a link; nothing is used up by looking at it."""
    try:
        return _shown(visit, await _owner(visit))
    except Refused as refused:
        return _void(visit, refused)


async def join(visit: Visit) -> Response:
    """A password, given with the link: the account is ready and the link used up."""
    if too_fast := visit.slow_down():
        return too_fast
    try:
        account = await _owner(visit)
    except Refused as refused:
        return _void(visit, refused)
    try:
        name = account.name if account else accounts.login_name(visit.typed("name"))
        password = new_password(visit, name)
        profile = account or accounts.profile(visit.typed("full_name"), invitations.FIRST_ROLES)
        kept = await visit.desk.passwords.hash(password)
        async with visit.database.transaction() as transaction:
            await _keep(visit, transaction, account, (name, profile.full_name, kept))
    except Refused as refused:
        return _shown(visit, account, refused)
    return visit.go("/dang-nhap", READY)


def new_password(visit: Visit, name: str) -> str:
    """Return the new password, typed twice; raise Refused when it is too weak or the two differ."""
    password = visit.secret("password")
    passwords.check(password, name)
    if visit.secret("again") != password:
        raise Refused("Hai lần gõ chưa giống nhau.", field="again")
    return password


async def _keep(visit: Visit, transaction: Transaction, account: Account | None, made: tuple[str, str, str]) -> None:
    token, (name, full_name, kept) = visit.request.path_params["token"], made
    if account is None:
        await invitations.make_first(transaction, token, name, full_name, kept, now=visit.now())
    else:
        await invitations.choose_password(transaction, token, kept, now=visit.now())


async def _owner(visit: Visit) -> Account | None:
    """Return whom the link is for; None for the first administrator, who has no account yet."""
    async with visit.database.transaction() as transaction:
        link = await invitations.open_link(transaction, visit.request.path_params["token"], now=visit.now())
        if link is None:
            raise Refused("Liên kết này đã dùng rồi hoặc đã quá hạn. Xin người quản trị cấp liên kết mới.")
        if link.purpose == Purpose.FIRST_ADMINISTRATOR:
            return None
        return await accounts.get(transaction, link.official or 0)


def _shown(visit: Visit, account: Account | None, refused: Refused | None = None) -> Response:
    typed = {"name": visit.typed("name"), "full_name": visit.typed("full_name")}
    return visit.show("joining.html", refused=refused, account=account, typed=typed, least=passwords.LEAST)


def _void(visit: Visit, refused: Refused) -> Response:
    return visit.say("Liên kết không còn dùng được", refused.told, 410)


PUBLIC = (
    Page("/moi/{token}", form, None),
    Page("/moi/{token}", join, None, "POST"),
)
