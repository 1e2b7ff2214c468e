"""The officials: who they are, what they may do, one-time links, shutting accounts. For administrators."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from bot.console import listing
from bot.console.visit import Page, Visit
from bot.officials import accounts, invitations, second_factor
from bot.officials.refused import Refused
from bot.officials.rights import Right
from bot.storage import officials
from bot.storage.officials import Account
from knowledge.vietnamese import fold

Act = Callable[..., Awaitable[None]]


async def everyone(visit: Visit) -> Response:
    """All officials, or those in whose name or unit the words occur."""
    words = listing.asked(visit.request, "q")
    async with visit.database.transaction() as transaction:
        found = [a for a in await officials.everyone(transaction) if fold(words) in _said(a)]
    start = listing.offset(visit.request)
    shown = listing.listed(visit.request, found[start : start + listing.SIZE + 1])
    return visit.show("officials.html", words=words, list=shown)


def _said(account: Account) -> str:
    return fold(f"{account.name} {account.full_name} {account.unit}")


async def invite_form(visit: Visit) -> Response:
    """The form for somebody new."""
    return visit.show("new_official.html", typed=_typed(visit))


async def invite(visit: Visit) -> Response:
    """Somebody new: their account, and the link with which they choose a password."""
    try:
        name = accounts.login_name(visit.typed("name"))
        profile = accounts.profile(visit.typed("full_name"), _roles(visit), visit.typed("unit"))
        async with visit.database.transaction() as transaction:
            number = await accounts.create(transaction, name, profile, by=visit.official, now=visit.now())
            made = await accounts.get(transaction, number)
            token = await invitations.invite(transaction, made, by=visit.official, now=visit.now())
    except Refused as refused:
        return visit.show("new_official.html", refused=refused, typed=_typed(visit))
    return _link(visit, made, token)


async def one(visit: Visit) -> Response:
    """One official, to be changed."""
    return _shown(visit, await _account(visit))


async def change(visit: Visit) -> Response:
    """Another name, unit or other roles."""
    try:
        profile = accounts.profile(visit.typed("full_name"), _roles(visit), visit.typed("unit"))
    except Refused as refused:
        return _shown(visit, await _account(visit), refused)
    return await _done(visit, "Đã lưu. Thay đổi có hiệu lực ngay.", accounts.change, profile)


async def disable(visit: Visit) -> Response:
    """Shut an account."""
    return await _done(visit, "Đã khóa tài khoản. Người này bị đăng xuất ở mọi nơi.", accounts.disable)


async def enable(visit: Visit) -> Response:
    """Open an account again."""
    return await _done(visit, "Đã mở khóa tài khoản.", accounts.enable)


async def drop_second_factor(visit: Visit) -> Response:
    """Drop the second factor of somebody who lost their phone and the recovery codes."""
    return await _done(visit, "Đã tắt xác thực hai bước của người này.", second_factor.turn_off)


async def issue_link(visit: Visit) -> Response:
    """A new link to choose a password, shown once."""
    async with visit.database.transaction() as transaction:
        account = await accounts.get(transaction, visit.number("official"))
        token = await invitations.invite(transaction, account, by=visit.official, now=visit.now())
    return _link(visit, account, token)


async def _account(visit: Visit) -> Account:
    async with visit.database.transaction() as transaction:
        return await accounts.get(transaction, visit.number("official"))


async def _done(visit: Visit, notice: str, act: Act, *arguments: object) -> Response:
    """Do something to the account in the address and say so, or say on its page why not."""
    number = visit.number("official")
    try:
        async with visit.database.transaction() as transaction:
            account = await accounts.get(transaction, number)
            await act(transaction, account, *arguments, by=visit.official, now=visit.now())
    except Refused as refused:
        return _shown(visit, await _account(visit), refused)
    return visit.go(f"/can-bo/{number}", notice)


def _shown(visit: Visit, account: Account, refused: Refused | None = None) -> Response:
    stored = {"full_name": account.full_name, "unit": account.unit, "roles": account.roles}
    typed = _typed(visit) if "full_name" in visit.form else stored
    return visit.show("official.html", refused=refused, account=account, typed=typed)


def _link(visit: Visit, account: Account, token: str) -> Response:
    return visit.show("link.html", account=account, link=visit.address(f"/moi/{token}"), hours=invitations.HOURS)


def _roles(visit: Visit) -> list[str]:
    return [role for role in visit.form.getlist("roles") if isinstance(role, str)]


def _typed(visit: Visit) -> dict[str, object]:
    return {name: visit.typed(name) for name in ("name", "full_name", "unit")} | {"roles": _roles(visit)}


MANAGE = Right.MANAGE_OFFICIALS
PAGES = (
    Page("/can-bo", everyone, MANAGE),
    Page("/can-bo/moi", invite_form, MANAGE),
    Page("/can-bo/moi", invite, MANAGE, "POST"),
    Page("/can-bo/{official}", one, MANAGE),
    Page("/can-bo/{official}", change, MANAGE, "POST"),
    Page("/can-bo/{official}/khoa", disable, MANAGE, "POST"),
    Page("/can-bo/{official}/mo", enable, MANAGE, "POST"),
    Page("/can-bo/{official}/bo-hai-buoc", drop_second_factor, MANAGE, "POST"),
    Page("/can-bo/{official}/lien-ket", issue_link, MANAGE, "POST"),
)
