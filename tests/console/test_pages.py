"""What the pages show and change: one's own account, the officials, the audit log."""

import re
from dataclasses import replace

import pytest

from bot.console import listing, words
from bot.console.office import Office
from bot.officials import accounts
from bot.officials.auditing import Action
from bot.officials.rights import Role
from bot.storage import audit
from bot.storage.audit import Entry, Filter
from bot.storage.database import Database
from tests.conftest import NOW
from tests.console.conftest import HOME, Browser, Elements, SignedIn
from tests.officials.conftest import PASSWORD, Clock, Hire

NEW = "nam cay cau truoc ngo"
XSS = "<img src=x onerror=alert(1)>\"'{{7*7}}"


def test_every_role_and_action_has_its_words() -> None:
    assert set(words.ROLES) == set(words.DUTIES) == set(Role)
    assert set(Action) <= set(words.ACTIONS)


def test_moments_and_changes_are_written_as_people_do() -> None:
    assert words.moment(NOW) == "thứ Hai 23/11/2026, 8:30"
    assert words.said({"from": ["xu_ly"], "to": ["xu_ly", "quan_tri"]}) == "Xử lý → Xử lý, Quản trị"
    assert words.said("") == "(trống)"
    assert words.said(3) == "3"


async def test_the_first_page_says_what_comes_here_and_then_what_waits(signed_in: SignedIn, hire: Hire) -> None:
    truong, lan = await signed_in("truong", Role.ADMIN), await signed_in("lan", Role.INTAKE)
    for browser in (truong, lan):
        assert (await browser.client.get(HOME)).headers["location"].endswith(f"{HOME}/")
        await browser.open("/")
        assert "Không có việc nào đang chờ" in browser.words
    await hire("moi", password=None)
    await truong.open("/")
    assert "Cán bộ chưa đặt mật khẩu 1" in truong.words
    await lan.open("/")
    assert "chưa đặt mật khẩu" not in lan.words


async def test_the_navigation_shows_what_one_may_open_and_where_one_is(signed_in: SignedIn) -> None:
    truong, lan = await signed_in("truong", Role.ADMIN), await signed_in("lan", Role.INTAKE)
    await truong.open("/can-bo/1")
    links = [a for a in Elements(truong.seen).all("a") if a.get("aria-current")]
    assert [a["href"] for a in links] == [f"{HOME}/can-bo"]
    await lan.open("/them")
    hrefs = {a["href"] for a in Elements(lan.seen).all("a")}
    assert {f"{HOME}/", f"{HOME}/tai-khoan"} <= hrefs
    assert not {f"{HOME}/can-bo", f"{HOME}/nhat-ky"} & hrefs


async def test_a_password_is_changed_with_the_old_one_and_others_are_signed_out(
    signed_in: SignedIn, office: Office
) -> None:
    lan = await signed_in("lan")
    async with Browser(office) as elsewhere:
        await elsewhere.sign_in("lan")
        await lan.open("/tai-khoan")
        for fields, told in (
            ({"current": "sai", "password": NEW, "again": NEW}, "Mật khẩu hiện nay chưa đúng"),
            ({"current": PASSWORD, "password": NEW, "again": "khác"}, "chưa giống nhau"),
            ({"current": PASSWORD, "password": "ngắn", "again": "ngắn"}, "ít nhất 14"),
        ):
            assert (await lan.send("/tai-khoan/mat-khau", fields)).status_code == 422
            assert told in lan.words
        fields = {"current": PASSWORD, "password": NEW, "again": NEW}
        assert (await lan.send("/tai-khoan/mat-khau", fields)).status_code == 303
        await lan.open("/tai-khoan")
        assert "Đã đổi mật khẩu" in lan.words
        await lan.open("/tai-khoan")
        assert "Đã đổi mật khẩu" not in lan.words, "said once"
        assert (await elsewhere.open("/")).status_code == 303
        assert (await elsewhere.sign_in("lan")).status_code == 422
        assert (await elsewhere.sign_in("lan", NEW)).status_code == 303


async def test_ones_sessions_are_listed_and_ended(signed_in: SignedIn, office: Office, hire: Hire) -> None:
    lan, minh = await signed_in("lan"), await signed_in("minh")
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
    async with Browser(office) as phone, Browser(office) as third:
        phone.client.headers["user-agent"] = agent
        await phone.sign_in("lan")
        await third.sign_in("lan")
        await lan.open("/tai-khoan")
        assert "Chrome trên Android" in lan.words
        ends = re.findall(r'action="/quan-tri(/tai-khoan/phien/\d+)"', lan.seen)
        assert len(ends) == 2
        await minh.open("/tai-khoan")
        for path in (*ends, "/tai-khoan/phien/999", "/tai-khoan/phien/khong"):
            await minh.send(path)
        assert (await phone.open("/")).status_code == 200, "nobody else ends it"
        await lan.send(ends[0])
        assert sorted([(await phone.open("/")).status_code, (await third.open("/")).status_code]) == [200, 303]
        await lan.send("/tai-khoan/phien-khac")
        assert (await phone.open("/")).status_code == (await third.open("/")).status_code == 303
        assert (await lan.open("/")).status_code == 200


async def test_telegram_is_linked_by_a_code_where_there_is_a_bot(signed_in: SignedIn, office: Office) -> None:
    lan = await signed_in("lan")
    await lan.open("/tai-khoan")
    assert "tài khoản Telegram" not in lan.words
    telegram = replace(office.config.telegram, token="1:a")
    async with Browser(replace(office, config=replace(office.config, telegram=telegram))) as with_bot:
        await with_bot.sign_in("lan")
        await with_bot.open("/tai-khoan")
        await with_bot.send("/tai-khoan/telegram")
        assert re.search(r"/lienket \w{4}-\w{4}", with_bot.words)
        async with office.database.transaction() as transaction:
            account = await accounts.find(transaction, "lan")
            await accounts.link_telegram(transaction, account, "4242", now=NOW)
        await with_bot.open("/tai-khoan")
        assert "4242" in with_bot.words
        await with_bot.send("/tai-khoan/telegram/go")
        await with_bot.open("/tai-khoan")
        assert "4242" not in with_bot.words


