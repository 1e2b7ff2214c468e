"""The gate before every page: strangers, other sites' pages, forged forms, forced browsing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import httpx
import pytest
from starlette.routing import Mount, Route

from bot.channels.web.app import create_app
from bot.console import app as console
from bot.console import rendering, security
from bot.console.office import Office
from bot.console.security import COOKIE
from bot.console.visit import Page
from bot.guard import Guard
from bot.officials.rights import RIGHTS, Right, Role
from bot.storage import audit, officials
from bot.storage.audit import Filter
from bot.storage.database import Database
from handlers.services import Services
from tests.console.conftest import HOME, SITE, Browser, SignedIn
from tests.officials.conftest import PASSWORD, Clock, Hire

CLOSED = [page for section in console.SECTIONS for page in section.pages]
PUBLIC_PATHS = {"/dang-nhap", "/dang-nhap/ma", "/moi/{token}"}


def address(page: Page) -> str:
    return re.sub(r"\{\w+\}", "1", page.path)


def routes(office: Office) -> Iterator[tuple[str, str]]:
    guarded = console.create(office).app
    assert isinstance(guarded, Guard)
    for route in guarded._app.routes:  # type: ignore[attr-defined]
        if isinstance(route, Mount):
            yield "static", route.path
        else:
            assert isinstance(route, Route)
            yield from ((method, route.path) for method in route.methods or () if method != "HEAD")


def test_every_route_is_in_the_tables_and_only_these_are_public(office: Office) -> None:
    served = sorted(routes(office))
    assert {page.path for page in console.PUBLIC} == PUBLIC_PATHS
    assert served == sorted([("static", "/static"), *((page.method, page.path) for page in (*CLOSED, *console.PUBLIC))])
    assert len(served) == len(set(served))


async def test_strangers_are_led_to_sign_in_from_every_page_and_change_nothing(
    browser: Browser, database: Database, hire: Hire
) -> None:
    await hire("truong", Role.ADMIN)
    await browser.open("/dang-nhap")
    before = await everything(database)
    for page in CLOSED:
        path = address(page)
        if page.method == "GET":
            response = await browser.client.get(HOME + path)
            assert (response.status_code, response.headers["location"]) == (303, f"{HOME}/dang-nhap?tiep={HOME}{path}")
        else:
            assert (await browser.send(path)).status_code == 401, path
            await browser.open("/dang-nhap")
    assert await everything(database) == before


async def everything(database: Database) -> list[object]:
    async with database.transaction() as transaction:
        return [*await officials.everyone(transaction), *await audit.entries(transaction, Filter(), limit=1000)]


def role_without(right: Right) -> Role:
    return next(role for role in Role if right not in RIGHTS[role])


@pytest.mark.parametrize("right", sorted({page.right for page in CLOSED if page.right}))
async def test_an_official_without_the_right_is_refused_everywhere(
    signed_in: SignedIn, database: Database, right: Right
) -> None:
    minh = await signed_in("minh", role_without(right))
    await minh.open("/tai-khoan")
    csrf, before = minh.csrf, await everything(database)
    for page in (page for page in CLOSED if page.right == right):
        response = await minh.client.request(page.method, HOME + address(page), data={"csrf": csrf})
        assert response.status_code == 403, page.path
        assert "vai trò" in response.text
    assert await everything(database) == before
    closed = [f'href="{HOME}{section.path}"' for section in console.SECTIONS if section.right == right]
    assert [link for link in closed if link in minh.seen] == []


async def test_a_form_without_its_token_or_with_anothers_changes_nothing(
    signed_in: SignedIn, database: Database
) -> None:
    truong, other = await signed_in("truong", *Role), await signed_in("khac", Role.ADMIN)
    await other.open("/tai-khoan")
    before = await everything(database)
    for page in (page for page in CLOSED if page.method == "POST"):
        for fields in ({}, {"csrf": ""}, {"csrf": other.csrf}, {"csrf": "đoán"}):
            response = await truong.client.post(HOME + address(page), data=fields)
            assert response.status_code == 403, page.path
            assert "chưa có gì được lưu" in response.text
    assert await everything(database) == before
    assert (await truong.open("/")).status_code == 200, "still signed in"


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://ke-xau.vn"}]
)
async def test_a_form_from_another_site_changes_nothing_even_with_the_token(
    signed_in: SignedIn, headers: dict[str, str]
) -> None:
    truong = await signed_in("truong", Role.ADMIN)
    await truong.open("/tai-khoan")
    response = await truong.client.post(f"{HOME}/dang-xuat", data={"csrf": truong.csrf}, headers=headers)
    assert response.status_code == 403
    assert (await truong.open("/")).status_code == 200


async def test_nobody_can_be_signed_in_by_another_sites_form(browser: Browser, hire: Hire) -> None:
    """Login CSRF: an official would work in the attacker's account."""
    await hire("ke.xau")
    fields = {"name": "ke.xau", "password": PASSWORD}
    assert (await browser.client.post(f"{HOME}/dang-nhap", data=fields)).status_code == 403
    await browser.open("/dang-nhap")
    assert (await browser.client.post(f"{HOME}/dang-nhap", data=fields)).status_code == 403


