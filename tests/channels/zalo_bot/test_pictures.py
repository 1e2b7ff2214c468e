"""Pictures on their way through the Zalo bot: Zalo fetches each once from an address of ours."""

import re
from dataclasses import replace

import httpx
import pytest

from bot import program
from bot.channels.web.app import create_app
from bot.channels.zalo_bot.service import ZaloBotChannel
from bot.messages import DeliveryError, DeliveryOutcome, Enclosure, Reply
from bot.storage.database import Database
from handlers.services import Services
from tests import samples
from tests.channels.shared import FlyingTime
from tests.channels.zalo import SITE, BotDesk, bot_at_work, texts, with_bot
from tests.doubles_zalo_bot import BotFriend, FakeBotPlatform
from tests.doubles_zalo_cdn import FakeCdn
from tests.serving import served


async def kept_photo(desk: BotDesk) -> Enclosure:
    return Enclosure(await desk.services.files.keep(samples.jpeg(), name="../../Bản đồ <b>.html"), "Bản đồ thôn")


async def test_a_picture_is_fetched_once_from_an_address_of_ours(
    desk: BotDesk, zalo: FakeBotPlatform, lan: BotFriend
) -> None:
    photo = await kept_photo(desk)
    await desk.work.channel.send(lan.id, [Reply("**Bản đồ**", files=(photo,))])
    assert zalo.photos == [await desk.services.files.read(photo.file.digest)]
    assert (lan.seen[-1].text, len(lan.seen)) == ("Bản đồ", 1)
    address = zalo.said("sendPhoto")[0]["photo"]
    assert address.startswith(f"{SITE}/zalo-bot/tep/")
    assert address.endswith("/ban-do-b.jpg")
    async with httpx.AsyncClient(base_url=zalo.site, trust_env=False) as client:
        assert (await client.get(httpx.URL(address).path)).status_code == 404, "a second time"


async def test_it_is_fetched_from_the_web_page_when_the_bot_runs_in_another_process(
    services: Services, zalo: FakeBotPlatform, lan: BotFriend
) -> None:
    here = with_bot(services, zalo.url)
    form = Enclosure(await services.files.keep(samples.pdf(), name="mau.pdf"))
    beside = Database.open(services.config.database.url)
    sending, serving = ZaloBotChannel(here), replace(here, database=beside)
    async with served(create_app(serving, routes=program.fetched(serving))) as zalo.site:
        photo = Enclosure(await services.files.keep(samples.jpeg(), name="ban-do.jpg"), "Bản đồ thôn")
        await sending.send(lan.id, [Reply("Bản đồ", files=(photo, form))])
        assert zalo.photos == [await services.files.read(photo.file.digest)]
        async with httpx.AsyncClient(base_url=zalo.site, trust_env=False) as client:
            opened = re.findall(rf"{SITE}(\S+mau\.pdf)", texts(lan))
            assert [(await client.get(path)).status_code for path in opened] == [200]
            assert (await client.post("/webhook/zalo-bot")).status_code == 404
    await sending.close()
    await beside.close()


async def test_a_picture_that_zalo_does_not_take_is_named_with_its_address(
    desk: BotDesk, zalo: FakeBotPlatform, lan: BotFriend
) -> None:
    photo = await kept_photo(desk)
    zalo.fail("sendPhoto", 400, "Bad Request: photo could not be fetched")
    await desk.work.channel.send(lan.id, [Reply("Bản đồ", files=(photo,))])
    (message,) = lan.seen
    assert message.text.startswith(f"Bản đồ\nKèm theo: Bản đồ thôn\nMở tại: {SITE}/zalo-bot/tep/")
    zalo.fail("sendPhoto", 502)
    with pytest.raises(DeliveryError) as error:
        await desk.work.channel.send(lan.id, [Reply("Bản đồ", files=(photo,))])
    assert (error.value.outcome, len(lan.seen)) == (DeliveryOutcome.UNCERTAIN, 1), "nothing is sent again"


async def test_without_an_address_of_ours_words_go_with_the_names_and_a_sticker_goes(
    services: Services, zalo: FakeBotPlatform, cdn: FakeCdn, time: FlyingTime, lan: BotFriend
) -> None:
    nowhere = with_bot(services, zalo.url)
    nowhere = replace(nowhere, config=replace(nowhere.config, web=services.config.web))
    async with bot_at_work(nowhere, zalo) as desk:
        form = Enclosure(await services.files.keep(samples.pdf(), name="mau.pdf"))
        await desk.work.channel.send(lan.id, [Reply("Bản đồ", files=(await kept_photo(desk), form))])
        await desk.work.channel.outbox.send_sticker(lan.id, "0e078a2fab6f42311b7e")
    words, sticker = lan.seen
    assert [line.partition(".")[0] for line in words.text.split("\n")] == [
        "Bản đồ",
        "Kèm theo: mau",
        "Kèm theo: Bản đồ thôn",
    ]
    assert "://" not in words.text
    assert sticker.text == "[0e078a2fab6f42311b7e]"
    assert zalo.said("sendPhoto") == []
