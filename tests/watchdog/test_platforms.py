"""Each channel as its platform dies under it: what is told, and that the alarm arrives on another channel."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.telegram.service import TelegramChannel
from bot.channels.zalo_bot.service import ZaloBotChannel
from bot.channels.zalo_oa.service import ZaloOaChannel
from bot.health import Quota
from bot.messages import DeliveryError
from bot.notices import Courier
from bot.officials import accounts, invitations
from bot.officials.auditing import Action
from bot.storage import audit, channel_health, official_chats, officials, people
from bot.storage.audit import Filter
from bot.storage.channel_health import Vitals
from bot.storage.officials import Profile
from bot.watchdog.loop import Watchdog
from handlers.services import Services
from tests.channels.conftest import _no_certificates
from tests.channels.shared import with_telegram
from tests.channels.zalo import NOW_MS, SITE, bot_at_work, with_bot, with_oa
from tests.conftest import NOW
from tests.doubles import FakeTelegram
from tests.doubles_zalo import FakeOa
from tests.doubles_zalo_bot import BotFriend, FakeBotPlatform
from tests.telegram_groups import Group

__all__ = ["_no_certificates"]

Platform = TelegramChannel | ZaloBotChannel | ZaloOaChannel


@dataclass
class House:
    """An installation with every channel, in one process; the clock is the test's."""

    services: Services
    telegram: FakeTelegram
    oa: FakeOa
    bot: FakeBotPlatform
    group: Group
    now: datetime = NOW

    async def goes_on(self, minutes: int) -> dict[str, Vitals]:
        """Let minutes pass; return what every process now knows of the channels."""
        services = replace(self.services, now=lambda: self.now)
        channels: list[Platform] = [TelegramChannel(services), ZaloBotChannel(services), ZaloOaChannel(services)]
        asks = {channel.name: channel.examine for channel in channels}
        dog = Watchdog(services.config, services.database, services.texts, services.health, asks, now=services.now)
        courier = Courier(services.database, {channel.name: channel for channel in channels}, now=services.now)
        for _ in range(minutes):
            await dog.go_round()
            await courier.send_due()
            self.now += timedelta(minutes=1)
        for channel in channels:
            await channel.close()
        async with services.database.transaction() as transaction:
            return await channel_health.everything(transaction)

    async def hire(self, friend: BotFriend) -> None:
        """Let an official be reached on the Zalo Bot."""
        async with self.services.database.transaction() as transaction:
            official = await officials.create(transaction, "hoa", Profile("Hoa", ("quan_tri",), ""), now=NOW)
            assert official
            person = await people.recognise(transaction, "zalo_bot", friend.id, now=NOW)
            await official_chats.link(transaction, official, person, now=NOW)


@asynccontextmanager
async def platforms() -> AsyncIterator[tuple[FakeTelegram, FakeOa, FakeBotPlatform]]:
    async with FakeTelegram() as telegram, FakeOa(now_ms=NOW_MS) as oa, FakeBotPlatform() as bot:
        yield telegram, oa, bot


@pytest.fixture
async def house(services: Services) -> AsyncIterator[House]:
    async with platforms() as (telegram, oa, bot):
        group = Group(telegram)
        services = with_bot(with_oa(with_telegram(services, telegram.url), oa.url), bot.url, mode="polling")
        config = replace(services.config, telegram=replace(services.config.telegram, staff_chat=str(group.id)))
        yield House(replace(services, config=config), telegram, oa, bot, group)


async def test_all_is_well_and_nobody_is_told(house: House) -> None:
    known = await house.goes_on(2)
    assert {name: row.trouble for name, row in known.items()} == {"telegram": "", "zalo_bot": "", "zalo_oa": ""}
    assert known["telegram"].pending == 0
    assert {row.webhook for row in known.values()} == {None}, "two are asked, and the account's Zalo does not tell"
    assert house.group.seen == []


async def test_telegrams_death_is_told_on_zalo_and_so_is_its_return(house: House) -> None:
    hoa = house.bot.person()
    await house.hire(hoa)
    house.telegram.fail("getWebhookInfo", 401, "Unauthorized", times=4)
    known = await house.goes_on(4)
    assert known["telegram"].dead_since == NOW
    assert [message.text.split("\n")[:2] for message in hoa.seen] == [
        [
            "Kênh Telegram không hoạt động",
            "Telegram không nhận mã bot; lấy mã mới từ @BotFather, đặt lại MOTCUA_TELEGRAM__TOKEN.",
        ]
    ]
    await house.goes_on(7)
    assert "đã hoạt động trở lại" in hoa.seen[1].text
    assert len(hoa.seen) == 2
    assert house.group.seen == [], "told on another channel only"