async def test_a_link_elsewhere_leads_in_without_signing_anybody_out(signed_in: SignedIn) -> None:
    """Browsers keep a SameSite=Strict cookie back when another site links here; the page asks once more by itself."""
    truong = await signed_in("truong")
    kept = truong.cookie
    stranger = httpx.AsyncClient(transport=truong.client._transport, base_url=SITE)
    for path in ("/", "/dang-nhap", "/tai-khoan"):
        response = await stranger.get(HOME + path, headers={"sec-fetch-site": "cross-site"})
        assert response.status_code == 200
        assert '<meta http-equiv="refresh" content="0">' in response.text
        assert "set-cookie" not in response.headers, "it would replace the cookie that was kept back"
    truong.take(kept)
    assert (await truong.open("/tai-khoan")).status_code == 200


@pytest.mark.parametrize(
    ("public_url", "flags"),
    [
        ("", {"HttpOnly", "Path=/quan-tri", "SameSite=strict"}),
        ("https://xa.gov.vn", {"HttpOnly", "Path=/quan-tri", "SameSite=strict", "Secure"}),
    ],
)
async def test_the_cookie_is_out_of_reach(office: Office, hire: Hire, public_url: str, flags: set[str]) -> None:
    await hire("lan")
    web = replace(office.config.web, public_url=public_url)
    async with Browser(replace(office, config=replace(office.config, web=web))) as browser:
        response = await browser.open("/dang-nhap")
        browser.take(response.cookies[COOKIE])
        entered = await browser.send("/dang-nhap", {"name": "lan", "password": PASSWORD})
        for given in (response.headers["set-cookie"], entered.headers["set-cookie"]):
            assert set(given.split("; ")[1:]) == flags


async def test_pages_are_stored_nowhere_framed_by_nobody_and_run_no_inline_script(
    signed_in: SignedIn, browser: Browser
) -> None:
    truong = await signed_in("truong", Role.ADMIN)
    await browser.open("/dang-nhap")
    reads = [address(page) for page in CLOSED if page.method == "GET"]
    for response in [*[await truong.open(path) for path in reads], await browser.open("/dang-nhap")]:
        assert response.headers["cache-control"] == "no-store"
        policy = response.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self';" in policy
        assert "style-src 'self';" in policy
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", response.text)


def test_every_form_that_changes_something_carries_the_token() -> None:
    folder = rendering.FOLDER / "templates"
    for path in folder.iterdir():
        forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.DOTALL)
        assert all("csrf_field()" in form for form in forms), path.name


