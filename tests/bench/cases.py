"""The officials' queue with many cases: whole pages as a browser gets them, on SQLite."""

import asyncio
import random
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import insert
from starlette.applications import Starlette

from bot import assembly, clock, config, previews
from bot.console import app as console
from bot.console.office import Office
from bot.console.security import COOKIE, HOME
from bot.officials import accounts, tokens
from bot.officials.rights import Role
from bot.storage import officials, sessions
from bot.storage.case_tables import cases
from bot.storage.database import Database, upgrade
from bot.texts import Texts
from knowledge import loading
from knowledge.answering import Assistant
from knowledge.vietnamese import fold
from tests.bench.figures import Spread, Table, against, number

COUNT, SEED, EACH = 50_000, 20261123, 15
MOST_MS = 300.0
OPEN_SHARE = 0.04  # a commune that is behind: 2,000 open cases
WORDS = (
    *("đèn", "đường", "hỏng", "cống", "tắc", "rác", "ngập", "chợ", "thôn", "xóm", "mất", "điện", "nước", "bụi", "ồn"),
    *("đất", "chó", "cầu", "trường", "trạm", "xã", "sân", "kho"),
)
PAGES = {
    "the queue": "/phan-anh",
    "overdue": "/phan-anh?nhom=overdue",
    "all cases": "/phan-anh?nhom=all",
    "all cases, page 200": "/phan-anh?nhom=all&trang=200",
    "search in all, two words": "/phan-anh?nhom=all&tim=cong+tac",
    "search in all, nothing found": "/phan-anh?nhom=all&tim=khongcogi",
    "filters: type, thôn, days": "/phan-anh?nhom=all&loai=kien_nghi&thon=th%C3%B4n+3&tu=2026-01-01",
    "the first page": "/",
    "one case": "/phan-anh/{code}",
}


def measure() -> list[Table]:
    """Return how long the officials' pages take with 50,000 cases."""
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        spreads = asyncio.run(_measured(Path(folder)))
    rows = tuple(
        (name, str(s.calls), number(s.p50), against(s.p95, MOST_MS), number(s.most)) for name, s in spreads.items()
    )
    note = f"{COUNT:,} cases on SQLite, {OPEN_SHARE:.0%} of them open; whole pages of a signed-in official, in process."
    return [Table("The officials' pages (ms)", note, ("page", "calls", "p50", "p95", "slowest"), rows)]


async def _measured(folder: Path) -> Mapping[str, Spread]:
    url = f"sqlite:///{folder}/motcua.db"
    upgrade(url)
    settings = config.load({"MOTCUA_DATABASE__URL": url, "MOTCUA_FILES__FOLDER": str(folder)})
    settings = replace(settings, unit=replace(settings.unit, thon=[f"thôn {n}" for n in range(9)]))
    database = Database.open(url)
    token, code = await _filled(database)
    desk = assembly.desk(settings, Texts.load(settings.unit, settings.files), Assistant(loading.load()))
    office = Office(settings, desk, database, assembly.files(settings), clock.now, previews.of)
    transport = httpx.ASGITransport(Starlette(routes=[console.create(office)]))
    cookies = {COOKIE: token}
    async with httpx.AsyncClient(transport=transport, base_url="http://bench", cookies=cookies) as client:
        spreads = {name: await _timed(client, path.format(code=code)) for name, path in PAGES.items()}
    await database.close()
    return spreads


async def _timed(client: httpx.AsyncClient, path: str) -> Spread:
    wall = []
    for _ in range(EACH):
        start = time.perf_counter()
        (await client.get(f"{HOME}{path}")).raise_for_status()
        wall.append(1000 * (time.perf_counter() - start))
    return Spread.of(wall)


async def _filled(database: Database) -> tuple[str, str]:
    """Fill the database; return the token of somebody signed in, and the code of a case."""
    chance, now = random.Random(SEED), clock.now()
    rows = [_case(chance, n) for n in range(1, COUNT + 1)]
    token = tokens.new()
    async with database.transaction() as transaction:
        profile = accounts.profile("Trần Thị Hạnh", [Role.INTAKE])
        official = await officials.create(transaction, "hanh", profile, password_hash="x", now=now)
        assert official is not None
        digest = tokens.digest(token)
        await sessions.open_session(transaction, official, digest, device="bench", needs_code=False, now=now)
        for start in range(0, COUNT, 1000):
            await transaction.execute(insert(cases), rows[start : start + 1000])
    return token, str(rows[-1]["code"])


def _case(chance: random.Random, n: int) -> dict[str, Any]:
    text = " ".join(chance.choices(WORDS, k=40))
    is_open = chance.random() < OPEN_SHARE
    created = clock.now() - timedelta(hours=chance.randrange(24 * 60 if is_open else 24 * 1500))
    code, thon = f"PA-2026-{n:06}-K", f"thôn {chance.randrange(9)}"
    return {
        "code": code,
        "type": chance.choice(("phan_anh", "kien_nghi", "gop_y", "hoi_dap")),
        "state": chance.choice(("moi", "dang_xu_ly", "can_bo_sung") if is_open else ("dong", "da_chuyen", "tu_choi")),
        "channel": chance.choice(("web", "telegram", "truc_tiep")),
        "text": text,
        "folded": fold(f"{code} {text} {thon}"),
        "thon": thon,
        "unit": chance.choice(("", "địa chính", "giao thông")),
        "created_at": created,
        "due_at": created + timedelta(days=14),
        "due_reason": "tức 10 ngày làm việc",
        "reporter_name": "Nguyễn Thị Lan",
    }
