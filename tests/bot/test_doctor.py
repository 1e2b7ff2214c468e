"""`motcua doctor`: each thing that can be wrong is told with what to do, and nothing is changed by looking."""

import asyncio
import contextlib
import json
import os
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bot import assembly, doctor
from bot.channels.web import server
from bot.channels.web.outbound import WebChannel
from bot.doctor import backups, channels, knowledge, machine, storage, telegram
from bot.doctor.findings import Finding, Verdict, well
from bot.settings import Config, ZaloBot
from bot.storage import channel_health, inbox, inspection
from bot.storage.channel_health import Vitals
from bot.storage.database import Database, upgrade
from handlers.services import Services
from knowledge import loading
from tests.bot.conftest import Motcua
from tests.conftest import NOW
from tests.doubles import TOKEN, FakeTelegram

WELL, LOOK, BROKEN = Verdict.WELL, Verdict.LOOK, Verdict.BROKEN
UNIT = ("centre", "address", "working_hours", "phone", "police_phone", "reception_day", "email", "website", "thon")


def now() -> datetime:
    return NOW


def one(found: list[Finding], what: str) -> Finding:
    """Return the one finding about something; what is not well says what to do."""
    assert all(finding.remedy for finding in found if finding.verdict is not WELL)
    (finding,) = (finding for finding in found if finding.what == what)
    return finding


@pytest.fixture
def settings(settings: Config, tmp_path: Path) -> Config:
    upgrade(settings.database.url)
    shelf = replace(settings.backup, folder=f"{tmp_path}/sao-luu")
    return replace(settings, backup=shelf, web=replace(settings.web, port=0))


# ---- settings


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


# ---- channels


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


# ---- database


async def examined(settings: Config) -> list[Finding]:
    return await storage.examine(settings, now=now)


async def test_looking_creates_no_database(settings: Config, tmp_path: Path) -> None:
    absent = tmp_path / "chua-co" / "motcua.db"
    elsewhere = replace(settings, database=replace(settings.database, url=f"sqlite:///{absent}"))
    assert one(await examined(elsewhere), "cơ sở dữ liệu").verdict is LOOK
    assert not absent.parent.exists()


async def test_a_sound_database_is_well_on_both_kinds(database: Database, settings: Config) -> None:
    url = database._engine.url.render_as_string(hide_password=False).replace("+aiosqlite", "")
    found = await examined(replace(settings, database=replace(settings.database, url=url)))
    assert [finding for finding in found if finding.verdict is not WELL] == []
    assert "đúng bản" in one(found, "cơ sở dữ liệu: bảng").told
    assert "MB" in one(found, "cơ sở dữ liệu: ghi thử").told


@contextlib.contextmanager
def changing(settings: Config) -> Iterator[sqlite3.Connection]:
    path = inspection.sqlite_file(settings.database.url)
    assert path
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        yield connection


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "mới hơn chương trình"),
        ("DROP TABLE alembic_version", "không đọc được"),
    ],
)
async def test_tables_of_another_version_are_told(settings: Config, change: str, told: str) -> None:
    with changing(settings) as connection:
        connection.execute(change)
    found = one(await examined(settings), "cơ sở dữ liệu: bảng")
    assert (found.verdict, told in found.told) == (BROKEN, True)


