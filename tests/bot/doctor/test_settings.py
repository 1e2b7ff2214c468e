"""`motcua doctor` on settings, channels, and as a command: each thing is told with what to do."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import assembly, doctor
from bot.doctor import channels
from bot.doctor.findings import well
from bot.settings import Config, ZaloBot
from bot.storage import channel_health
from bot.storage.channel_health import Vitals
from bot.storage.database import Database
from tests.bot.conftest import Motcua
from tests.bot.doctor.looking import BROKEN, LOOK, WELL, now, one
from tests.conftest import NOW
from tests.doubles import TOKEN

UNIT = ("centre", "address", "working_hours", "phone", "police_phone", "reception_day", "email", "website", "thon")


async def test_wrong_settings_are_each_a_finding(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[web]\nport = -1\ncong = 2\n", encoding="utf-8")
    found = await doctor.examine({"MOTCUA_CONFIG": f"{tmp_path}/config.toml"}, now=now)
    assert [finding.verdict for finding in found] == [BROKEN, WELL]
    assert "web.cong" in found[0].told


async def test_a_sound_installation_has_nothing_broken(settings: Config, tmp_path: Path) -> None:
    environment = {f"MOTCUA_UNIT__{name.upper()}": "x" for name in UNIT} | {
        "MOTCUA_DATABASE__URL": settings.database.url,
        "MOTCUA_BACKUP__FOLDER": settings.backup.folder,
        "MOTCUA_WEB__PORT": "0",
    }
    shelf = assembly.shelf(settings)
    assert shelf
    shelf.add(NOW)
    found = await doctor.examine(environment, now=now)
    assert [finding for finding in found if finding.verdict is not WELL] == []
    del environment["MOTCUA_UNIT__ADDRESS"]
    missing = one(await doctor.examine(environment, now=now), "thông tin của xã")
    assert (missing.verdict, missing.told) == (LOOK, "chưa điền unit.address")


async def test_the_channels_are_told_as_their_program_told_them(settings: Config) -> None:
    on = replace(settings, telegram=replace(settings.telegram, token=TOKEN), zalo_bot=ZaloBot(token="1:b"))
    assert await channels.examine(on, now=now) == [], "nothing ran yet"
    database = Database.open(on.database.url)
    async with database.transaction() as transaction:
        await channel_health.tell(transaction, Vitals("web", NOW, last_update=NOW))
        await channel_health.tell(transaction, Vitals("telegram", NOW, trouble="mã sai", is_final=True))
        await channel_health.tell(transaction, Vitals("zalo_bot", NOW, trouble="mất mạng", failing_since=NOW))
    await database.close()
    found = await channels.examine(on, now=now)
    assert one(found, "theo dõi kênh: Trang hỏi đáp") == well(
        "theo dõi kênh: Trang hỏi đáp", "đang chạy; tin gần nhất: 08:30 23/11/2026"
    )
    assert one(found, "theo dõi kênh: Zalo Bot").verdict is LOOK
    dead = one(found, "theo dõi kênh: Telegram")
    assert (dead.verdict, dead.told) == (BROKEN, "không hoạt động: mã sai")
    (stopped,) = await channels.examine(on, now=lambda: NOW + timedelta(hours=1))
    assert (stopped.verdict, "không chạy từ 08:30" in stopped.told) == (LOOK, True)


@pytest.fixture
def installed(motcua: Motcua, monkeypatch: pytest.MonkeyPatch) -> Motcua:
    monkeypatch.setenv("MOTCUA_WEB__PORT", "0")
    return motcua


def test_the_command_says_it_line_by_line(installed: Motcua) -> None:
    installed("database", "upgrade")
    code, out, err = installed("doctor")
    assert (code, err) == (0, "")
    assert "cần xem  thông tin của xã: chưa điền unit.centre" in out
    assert "→ điền trong config.toml" in out
    assert out.endswith("0 hỏng.\n")


def test_what_is_broken_is_the_exit_status(installed: Motcua, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_TELEGRAM__TOKEN", TOKEN)
    monkeypatch.setenv("MOTCUA_TELEGRAM__API_URL", "http://127.0.0.1:9")
    code, out, err = installed("doctor", "--json")
    told = json.loads(out)
    assert (code, err, told["ok"]) == (1, "", False)
    assert all(set(check) == {"verdict", "what", "told", "remedy"} for check in told["checks"])
    assert {check["verdict"] for check in told["checks"]} == {"ổn", "cần xem", "hỏng"}
    assert TOKEN.partition(":")[2] not in out