@pytest.mark.parametrize(
    "wanted",
    [
        "https://ke-xau.vn",
        "//ke-xau.vn",
        "/\\ke-xau.vn",
        "/quan-tri//ke-xau.vn",
        "/quan-tri/../../ke-xau",
        "/quan-tri/\r\nset-cookie: a=b",
        "/quan-tri@ke-xau.vn",
        "/quan-tri.ke-xau.vn",
        "javascript:alert(1)",
        "/chat",
        "",
    ],
)
def test_the_way_back_leads_nowhere_else(wanted: str) -> None:
    assert security.way_back(wanted) == f"{HOME}/"


@pytest.mark.parametrize(
    "wanted", [HOME, f"{HOME}/", f"{HOME}/can-bo/3", f"{HOME}/nhat-ky?ai=lan&tu=2026-11-01&q=%C4%91"]
)
def test_the_way_back_keeps_a_page_with_its_filter(wanted: str) -> None:
    assert security.way_back(wanted) == wanted


async def test_what_was_asked_for_is_opened_after_signing_in(browser: Browser, hire: Hire) -> None:
    await hire("truong", Role.ADMIN)
    led = await browser.open("/nhat-ky?ai=truong&viec=dang_nhap")
    await browser.open(led.headers["location"].removeprefix(HOME))
    wanted = re.search(r'name="tiep" value="([^"]+)"', browser.seen)
    assert wanted
    fields = {"name": "truong", "password": PASSWORD, "tiep": wanted[1].replace("&amp;", "&")}
    response = await browser.send("/dang-nhap", fields)
    assert response.headers["location"] == f"{HOME}/nhat-ky?ai=truong&viec=dang_nhap"


async def test_too_much_or_no_form_is_told(browser: Browser, signed_in: SignedIn) -> None:
    await browser.open("/dang-nhap")
    response = await browser.send("/dang-nhap", {"name": "x" * 70_000})
    assert response.status_code == 413
    assert "chưa có gì được lưu" in browser.words
    lan = await signed_in("lan")
    form = {"content-type": "multipart/form-data; boundary=x"}
    broken = await lan.client.post(f"{HOME}/dang-xuat", content=b"khong phai", headers=form)
    assert broken.status_code == 400


async def test_a_page_that_does_not_exist_is_told_plainly(browser: Browser, signed_in: SignedIn) -> None:
    lan = await signed_in("truong", Role.ADMIN)
    for path, status in (("/khong-co", 404), ("/can-bo/999", 404), ("/can-bo/abc", 404), ("/can-bo/%00", 404)):
        assert (await lan.open(path)).status_code == status
        assert "Không có trang này" in lan.words
    assert (await lan.client.delete(f"{HOME}/can-bo")).status_code == 405
    assert (await browser.open("/khong-co")).status_code == 404


async def test_a_broken_database_is_told_and_no_secret_is_logged(
    services: Services, office: Office, clock: Clock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(services, routes=[console.create(replace(office, now=_broken))])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=SITE
    ) as browser:
        response = await browser.get(f"{HOME}/moi/bi-mat-cua-lien-ket")
    assert response.status_code == 503
    assert "Chương trình gặp trục trặc" in response.text
    assert f"{HOME}/moi/…" in caplog.text
    assert "bi-mat-cua-lien-ket" not in caplog.text


def _broken() -> datetime:
    raise ZeroDivisionError


async def test_an_unreachable_database_is_told(office: Office) -> None:
    away = Database.open("postgresql+psycopg://an@127.0.0.1:1/motcua")
    async with Browser(replace(office, database=away)) as browser:
        browser.take("x" * 43)
        assert (await browser.open("/")).status_code == 503
        assert "những gì đã lưu trước đó vẫn còn" in browser.words
    await away.close()


async def test_a_notice_that_we_did_not_sign_is_not_said(signed_in: SignedIn) -> None:
    lan = await signed_in("lan")
    forged = "Ki1nb2ktMDkw.00"
    for value in (forged, "", ".", "gA==.00", "x" * 3000):
        lan.client.cookies.set(security.NOTICE_COOKIE, value, path=HOME)
        assert (await lan.open("/")).status_code == 200
        assert 'class="notice"' not in lan.seen
