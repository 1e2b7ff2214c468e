"""What every process tells of all channels, from what the process that runs each told last."""

from datetime import timedelta

from bot.storage import channel_health
from bot.storage.channel_health import Vitals
from handlers.services import Services
from tests.channels.asking import asking, ready
from tests.channels.zalo import with_bot, with_oa


async def test_a_channel_that_another_process_found_dead_is_told_and_counted(at_telegram: Services) -> None:
    now = at_telegram.now()
    async with at_telegram.database.transaction() as transaction:
        refused = Vitals("telegram", now, trouble="mã sai", is_final=True, failing_since=now, pending=9)
        await channel_health.tell(transaction, refused)
    status, told = await ready(at_telegram)
    assert (status, told["ready"], told["dead"]) == (200, True, ["telegram"])
    state = told["channels"]["telegram"]
    assert (state["condition"], state["why"], state["running"], state["pending"]) == ("dead", "mã sai", False, 9)
    async with asking(at_telegram) as prometheus:
        shown = (await prometheus.get("/metrics")).text
    assert 'motcua_channel_dead{channel="telegram"} 1.0' in shown
    assert 'motcua_channel_dead{channel="web"} 0.0' in shown
    assert 'motcua_channel_dead{channel="zalo_oa"}' not in shown


async def test_what_a_platform_still_takes_is_told_and_counted(at_telegram: Services) -> None:
    services, now = with_oa(at_telegram, "http://127.0.0.1:9"), at_telegram.now()
    async with services.database.transaction() as transaction:
        await channel_health.tell(transaction, Vitals("web", now))
        for name, left, total in (("zalo_oa", 150, 2_000), ("telegram", None, None), ("zalo_bot", 7, 9)):
            await channel_health.tell(transaction, Vitals(name, now, quota_at=now, quota_left=left, quota_total=total))
    channels = (await ready(services))[1]["channels"]
    asked = now.isoformat(timespec="seconds")
    assert channels["zalo_oa"]["quota"] == {"left": 150, "total": 2_000, "asked_at": asked}
    assert channels["telegram"]["quota"] == {"left": None, "total": None, "asked_at": asked}
    assert channels["web"]["quota"] is None
    async with asking(services) as prometheus:
        shown = (await prometheus.get("/metrics")).text
    assert [line for line in shown.splitlines() if line.startswith("motcua_channel_quota_left{")] == [
        'motcua_channel_quota_left{channel="zalo_oa"} 150.0'
    ], "neither what is unknown nor what is switched off"


async def test_how_each_webhook_fares_is_told(at_telegram: Services) -> None:
    services = with_bot(with_oa(at_telegram, "http://127.0.0.1:9"), "http://127.0.0.1:9", mode="webhook")
    now = services.now()
    for webhook, word in ((False, "failing"), (True, "ok")):
        async with services.database.transaction() as transaction:
            await channel_health.tell(transaction, Vitals("zalo_bot", now, webhook=webhook))
            await channel_health.tell(transaction, Vitals("zalo_oa", now, last_update=now - timedelta(days=9)))
        channels = (await ready(services))[1]["channels"]
        told = {name: state["webhook"] for name, state in channels.items()}
        assert told == {"web": None, "telegram": None, "zalo_bot": word, "zalo_oa": "unknown"}
