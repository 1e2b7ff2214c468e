"""Signing in and the one-time links, as they are before a browser."""

import re

import pyotp
import pytest

from bot.console.app import TRIES_AT_ONCE
from bot.console.office import Office
from bot.officials import invitations, signing_in
from bot.officials.rights import Role
from bot.storage.database import Database
from tests.console.conftest import HOME, Browser, SignedIn, requiring_second_factor
from tests.officials.conftest import PASSWORD, Clock, Hire

NEW = "nam cay cau truoc ngo"


async def turn_on(browser: Browser, clock: Clock) -> tuple[pyotp.TOTP, list[str]]:
    """Turn the second factor on in the page; return the app and the recovery codes that were shown."""
    await browser.open("/tai-khoan/hai-buoc")
    secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', browser.seen)
    assert secret
    assert "<svg" in browser.seen
    app = pyotp.TOTP(secret[1])
    fields = {"secret": secret[1], "code": app.at(clock()), "current": PASSWORD}
    assert (await browser.send("/tai-khoan/hai-buoc", fields)).status_code == 200
    clock.forward(seconds=90)
    return app, re.findall(r"<code>([\w-]{19})</code>", browser.seen)


async def test_the_token_from_before_signing_in_opens_nothing_after(browser: Browser, hire: Hire) -> None:
    """Session fixation: whoever planted a cookie must not be signed in with its owner."""
    await hire("lan")
    planted = "planted-planted-planted-planted-planted-123"
    browser.take(planted)
    response = await browser.sign_in("lan")
    assert response.headers["location"] == f"{HOME}/"
    assert browser.cookie != planted
    assert (await browser.open("/")).status_code == 200
    browser.take(planted)
    assert (await browser.open("/")).status_code == 303


async def test_a_stolen_cookie_is_worth_nothing_after_signing_out(signed_in: SignedIn, office: Office) -> None:
    lan = await signed_in("lan")
    async with Browser(office) as thief:
        thief.take(lan.cookie)
        assert (await thief.open("/")).status_code == 200
        await lan.open("/tai-khoan")
        out = await lan.send("/dang-xuat")
        assert out.headers["location"] == f"{HOME}/dang-nhap"
        assert lan.cookie == ""
        assert (await thief.open("/")).status_code == 303


async def test_every_refusal_reads_the_same(browser: Browser, hire: Hire) -> None:
    await hire("lan")
    await hire("moi", password=None)
    seen = set()
    for name in ("lan", "moi", "khong.co"):
        response = await browser.sign_in(name, "không phải")
        assert response.status_code == 422
        seen.add(re.sub(r'value="[^"]*"', "", browser.seen))
    for _ in range(signing_in.FREE_ATTEMPTS):
        await browser.sign_in("lan", "không phải")
    await browser.sign_in("lan")
    seen.add(re.sub(r'value="[^"]*"', "", browser.seen))
    assert len(seen) == 1
    assert "chưa đúng" in browser.words


async def test_a_flood_of_tries_is_slowed_down(browser: Browser) -> None:
    await browser.open("/dang-nhap")
    answers = [303]
    while answers[-1] == 303 and len(answers) < 2 * TRIES_AT_ONCE:
        answers.append((await browser.send("/dang-nhap/ma", {"code": "1"})).status_code)
    assert len(answers) > TRIES_AT_ONCE
    assert answers[-1] == 429
    assert "Xin chậm lại" in browser.words
    assert (await browser.sign_in("lan")).headers["retry-after"]


async def test_with_the_second_factor_a_password_opens_nothing_and_a_code_is_taken_once(
    signed_in: SignedIn, office: Office, clock: Clock
) -> None:
    lan = await signed_in("lan", Role.ADMIN)
    await lan.open("/")
    assert "chưa có xác thực hai bước" in lan.words
    app, codes = await turn_on(lan, clock)
    assert len(codes) == 10
    await lan.open("/tai-khoan")
    assert "chưa có xác thực hai bước" not in lan.words
    assert not any(code in lan.seen for code in codes), "shown once"

    used = app.at(clock())
    for code, good in ((used, True), (used, False), (codes[0], True), (codes[0], False)):
        async with Browser(office) as browser:
            half = await browser.sign_in("lan")
            assert half.headers["location"].startswith(f"{HOME}/dang-nhap/ma")
            assert (await browser.open("/")).status_code == 303
            await browser.open("/dang-nhap/ma")
            before = browser.cookie
            response = await browser.send("/dang-nhap/ma", {"code": code, "tiep": f"{HOME}/tai-khoan"})
            assert response.status_code == (303 if good else 422)
            if good:
                assert response.headers["location"] == f"{HOME}/tai-khoan"
                assert browser.cookie != before
            assert (await browser.open("/")).status_code == (200 if good else 303)


async def test_the_code_comes_too_late(signed_in: SignedIn, office: Office, clock: Clock) -> None:
    app, _ = await turn_on(await signed_in("lan"), clock)
    async with Browser(office) as browser:
        await browser.sign_in("lan")
        await browser.open("/dang-nhap/ma")
        clock.forward(minutes=10)
        late = await browser.send("/dang-nhap/ma", {"code": app.at(clock())})
        assert late.headers["location"] == f"{HOME}/dang-nhap"
        await browser.open("/dang-nhap")
        assert "Đã quá mười phút" in browser.words
        assert (await browser.open("/dang-nhap/ma")).status_code == 303


