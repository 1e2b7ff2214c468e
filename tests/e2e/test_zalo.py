"""The program with both Zalo channels as the operator runs it, through a power cut."""

import signal
import time

import httpx

from tests.doubles_zalo import APP_ID, APP_SECRET, FIRST_REFRESH, OA_SECRET, FakeOa
from tests.doubles_zalo_bot import BOT_TOKEN, FakeBotPlatform
from tests.e2e.test_program import command, running, settings

__all__ = ["settings"]  # the fixture

PAPERS, PAPERS_CARD = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"


def switched_on(oa: FakeOa, bot: FakeBotPlatform) -> dict[str, str]:
    return {
        "MOTCUA_ZALO_OA__APP_ID": APP_ID,
        "MOTCUA_ZALO_OA__SECRET": APP_SECRET,
        "MOTCUA_ZALO_OA__OA_SECRET": OA_SECRET,
        "MOTCUA_ZALO_OA__REFRESH_TOKEN": FIRST_REFRESH,
        "MOTCUA_ZALO_OA__API_URL": oa.url,
        "MOTCUA_ZALO_OA__OAUTH_URL": oa.url,
        "MOTCUA_ZALO_BOT__TOKEN": BOT_TOKEN,
        "MOTCUA_ZALO_BOT__API_URL": bot.url,
    }


async def test_both_channels_answer_through_a_power_cut(settings: dict[str, str]) -> None:
    async with FakeOa(now_ms=int(time.time() * 1000)) as oa, FakeBotPlatform() as bot:
        given = switched_on(oa, bot)
        people, friend = [oa.person() for _ in range(5)], bot.person()
        held = oa.hold("send", times=100)
        async with running(settings, **given) as program:
            oa.webhook = f"{await program.address()}/webhook/zalo-oa"
            assert [await person.say(PAPERS) for person in people] == [200] * 5
            friend.say(PAPERS)
            await bot.until(lambda: any(PAPERS_CARD in message.text for message in friend.seen))
            await oa.until(lambda: oa.said("send"))
            await program.end(signal.SIGKILL)
        held.over.set()
        held.times = 0
        async with running(settings, **given) as program:
            await program.address()
            await oa.until(lambda: all(PAPERS_CARD in "\n".join(m.text for m in p.seen) for p in people))
            async with httpx.AsyncClient(base_url=await program.address(), trust_env=False) as operator:
                ready = (await operator.get("/readyz")).json()["channels"]
            assert {name: ready[name]["last_error"] for name in ("zalo_oa", "zalo_bot")} == {
                "zalo_oa": None,
                "zalo_bot": None,
            }
            assert await program.end(signal.SIGTERM) == 0
        assert len(oa.said("refresh")) == 1, "the chain goes on where it was"
        secrets = (APP_SECRET, OA_SECRET, FIRST_REFRESH, oa.refresh_token, BOT_TOKEN, *oa.access)
        assert [secret for secret in secrets if secret in program.log] == []
        assert "Traceback" not in program.log


async def test_half_a_set_of_secrets_stops_the_start(settings: dict[str, str]) -> None:
    half = {"MOTCUA_ZALO_OA__APP_ID": APP_ID, "MOTCUA_ZALO_OA__SECRET": APP_SECRET}
    status, _, complained = await command(settings | half, "run")
    assert status == 2
    assert complained.splitlines() == [
        f"motcua: zalo_oa.{key}: thiếu; đặt biến MOTCUA_ZALO_OA__{key.upper()}"
        for key in ("oa_secret", "refresh_token")
    ]