async def test_a_broken_database_is_told(settings: Config) -> None:
    path = inspection.sqlite_file(settings.database.url)
    assert path
    with changing(settings) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'questions'").fetchone()
        (page,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(path.read_bytes())
    content[(root - 1) * page : root * page] = os.urandom(page)
    path.write_bytes(content)
    found = one(await examined(settings), "cơ sở dữ liệu: toàn vẹn")
    assert (found.verdict, "sao-luu-khoi-phuc" in found.remedy) == (BROKEN, True)


async def test_a_server_that_is_away_is_told_without_its_password(settings: Config) -> None:
    url = "postgresql+psycopg://an:mat-khau@127.0.0.1:1/motcua"
    found = await examined(replace(settings, database=replace(settings.database, url=url)))
    assert {finding.verdict for finding in found} == {BROKEN}
    assert "mat-khau" not in str(found)


@pytest.mark.parametrize(("least", "verdict"), [("LEAST_FREE_BYTES", BROKEN), ("MUCH_FREE_BYTES", LOOK)])
async def test_a_full_disk_is_told(
    settings: Config, monkeypatch: pytest.MonkeyPatch, least: str, verdict: Verdict
) -> None:
    monkeypatch.setattr(inspection if least == "LEAST_FREE_BYTES" else storage, least, 2**60)
    assert one(await examined(settings), "ổ đĩa").verdict is verdict


async def test_what_waits_too_long_and_what_was_set_aside_is_told(settings: Config) -> None:
    database = Database.open(settings.database.url)
    async with database.transaction() as transaction:
        for key in "123":
            await inbox.store(transaction, "telegram", key, "{}", now=NOW - timedelta(minutes=5))
        first, second, _ = await inbox.waiting(transaction, "telegram")
        for update in (first, second):
            await inbox.quarantine(transaction, update.id, "ValueError")
        await inbox.empty_quarantined(transaction, before=NOW - timedelta(days=7))
    assert one(await examined(settings), "tin chờ").verdict is WELL
    late = await storage.examine(settings, now=lambda: NOW + timedelta(minutes=10))
    assert one(late, "tin chờ").verdict is LOOK
    set_aside = one(late, "tin để riêng: telegram")
    assert (set_aside.verdict, set_aside.told.startswith("2 tin")) == (LOOK, True)
    assert "2 tin còn giữ nội dung" in set_aside.told
    await database.close()


# ---- knowledge, clock, port


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A knowledge base of our own to spoil."""
    return Path(shutil.copytree(loading.HOME, tmp_path / "knowledge", ignore=shutil.ignore_patterns("__pycache__")))


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_knowledge_base_that_was_edited_is_told(home: Path) -> None:
    assert [finding.verdict for finding in knowledge.examine(NOW, home)] == [WELL]
    entry = home / "entries" / "ho-tich" / "ket-hon.toml"
    rewrite(entry, "confidence =", "valid_until = 2026-01-01\nconfidence =")
    expired = one(knowledge.examine(NOW, home), "kho kiến thức: hiệu lực")
    assert (expired.verdict, "ket-hon" in expired.told) == (LOOK, True)
    rewrite(entry, 'title = "', 'title = "Việc ')
    assert one(knowledge.examine(NOW, home), "kho kiến thức: đã học").verdict is LOOK
    rewrite(entry, "title =", "tieu_de =")
    faulty = one(knowledge.examine(NOW, home), "kho kiến thức")
    assert (faulty.verdict, "tieu_de" in faulty.told) == (BROKEN, True)


async def test_a_clock_that_is_behind_is_told(settings: Config) -> None:
    found = await machine.examine(settings, now=lambda: NOW - timedelta(days=365))
    assert one(found, "đồng hồ và múi giờ").verdict is BROKEN
    assert one(await machine.examine(settings, now=now), "đồng hồ và múi giờ").verdict is WELL


async def on_port(settings: Config, port: int) -> list[Finding]:
    return await machine.examine(replace(settings, web=replace(settings.web, port=port)), now=now)


async def test_a_port_is_free_ours_or_anothers(settings: Config, services: Services) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        other.settimeout(0)
        refusing = asyncio.create_task(_hang_up(other))
        taken = one(await on_port(settings, port), f"cổng {port}")
        refusing.cancel()
    assert (taken.verdict, "không phải chương trình này" in taken.told) == (BROKEN, True)
    assert one(await on_port(settings, port), f"cổng {port}").verdict is LOOK
    listener = server.listen(replace(services.config.web, port=port))
    web = WebChannel(services.database, now=services.now)
    with_token = replace(services, config=at("http://127.0.0.1:9", services.config))
    serving = asyncio.create_task(server.serve(with_token, listener, channel=web, routes=[]))
    services.health.of("telegram").failed("NetworkError", NOW)
    found = await on_port(settings, port)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert one(found, f"cổng {port}").verdict is WELL
    assert "NetworkError" in one(found, "kênh telegram").told


async def _hang_up(other: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while True:
        connection, _ = await loop.sock_accept(other)
        connection.close()


# ---- Telegram


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


def at(fake_url: str, settings: Config, *, mode: str = "polling", token: str = TOKEN) -> Config:
    return replace(settings, telegram=replace(settings.telegram, token=token, api_url=fake_url, mode=mode))


async def asked(settings: Config) -> list[Finding]:
    found = await telegram.examine(settings, now=now)
    assert TOKEN not in str(found)
    return found


async def test_without_a_token_telegram_is_off(settings: Config) -> None:
    assert "tắt" in one(await asked(settings), "kênh Telegram").told


async def test_a_token_that_telegram_knows_is_well(settings: Config, fake: FakeTelegram) -> None:
    fake.date = format_datetime(NOW)
    found = await asked(at(fake.url, settings))
    assert [finding.verdict for finding in found] == [WELL, WELL, WELL]
    assert "@motcua_thu_bot" in found[0].told


async def test_a_token_that_telegram_refuses_is_told(settings: Config, fake: FakeTelegram) -> None:
    refused = one(
        await asked(at(fake.url, settings, token="7000000002:AAH-khong-phai-ma-that_abcdefghij")), "kênh Telegram"
    )
    assert (refused.verdict, "MOTCUA_TELEGRAM__TOKEN" in refused.remedy) == (BROKEN, True)


@pytest.mark.parametrize("trouble", ["away", "gateway", "nonsense"])
async def test_a_telegram_that_cannot_be_asked_is_told(settings: Config, fake: FakeTelegram, trouble: str) -> None:
    url = "http://127.0.0.1:9" if trouble == "away" else "không phải địa chỉ" if trouble == "nonsense" else fake.url
    fake.fail("getMe", 502, "Bad Gateway")
    found = await asked(at(url, settings))
    assert (found[0].verdict, "không hỏi được" in found[0].told) == (BROKEN, True)


async def test_a_webhook_that_does_not_fit_the_settings_is_told(settings: Config, fake: FakeTelegram) -> None:
    assert one(await asked(at(fake.url, settings, mode="webhook")), "kênh Telegram: cách nhận tin").verdict is LOOK
    fake.webhook = {"url": "https://tro-ly.xa/webhook/telegram"}
    assert one(await asked(at(fake.url, settings)), "kênh Telegram: cách nhận tin").verdict is LOOK
    right = one(await asked(at(fake.url, settings, mode="webhook")), "kênh Telegram: cách nhận tin")
    assert right.verdict is WELL
    fake.webhook["last_error_message"] = "Connection timed out"
    failing = one(await asked(at(fake.url, settings, mode="webhook")), "kênh Telegram: cách nhận tin")
    assert (failing.verdict, "Connection timed out" in failing.told) == (LOOK, True)


@pytest.mark.parametrize(("minutes", "told"), [(-5, "chậm"), (5, "nhanh")])
async def test_a_clock_apart_from_telegrams_is_told(
    settings: Config, fake: FakeTelegram, minutes: int, told: str
) -> None:
    fake.date = format_datetime(NOW - timedelta(minutes=minutes))
    found = one(await asked(at(fake.url, settings)), "đồng hồ")
    assert (found.verdict, told in found.told) == (BROKEN, True)


# ---- backups


def drilled(settings: Config, *, after: timedelta = timedelta()) -> Finding:
    (finding,) = backups.examine(settings, assembly.shelf(settings), NOW + after)
    assert finding.verdict is WELL or finding.remedy
    return finding


def test_the_newest_backup_is_read_back(settings: Config) -> None:
    assert "chưa có bản nào" in drilled(settings).told
    shelf = assembly.shelf(settings)
    assert shelf
    archive = shelf.add(NOW)
    assert drilled(settings, after=timedelta(days=1)).verdict is WELL
    assert drilled(settings, after=timedelta(days=3)).verdict is LOOK
    archive.write_bytes(archive.read_bytes()[:-100])
    assert drilled(settings).verdict is BROKEN


def test_where_no_backup_is_made_it_is_said(settings: Config) -> None:
    assert "đang tắt" in drilled(replace(settings, backup=replace(settings.backup, folder=""))).told
    url = "postgresql+psycopg://an@may/motcua"
    on_server = replace(settings, database=replace(settings.database, url=url))
    assert "PostgreSQL" in drilled(on_server).told


# ---- the command


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
