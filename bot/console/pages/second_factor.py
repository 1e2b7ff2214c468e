"""Turning one's own second factor on and off: a QR code, a first code to prove it, recovery codes shown once."""

import re

import segno
from markupsafe import Markup
from starlette.responses import Response

from bot.console.pages.account import confirm
from bot.console.visit import EVERY_OFFICIAL, Page, Visit
from bot.officials import accounts, second_factor
from bot.officials.refused import Refused

_SECRET = re.compile(r"[A-Z2-7]{32}")


async def form(visit: Visit) -> Response:
    """The QR code of a new secret; nothing is kept until a code proves that the app has it."""
    if visit.signed_in and visit.signed_in.has_second_factor:
        return visit.go("/tai-khoan")
    return _shown(visit, second_factor.new_secret())


async def turn_on(visit: Visit) -> Response:
    """The first code, given with one's password: the recovery codes, this once."""
    secret = visit.typed("secret")
    if not _SECRET.fullmatch(secret) or (visit.signed_in and visit.signed_in.has_second_factor):
        return visit.go("/tai-khoan/hai-buoc")
    try:
        await confirm(visit, "current")
        async with visit.database.transaction() as transaction:
            code = visit.typed("code")
            codes = await second_factor.turn_on(transaction, visit.official, secret, code, now=visit.now())
    except Refused as refused:
        return _shown(visit, secret, refused)
    return visit.show("recovery_codes.html", codes=codes)


async def turn_off_form(visit: Visit) -> Response:
    """The question whether one is sure."""
    return visit.show("second_factor_off.html")


async def turn_off(visit: Visit) -> Response:
    """One's password, given: the second factor is gone."""
    try:
        await confirm(visit, "current")
    except Refused as refused:
        return visit.show("second_factor_off.html", refused=refused)
    async with visit.database.transaction() as transaction:
        own = await accounts.get(transaction, visit.official.id)
        await second_factor.turn_off(transaction, own, by=visit.official, now=visit.now())
    return visit.go("/tai-khoan", "Đã tắt xác thực hai bước.")


def _shown(visit: Visit, secret: str, refused: Refused | None = None) -> Response:
    address = second_factor.address(secret, visit.official.name, f"UBND {visit.office.config.unit.name}")
    drawn = segno.make(address, error="m").svg_inline(scale=4, border=3, light="#ffffff")
    spaced = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    qr = Markup(drawn)  # noqa: S704 - drawn by segno, squares only
    return visit.show("second_factor.html", refused=refused, qr=qr, secret=secret, spaced=spaced, address=address)


PAGES = (
    Page("/tai-khoan/hai-buoc", form, EVERY_OFFICIAL),
    Page("/tai-khoan/hai-buoc", turn_on, EVERY_OFFICIAL, "POST"),
    Page("/tai-khoan/hai-buoc/tat", turn_off_form, EVERY_OFFICIAL),
    Page("/tai-khoan/hai-buoc/tat", turn_off, EVERY_OFFICIAL, "POST"),
)