async def test_a_telegram_that_is_away_is_dead_after_some_minutes(house: House) -> None:
    house.telegram.fail("getWebhookInfo", 502, "Bad Gateway", times=10**6)
    assert (await house.goes_on(5))["telegram"].dead_since is None
    assert (await house.goes_on(1))["telegram"].dead_since == NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("webhook", "pending", "trouble"),
    [
        (None, False, "Telegram chưa gọi webhook"),
        ("https://noi-khac.xa/webhook/telegram", False, "Telegram gọi webhook ở chỗ khác"),
        (f"{SITE}/webhook/telegram", False, ""),
        (f"{SITE}/webhook/telegram", True, "Telegram gọi webhook bị lỗi: Connection timed out"),
    ],
)
async def test_a_webhook_is_judged_as_telegram_reports_it(
    house: House, webhook: str | None, pending: bool, trouble: str
) -> None:
    settings = replace(house.services.config.telegram, mode="webhook")
    house.services = replace(house.services, config=replace(house.services.config, telegram=settings))
    house.telegram.webhook = {"url": webhook} if webhook else None
    if pending:
        house.telegram.person("bà Lan").say("xin chào")
    error = {"last_error_date": int(NOW.astimezone(UTC).timestamp()), "last_error_message": "Connection timed out"}
    house.telegram.webhook_trouble = error
    assert (await house.goes_on(1))["telegram"].trouble.startswith(trouble)
    known = (await house.goes_on(1))["telegram"]
    assert (bool(known.trouble), known.webhook) == (bool(trouble), not trouble)


async def test_a_zalo_bot_that_is_refused_is_told_in_the_group(house: House) -> None:
    house.bot.fail("getMe", 401, "Unauthorized", times=3)
    assert (await house.goes_on(3))["zalo_bot"].dead_since == NOW
    assert [said.text.split("\n")[0] for said in house.group.seen] == ["Kênh Zalo Bot không hoạt động"]


async def test_a_zalo_bots_webhook_is_asked_for(house: House) -> None:
    settings = replace(house.services.config.zalo_bot, mode="webhook")
    house.services = replace(house.services, config=replace(house.services.config, zalo_bot=settings))
    known = (await house.goes_on(1))["zalo_bot"]
    assert (known.trouble, known.webhook) == ("Zalo chưa gọi webhook", False)
    house.bot.set_to = {"url": f"{SITE}/webhook/zalo-bot"}
    known = (await house.goes_on(1))["zalo_bot"]
    assert (known.trouble, known.webhook) == ("", True)


async def test_an_account_whose_chain_is_lost_is_told_in_the_group(house: House) -> None:
    house.oa.refresh_token = "cua-ai-do"
    known = await house.goes_on(3)
    assert known["zalo_oa"].dead_since == NOW
    assert "zalo-mat-quyen.md" in known["zalo_oa"].trouble
    assert [said.text.split("\n")[0] for said in house.group.seen] == ["Kênh Zalo OA không hoạt động"]


async def test_an_account_without_money_is_in_trouble_until_something_is_sent(house: House) -> None:
    channel = ZaloOaChannel(house.services)
    friend = house.oa.person()
    house.oa.fail("send", -321, "Out of money")
    with pytest.raises(DeliveryError):
        await channel.client.send(friend.id, {"text": "a"})
    assert (await channel.examine()).is_final
    assert "hết tiền" in (await channel.examine()).trouble, "asking does not find out"
    await channel.client.send(friend.id, {"text": "b"})
    assert (await channel.examine()).trouble == ""
    house.oa.fail("getoa", 503)
    assert not (await channel.examine()).is_final
    await channel.close()


async def test_what_is_left_of_an_accounts_quota_is_kept_with_the_moment_it_was_asked(house: House) -> None:
    assert (await house.goes_on(30))["zalo_oa"].quota == Quota(NOW, 1_997, 2_000)
    house.oa.fail("quota", 503, times=9)
    known = await house.goes_on(1)
    assert known["zalo_oa"].quota == Quota(NOW, 1_997, 2_000), "the last that was told"
    assert (known["zalo_bot"].quota, known["zalo_oa"].trouble) == (None, "")


async def test_no_secret_is_in_what_is_told(house: House) -> None:
    for fake, call in ((house.telegram, "getWebhookInfo"), (house.bot, "getMe")):
        fake.fail(call, 500, f"at {house.services.config.telegram.token}{house.services.config.zalo_bot.token}")
    house.oa.fail("refresh", 500, "khoa-ung-dung")
    known = str(await house.goes_on(1))
    config = house.services.config
    for secret in (config.telegram.token, config.zalo_bot.token, config.zalo_oa.secret, config.zalo_oa.refresh_token):
        assert secret not in known


async def test_an_official_links_their_zalo_with_a_code_from_their_page(services: Services) -> None:
    async with FakeBotPlatform() as bot:
        services = with_bot(services, bot.url, mode="polling")
        async with services.database.transaction() as transaction:
            about = accounts.profile("Hoa", ["quan_tri"])
            hoa = accounts.official(
                await accounts.get(transaction, await accounts.create(transaction, "hoa", about, by=None, now=NOW))
            )
            code = await invitations.chat_code(transaction, hoa, now=NOW)
        friend, stranger = bot.person(), bot.person()
        async with bot_at_work(services, bot) as desk:
            friend.say(f"/lienket {code.upper()}")
            await desk.answered()
            stranger.say(f"/lienket {code}")
            await desk.answered()
        assert "Đã nối khung chat này với Hoa" in friend.seen[-1].text
        assert "Đã nối" not in str(stranger.seen)
        async with services.database.transaction() as transaction:
            assert await official_chats.everybody(transaction) == [("zalo_bot", friend.id)]
            kept = await audit.entries(transaction, Filter(action=Action.CHAT_LINKED), limit=9)
    assert [entry.subject for entry in kept] == ["hoa"]