async def test_an_administrator_changes_shuts_and_opens_accounts(signed_in: SignedIn, database: Database) -> None:
    truong, lan = await signed_in("truong", Role.ADMIN), await signed_in("lan")
    assert (await lan.open("/can-bo")).status_code == 403
    await truong.open("/can-bo")
    assert "Lan" in truong.words
    await truong.open("/can-bo/2")
    typed = {"full_name": "Nguyễn Thị Lan", "unit": "Văn phòng", "roles": ["xu_ly", "quan_tri"]}
    assert (await truong.send("/can-bo/2", typed)).headers["location"] == f"{HOME}/can-bo/2"
    await truong.open("/can-bo/2")
    assert "có hiệu lực ngay" in truong.words
    assert (await lan.open("/can-bo")).status_code == 200, "at once"

    assert (await truong.send("/can-bo/2", typed | {"roles": []})).status_code == 422
    assert "chọn vai trò" in truong.words
    assert 'value="Văn phòng"' in truong.seen, "what was typed stays"

    await truong.send("/can-bo/2/khoa")
    assert (await lan.open("/")).status_code == 303
    assert (await lan.sign_in("lan")).status_code == 422
    await truong.open("/can-bo/2")
    assert "đã khóa" in truong.words
    await truong.send("/can-bo/2/mo")
    assert (await lan.sign_in("lan")).status_code == 303
    async with database.transaction() as transaction:
        done = [e.action for e in await audit.entries(transaction, Filter(name="truong", subject="lan"), limit=9)]
    assert done == [Action.ENABLED, Action.DISABLED, Action.PROFILE_CHANGED]


async def test_the_last_administrator_cannot_shut_themselves_out(signed_in: SignedIn) -> None:
    truong = await signed_in("truong", Role.ADMIN)
    await truong.open("/can-bo/1")
    assert (await truong.send("/can-bo/1/khoa")).status_code == 422
    assert "ít nhất một người quản trị" in truong.words
    typed = {"full_name": "Trường", "unit": "", "roles": ["lanh_dao"]}
    assert (await truong.send("/can-bo/1", typed)).status_code == 422
    assert (await truong.open("/can-bo")).status_code == 200


async def test_names_are_never_markup(signed_in: SignedIn) -> None:
    truong = await signed_in("truong", Role.ADMIN)
    await truong.open("/can-bo/moi")
    typed = {"name": "xau", "full_name": XSS, "unit": XSS, "roles": ["xu_ly"]}
    await truong.send("/can-bo/moi", typed | {"name": XSS})
    assert XSS in truong.words or XSS in [i.get("value") for i in Elements(truong.seen).all("input")]
    await truong.send("/can-bo/moi", typed)
    for path in ("/can-bo", "/can-bo/2", "/nhat-ky", f"/can-bo?q={XSS}", f"/nhat-ky?ve={XSS}"):
        await truong.open(path)
        elements = Elements(truong.seen)
        assert [i.get("src") for i in elements.all("img")] == ["/static/dau.svg"], path
        assert "49" not in truong.words


async def test_somebody_is_found_by_name_or_unit(signed_in: SignedIn, hire: Hire) -> None:
    truong = await signed_in("truong", Role.ADMIN)
    await hire("minh", unit="Địa chính")
    await truong.open("/can-bo?q=DIA chinh")
    assert "Minh" in truong.words
    assert "/can-bo/1" not in truong.seen
    await truong.open("/can-bo?q=khong-ai-ca")
    assert "Không có cán bộ nào khớp với “khong-ai-ca”" in truong.words


async def test_the_log_is_filtered_and_paged(signed_in: SignedIn, database: Database, clock: Clock) -> None:
    lanh_dao = await signed_in("hoa", Role.LEADER)
    async with database.transaction() as transaction:
        for number in range(listing.SIZE + 1):
            await audit.record(transaction, Entry(NOW, None, "hoa", "dang_nhap", f"PA-{number}", {"left": number}))
    await lanh_dao.open("/nhat-ky?ai=hoa&viec=dang_nhap")
    assert "PA-50" in lanh_dao.words
    assert re.search(r"PA-0\b", lanh_dao.words) is None
    (older,) = [a["href"] for a in Elements(lanh_dao.seen).all("a") if a.get("rel") == "next"]
    assert older == "?ai=hoa&viec=dang_nhap&trang=2"
    await lanh_dao.open(f"/nhat-ky{older}")
    assert re.search(r"PA-0\b", lanh_dao.words)
    await lanh_dao.open("/nhat-ky?ve=PA-7")
    assert "còn lại: 7" in lanh_dao.words
    await lanh_dao.open("/nhat-ky?tu=2026-11-24")
    assert "Không có dòng nào khớp" in lanh_dao.words


@pytest.mark.parametrize(
    "query", ["trang=0", "trang=-1", "trang=9999999999", "trang=²", "tu=hôm-qua", "ai=%00", "tu=%FF"]
)
async def test_a_strange_address_breaks_no_list(signed_in: SignedIn, query: str) -> None:
    truong = await signed_in("truong", Role.ADMIN)
    for path in ("/nhat-ky", "/can-bo"):
        assert (await truong.open(f"{path}?{query}")).status_code == 200
