"""Signing in: name and password, then the code. Signing out is with one's own account."""

from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from bot.console import security
from bot.console.security import HOME
from bot.console.visit import Page, Visit
from bot.officials.refused import Refused
from bot.officials.signing_in import Entered

WRONG = (
    "Tên đăng nhập hoặc mật khẩu chưa đúng. Sau năm lần sai liền nhau, tài khoản phải chờ một lúc mới thử lại được. "
    "Quên mật khẩu thì nhờ người quản trị cấp liên kết mới."
)
WRONG_CODE = (
    "Mã chưa đúng hoặc đã dùng. Xin chờ mã kế tiếp hiện ra rồi gõ lại, hoặc dùng một mã dự phòng. "
    "Sau năm lần sai liền nhau, tài khoản phải chờ một lúc."
)


async def form(visit: Visit) -> Response:
    """The form for name and password; who is signed in already is led on."""
    wanted = security.way_back(visit.request.query_params.get("tiep", ""))
    if visit.signed_in:
        return RedirectResponse(wanted, 303)
    return visit.show("sign_in.html", wanted=wanted, name="")


async def enter(visit: Visit) -> Response:
    """Name and password, given: on to the code, or in."""
    wanted, name = security.way_back(visit.typed("tiep")), visit.typed("name")
    if too_fast := visit.slow_down():
        return too_fast
    device = security.device_of(visit.request)
    entered = await visit.desk.door.enter(name, visit.secret("password"), device=device, leaving=visit.token)
    if entered is None:
        return visit.show("sign_in.html", refused=Refused(WRONG), wanted=wanted, name=name)
    return _led_on(visit, entered, f"{HOME}/dang-nhap/ma?tiep={quote(wanted)}" if entered.needs_code else wanted)


async def code_form(visit: Visit) -> Response:
    """The form for the code, when the password was given."""
    wanted = security.way_back(visit.request.query_params.get("tiep", ""))
    if not await visit.desk.door.is_waiting_for_code(visit.token):
        return visit.go("/dang-nhap")
    return visit.show("code.html", wanted=wanted)


async def give_code(visit: Visit) -> Response:
    """The code, given: in, or once more."""
    wanted = security.way_back(visit.typed("tiep"))
    if too_fast := visit.slow_down():
        return too_fast
    entered = await visit.desk.door.give_code(visit.token, visit.typed("code"))
    if entered:
        return _led_on(visit, entered, wanted)
    if await visit.desk.door.is_waiting_for_code(visit.token):
        return visit.show("code.html", refused=Refused(WRONG_CODE, field="code"), wanted=wanted)
    return visit.go("/dang-nhap", "Đã quá mười phút từ lúc gõ mật khẩu. Xin đăng nhập lại từ đầu.")


def _led_on(visit: Visit, entered: Entered, address: str) -> Response:
    """Lead on under the new token; the one from before signing in is worth nothing any more (session fixation)."""
    response = RedirectResponse(address, 303)
    security.give_token(response, entered.token, secure=visit.desk.is_secure)
    return response


PUBLIC = (
    Page("/dang-nhap", form, None),
    Page("/dang-nhap", enter, None, "POST"),
    Page("/dang-nhap/ma", code_form, None),
    Page("/dang-nhap/ma", give_code, None, "POST"),
)
