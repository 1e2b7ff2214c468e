"""The page about the channels, and the banner on every other page while one is dead."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.console.office import Office
from bot.officials.rights import Role
from bot.settings import Telegram
from bot.storage import channel_health, inbox, people, zalo_windows
from bot.storage.channel_health import Vitals
from tests.channels.zalo import oa_settings
from tests.conftest import NOW
from tests.console.conftest import Browser, SignedIn

REFUSED = "Telegram không nhận mã bot <b>"


@pytest.fixture
def office(office: Office) -> Office:
    settings = replace(office.config, telegram=Telegram(token="1:a"), zalo_oa=oa_settings("http://127.0.0.1:9"))
    return replace(office, config=settings)


async def told(office: Office, vitals: Vitals, *, is_dead: bool) -> None:
    async with office.database.transaction() as transaction:
        await channel_health.tell(transaction, vitals)
        if is_dead:
            await channel_health.raise_alarm(transaction, vitals, is_told=True, now=NOW)


async def test_a_dead_channel_is_told_on_every_page_until_it_lives(office: Office, signed_in: SignedIn) -> None:
    hoa = await signed_in("hoa", Role.HANDLER)
    await told(office, Vitals("telegram", NOW, trouble=REFUSED, is_final=True, failing_since=NOW), is_dead=True)
    for path in ("/", "/phan-anh", "/tai-khoan", "/tinh-trang"):
        await hoa.open(path)
        assert "Kênh Telegram không hoạt động từ thứ Hai 23/11/2026, 8:30." in hoa.words, path
    assert "Telegram Không hoạt động" in hoa.words
    assert "Telegram không nhận mã bot <b>." in hoa.words
    assert "<b>." not in hoa.seen
    async with office.database.transaction() as transaction:
        kept = (await channel_health.everything(transaction))["telegram"]
        assert await channel_health.end_alarm(transaction, kept)
    await hoa.open("/")
    assert "không hoạt động" not in hoa.words


async def test_every_page_of_an_example_says_so(office: Office, signed_in: SignedIn) -> None:
    hoa = await signed_in("hoa", Role.HANDLER)
    await hoa.open("/tinh-trang")
    assert "DỮ LIỆU MẪU" not in hoa.words
    config = replace(office.config, web=replace(office.config.web, demo=True))
    async with Browser(replace(office, config=config)) as example:
        for path in ("/dang-nhap", "/khong-co"):
            await example.open(path)
            assert "DỮ LIỆU MẪU" in example.words, path


async def test_strangers_are_told_nothing(office: Office, signed_in: SignedIn) -> None:
    await told(office, Vitals("telegram", NOW, trouble=REFUSED, is_final=True), is_dead=True)
    hoa = await signed_in("hoa", Role.ADMIN)
    hoa.client.cookies.clear()
    await hoa.open("/dang-nhap")
    assert "Telegram" not in hoa.words


async def test_what_is_known_of_each_channel_is_shown(office: Office, signed_in: SignedIn) -> None:
    async with office.database.transaction() as transaction:
        for key in "123":
            await inbox.store(transaction, "telegram", key, "{}", now=NOW)
        (first, *_) = await inbox.waiting(transaction, "telegram")
        await inbox.quarantine(transaction, first.id, "hỏng")
        for number, replies in enumerate((0, 8, 3)):
            person = await people.recognise(transaction, "zalo_oa", str(number), now=NOW)
            await zalo_windows.heard(transaction, person, at=NOW - timedelta(hours=40 + number * 5))
            for _ in range(replies):
                await zalo_windows.use_reply(transaction, person)
    await told(office, Vitals("telegram", NOW, last_update=NOW, pending=17, well_since=NOW), is_dead=False)
    truong = await signed_in("truong", Role.ADMIN)
    await truong.open("/tinh-trang")
    for words in (
        "Telegram Đang chạy",
        "Tin gần nhất thứ Hai 23/11/2026, 8:30",
        "Chờ trả lời 2 tin, cũ nhất thứ Hai 23/11/2026, 8:30",
        "Còn chờ ở Telegram 17 tin",
        "Tin lỗi để riêng 1 tin",
        "Zalo OA Chưa chạy lần nào",
        "Zalo Bot Tắt",
    ):
        assert words in truong.words, words
    await told(office, Vitals("zalo_oa", NOW), is_dead=False)
    await truong.open("/tinh-trang")
    assert "Quyền gửi tin chưa lấy lần nào" in truong.words
    assert "còn được với 1 người; 1 người đã hết lượt" in truong.words


@pytest.mark.parametrize("left", [1_997, 12, None])
async def test_what_is_left_of_an_accounts_quota_is_shown(
    office: Office, signed_in: SignedIn, left: int | None
) -> None:
    total = None if left is None else 2_000
    await told(office, Vitals("zalo_oa", NOW, quota_at=NOW, quota_left=left, quota_total=total), is_dead=False)
    hoa = await signed_in("hoa", Role.ADMIN)
    await hoa.open("/tinh-trang")
    said = "không rõ" if left is None else f"còn {'1.997' if left > 12 else left} trên 2.000 tin"
    assert f"Hạn mức ngoài phần miễn phí {said} (hỏi lúc 08:30 23/11" in hoa.words
    assert ("Sắp hết" in hoa.words) is (left == 12)


@pytest.mark.parametrize("days", [0, 6, 9])
async def test_what_is_known_of_a_webhook_is_shown(office: Office, signed_in: SignedIn, days: int) -> None:
    await told(office, Vitals("zalo_oa", NOW, last_update=NOW - timedelta(days=days)), is_dead=False)
    await told(office, Vitals("telegram", NOW, last_update=NOW - timedelta(days=99)), is_dead=False)
    hoa = await signed_in("hoa", Role.ADMIN)
    await hoa.open("/tinh-trang")
    assert hoa.words.count("Webhook") == 1, "Telegram is asked"
    at = {0: "thứ Hai 23/11", 6: "thứ Ba 17/11", 9: "thứ Bảy 14/11"}[days]
    said = f"Webhook Zalo không cho biết webhook còn bật hay không; từ {at}/2026, 8:30 chưa có tin nào khác."
    assert said in hoa.words
    remark = "Đã 9 ngày không nhận được tin nào: xem webhook trong trang của Zalo còn bật không."
    assert (remark in hoa.words) is (days == 9)
    assert "Zalo OA Đang chạy" in hoa.words, "a quiet commune is no fault"
