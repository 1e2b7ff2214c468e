"""The gate before every page: who may pass, which forms are ours, and what the others are told."""

from dataclasses import replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot import health
from bot.console import security
from bot.console.security import HOME
from bot.console.visit import Desk, Handler, Page, Visit
from bot.guard import is_same_site
from bot.officials import tokens
from bot.officials.refused import Missing, Refused
from bot.officials.signing_in import SignedIn
from bot.storage import channel_health
from bot.storage.channel_health import Vitals

SECOND_FACTOR = "/tai-khoan/hai-buoc"
WITHOUT_SECOND_FACTOR = (SECOND_FACTOR, "/dang-xuat")  # all that is open where the settings require one


class Gate:
    """Makes routes of pages. A page is closed to strangers unless it is made with `public_route`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def route(self, page: Page) -> Route:
        """Return the route of a page for those who are signed in and have its right."""

        async def answer(visit: Visit) -> Response:
            return self._refuse(visit, page) or await self._answer(visit, page)

        return self._route(page, answer)

    def public_route(self, page: Page) -> Route:
        """Return the route of a page for everybody; a browser without our cookie gets one, for the forms."""

        async def answer(visit: Visit) -> Response:
            response = await self._answer(visit, page)
            if not security.token_of(visit.request):
                security.give_token(response, visit.token, secure=self._desk.is_secure)
            return response

        return self._route(page, answer)

    def _route(self, page: Page, answer: Handler) -> Route:
        async def endpoint(request: Request) -> Response:
            if security.comes_from_another_site(request):
                response: Response = HTMLResponse(self._desk.templates.get_template("once_more.html").render())
            else:
                response = await answer(await self._visit(request))
            response.headers.setdefault("cache-control", "no-store")
            return response

        return Route(page.path, endpoint, methods=[page.method])

    async def _visit(self, request: Request) -> Visit:
        token = security.token_of(request)
        signed_in = await self._desk.door.recognise(token) if token else None
        return Visit(self._desk, request, token or tokens.new(), signed_in, dead=await self._dead(signed_in))

    async def _dead(self, signed_in: SignedIn | None) -> tuple[Vitals, ...]:
        if signed_in is None:
            return ()
        configured = health.configured(self._desk.office.config)
        async with self._desk.office.database.transaction() as transaction:
            found = await channel_health.everything(transaction)
        return tuple(v for name, v in found.items() if v.dead_since and configured.get(name))

    def _refuse(self, visit: Visit, page: Page) -> Response | None:
        """Return what somebody is told who may not see a page."""
        if visit.signed_in is None:
            return _to_sign_in(visit)
        required = self._desk.office.config.console.require_second_factor
        if required and not visit.signed_in.has_second_factor and not page.path.startswith(WITHOUT_SECOND_FACTOR):
            return visit.go(SECOND_FACTOR)
        if page.right is not None and not visit.official.may(page.right):
            words = (
                "Việc này cần một vai trò mà tài khoản của ông/bà chưa có. Cần làm việc này thì xin hỏi người quản trị."
            )
            return visit.say("Không có quyền", words, 403)
        return None

    async def _answer(self, visit: Visit, page: Page) -> Response:
        if page.method == "GET":
            return await _handled(visit, page)
        if not is_same_site(visit.request):
            return _not_ours(visit)
        most = security.MOST_UPLOAD_BYTES if visit.signed_in else security.MOST_BYTES
        try:
            async with security.form_of(visit.request, most) as form:
                if not security.is_from_our_page(form, visit.token):
                    return _not_ours(visit)
                return await _handled(replace(visit, form=form), page)
        except security.BadForm as error:
            words = "Nội dung gửi lên quá lớn hoặc không đọc được; chưa có gì được lưu. Xin quay lại và gửi ít hơn."
            return visit.say("Chưa nhận được", words, error.status)


async def _handled(visit: Visit, page: Page) -> Response:
    try:
        return await page.handler(visit)
    except Missing as missing:
        return visit.say("Không có trang này", missing.told, 404)
    except Refused as refused:
        return visit.say("Chưa làm được", refused.told, 422)


def _to_sign_in(visit: Visit) -> Response:
    if visit.request.method != "GET":
        words = (
            "Phiên làm việc đã hết nên việc vừa gửi chưa được lưu. Xin bấm nút quay lại của trình duyệt, "
            "chép phần đã viết ra nơi khác, rồi đăng nhập lại."
        )
        return visit.say("Phiên làm việc đã hết", words, 401)
    url = visit.request.url
    wanted = quote(url.path + (f"?{url.query}" if url.query else ""), safe="/")
    return RedirectResponse(f"{HOME}/dang-nhap?tiep={wanted}", 303)


def _not_ours(visit: Visit) -> Response:
    words = (
        "Biểu mẫu này đã cũ hoặc không gửi từ trang quản trị; chưa có gì được lưu. "
        "Xin bấm nút quay lại, tải lại trang rồi gửi lần nữa."
    )
    return visit.say("Chưa nhận được", words, 403)
