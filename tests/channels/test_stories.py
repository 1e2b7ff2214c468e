"""What a case, one's data and announcements ask of a channel: the same on the web, on Telegram, on both of Zalo's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.cases.model import Result
from bot.cases.moves import Name
from bot.channels.web.app import create_app
from bot.messages import Channel
from bot.storage.announcements import State
from bot.storage.case_tables import attachments, case_events, case_ratings, cases, consents
from bot.storage.tables import questions
from handlers.services import Services
from tests.broadcasting.shared import Commune
from tests.channels.chats import SITE, BotChat, Chat, OaChat, Seen, TelegramChat, asked_who, on_the_web
from tests.channels.shared import Desk, FlyingTime, with_telegram
from tests.channels.web.visiting import Page
from tests.channels.zalo import NOW_MS, bot_at_work, oa_at_work, with_bot, with_oa
from tests.doubles import FakeTelegram
from tests.doubles_zalo import FakeOa
from tests.doubles_zalo_bot import FakeBotPlatform
from tests.doubles_zalo_cdn import FakeCdn
from tests.handlers.citizens import rows
from tests.handlers.feedback.telling import does, the_case


@dataclass
class Place:
    """A citizen's chat on a channel, and the channel as the worker uses it."""

    chat: Chat
    services: Services
    name: str
    channel: Channel
    seen: Seen = Seen("", [])

    async def say(self, text: str) -> str:
        self.seen = await self.chat.say(text)
        return self.seen.text

    async def press(self, label: str) -> str:
        self.seen = await self.chat.press(dict(self.seen.choices)[label])
        return self.seen.text

    async def files(self) -> str:
        """File a report with a photo, name and number; return its code."""
        self.seen = await asked_who(self.chat)
        self.seen = await self.chat.send("photo")
        await self.say("Nguyễn Thị Lan, 0912 345 678")
        await self.press("Gửi")
        return (await the_case(self.services)).code


@pytest.fixture(params=["web", "telegram", "zalo_oa", "zalo_bot"])
async def lan(
    request: pytest.FixtureRequest, services: Services, time: FlyingTime, cdn: FakeCdn
) -> AsyncIterator[Place]:
    if request.param == "web":
        async with on_the_web(services) as chat:
            yield Place(chat, services, "web", chat._channel)
    elif request.param == "telegram":
        async with FakeTelegram() as telegram, Desk(with_telegram(services, telegram.url)) as desk:
            yield Place(TelegramChat(telegram.person("bà Lan"), desk), services, "telegram", desk.channel)
    elif request.param == "zalo_oa":
        async with FakeOa(now_ms=NOW_MS) as zalo, oa_at_work(with_oa(services, zalo.url), zalo) as oa:
            yield Place(OaChat(zalo.person(), oa), services, "zalo_oa", oa.work.channel)
    else:
        async with FakeBotPlatform() as platform, bot_at_work(with_bot(services, platform.url), platform) as bot:
            yield Place(BotChat(platform.person(), bot), services, "zalo_bot", bot.work.channel)


async def test_a_finished_case_is_rated_where_it_was_sent_from(lan: Place) -> None:
    code = await lan.files()
    await does(lan.services, Name.ACCEPT)
    await does(lan.services, Name.START)
    await does(lan.services, Name.ANSWER, text="Đã thay bóng.", result=Result.DONE, evidence="ảnh")
    assert "Đã thay bóng." in await lan.say(code)
    await lan.press("Đã xong")
    for _ in range(5):
        await lan.press("Hài lòng")
    assert [row["score"] for row in await rows(lan.services, case_ratings)] == [4] * 5


async def test_a_case_is_seen_and_followed_on_the_web(lan: Place) -> None:
    code = await lan.files()
    transport = httpx.ASGITransport(create_app(lan.services))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as browser:
        page = await browser.get(f"/tra-cuu/{code}")
    assert page.status_code == 200
    assert code in Page(page).words
    assert "Lan" not in Page(page).words
    async with on_the_web(lan.services) as web:
        seen = await web.say(f"mã {code}")
        seen = await web.press(dict(seen.choices)["Nhận tin tại đây"])
        assert "Đã nối" in (await web.say("0912 345 678")).text
        seen = await web.say(code)
        await web.press(dict(seen.choices)["Bổ sung"])
        assert "Đã bổ sung" in (await web.say("cột đèn số 12")).text
    assert "cột đèn số 12" in str(await rows(lan.services, case_events))
    (photo,) = await rows(lan.services, attachments)
    assert photo["kind"] == "photo"


async def test_one_sees_and_deletes_ones_data(lan: Place) -> None:
    await lan.files()
    await lan.say("đăng ký kết hôn cần giấy tờ gì")
    assert "Nguyễn Thị Lan" in await lan.say("XEM DỮ LIỆU")
    assert (await rows(lan.services, questions)) != []
    await lan.say("XÓA")
    await lan.press("Xóa dữ liệu của tôi")
    assert await rows(lan.services, questions) == []
    assert len(await rows(lan.services, cases)) == 1, "an open case stays until it is done"


async def test_one_takes_the_agreement_back(lan: Place) -> None:
    await lan.files()
    await lan.say("RÚT ĐỒNG Ý")
    assert "Đã rút đồng ý" in await lan.press("Nhận và giải quyết phản ánh")
    (consent,) = await rows(lan.services, consents)
    assert consent["withdrawn_at"] is not None


async def test_an_announcement_comes_until_one_stops(lan: Place, tmp_path: Path) -> None:
    await lan.say("/thongbao")
    await lan.press("Khẩn cấp, thiên tai" if "Khẩn cấp, thiên tai" in dict(lan.seen.choices) else _urgent(lan.seen))
    commune = Commune(lan.services.database, tmp_path)
    first = await commune.announce(urgent="bão", title="Bão số 9")
    assert await commune.send_all({lan.name: lan.channel}, first) == {"delivered": 1}
    assert "Đã dừng" in await lan.say("DỪNG")
    second = await commune.announce(urgent="bão", title="Bão số 10")
    await commune.send_all({lan.name: lan.channel}, second)
    assert (await commune.find(second)).state is State.FINISHED
    assert "delivered" not in await commune.counts(second)


def _urgent(seen: Seen) -> str:
    return next(label for label, _ in seen.choices if "hẩn cấp" in label)