async def test_turning_it_on_needs_the_password_and_a_code_and_off_the_password(
    signed_in: SignedIn, clock: Clock
) -> None:
    lan = await signed_in("lan")
    await lan.open("/tai-khoan/hai-buoc")
    secret = pyotp.random_base32()
    for fields, told in (
        ({"code": pyotp.TOTP(secret).at(clock()), "current": "sai"}, "Mật khẩu hiện nay chưa đúng"),
        ({"code": "không", "current": PASSWORD}, "Mã 6 số chưa đúng"),
    ):
        response = await lan.send("/tai-khoan/hai-buoc", {"secret": secret, **fields})
        assert response.status_code == 422
        assert told in lan.words
        assert secret in lan.seen, "the app that was set up stays good"
    assert (await lan.send("/tai-khoan/hai-buoc", {"secret": "<b>", "code": "1"})).status_code == 303
    await turn_on(lan, clock)
    assert (await lan.open("/tai-khoan/hai-buoc")).headers["location"] == f"{HOME}/tai-khoan"
    await lan.open("/tai-khoan/hai-buoc/tat")
    assert (await lan.send("/tai-khoan/hai-buoc/tat", {"current": "sai"})).status_code == 422
    assert (await lan.send("/tai-khoan/hai-buoc/tat", {"current": PASSWORD})).status_code == 303
    await lan.open("/tai-khoan")
    assert "Đã tắt xác thực hai bước" in lan.words
    assert "Chưa bật" in lan.words


async def test_where_it_is_required_nothing_else_is_open_before(office: Office, hire: Hire, clock: Clock) -> None:
    await hire("lan", Role.ADMIN)
    async with Browser(requiring_second_factor(office)) as lan:
        await lan.sign_in("lan")
        for path in ("/", "/can-bo", "/tai-khoan"):
            assert (await lan.open(path)).headers["location"] == f"{HOME}/tai-khoan/hai-buoc"
        await turn_on(lan, clock)
        assert (await lan.open("/can-bo")).status_code == 200


async def first_link(office: Office) -> str:
    async with office.database.transaction() as transaction:
        token = await invitations.first_administrator(transaction, now=office.now())
    assert token
    return f"/moi/{token}"


async def test_the_first_administrator_makes_an_account_and_invites_a_colleague(
    browser: Browser, office: Office
) -> None:
    link = await first_link(office)
    await browser.open(link)
    typed = {"full_name": "Nguyễn Văn Trường", "name": "truong"}
    for wrong, told in (
        ({"password": "ngắn", "again": "ngắn"}, "ít nhất 14"),
        ({"password": PASSWORD, "again": NEW}, "chưa giống nhau"),
        ({"password": PASSWORD, "again": PASSWORD, "name": "có dấu"}, "viết không dấu"),
        ({"password": PASSWORD, "again": PASSWORD, "full_name": " "}, "họ và tên"),
    ):
        assert (await browser.send(link, typed | wrong)).status_code == 422
        assert told in browser.words
        assert PASSWORD not in browser.seen
    assert "Nguyễn Văn Trường" not in browser.seen
    done = await browser.send(link, typed | {"password": PASSWORD, "again": PASSWORD})
    assert done.headers["location"] == f"{HOME}/dang-nhap"
    await browser.open("/dang-nhap")
    assert "Đã đặt mật khẩu" in browser.words
    assert (await browser.open(link)).status_code == 410
    await browser.sign_in("truong")

    await browser.open("/can-bo/moi")
    lan = {"name": "lan", "full_name": "Nguyễn Thị Lan", "unit": "Văn phòng", "roles": ["tiep_nhan", "xu_ly"]}
    assert (await browser.send("/can-bo/moi", lan)).status_code == 200
    given = re.search(r"http://quan-tri\.xa/quan-tri(/moi/[\w-]{43})", browser.seen)
    assert given
    async with Browser(office) as colleague:
        await colleague.open(given[1])
        assert "Nguyễn Thị Lan" in colleague.words
        fields = {"password": NEW, "again": NEW}
        assert (await colleague.send(given[1], fields)).status_code == 303
        assert (await colleague.client.post(HOME + given[1], data=fields)).status_code == 403
        assert (await colleague.open(given[1])).status_code == 410, "used up"
        assert (await colleague.sign_in("lan", NEW)).headers["location"] == f"{HOME}/"
        await colleague.open("/")
        assert "Cán bộ" not in re.sub("Trang của cán bộ", "", colleague.words)


@pytest.mark.parametrize("token", ["x", "x" * 43, "%00", "' or 1=1"])
async def test_a_made_up_link_is_told_and_asks_for_nothing(browser: Browser, token: str) -> None:
    response = await browser.open(f"/moi/{token}")
    assert response.status_code == 410
    assert "không còn dùng được" in browser.words
    assert "<form" not in browser.seen


async def test_a_link_outlived_by_a_day_is_void(
    browser: Browser, office: Office, clock: Clock, database: Database
) -> None:
    link = await first_link(office)
    await browser.open(link)
    clock.forward(hours=24)
    fields = {"name": "truong", "full_name": "T", "password": PASSWORD, "again": PASSWORD}
    assert (await browser.send(link, fields)).status_code == 410
