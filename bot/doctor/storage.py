"""The database: open, up to date, writable, whole, with room to grow; and what waits in the inbox."""

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.doctor.findings import Finding, broken, look, megabytes, well
from bot.scheduling import QUARANTINE_DAYS
from bot.settings import Config
from bot.storage import inbox, inspection
from bot.storage.database import Database, StorageError

WHAT = "cơ sở dữ liệu"
MUCH_FREE_BYTES = 1024**3  # below it somebody should look while there is time
LONG_WAIT = timedelta(minutes=10)
RUNBOOK = "xem docs/runbooks/co-so-du-lieu-day-o-dia.md"


async def examine(settings: Config, *, now: Callable[[], datetime]) -> list[Finding]:
    """Return what is found about the database of the settings; one that does not exist yet is not created."""
    url = settings.database.url
    path = inspection.sqlite_file(url)
    if path and not path.exists():
        return [look(WHAT, f"chưa có tệp {path}", "chạy motcua run: tệp được tạo lúc ấy"), *_disk(url)]
    database = Database.open(url)
    try:
        found = [*await _tables(database), *await _writes(database, url), *_whole(url)]
        found += await _inbox(database, now())
    except StorageError as error:
        found = [broken(WHAT, str(error), RUNBOOK)]
    finally:
        await database.close()
    return [*found, *_disk(url)]


async def _tables(database: Database) -> list[Finding]:
    newest = inspection.newest_revision()
    try:
        async with database.transaction() as transaction:
            revision = await inspection.revision(transaction)
    except StorageError as error:
        return [broken(f"{WHAT}: bảng", f"không đọc được bản của các bảng: {error}", "chạy motcua database upgrade")]
    if revision == newest:
        return [well(f"{WHAT}: bảng", f"đúng bản {revision}")]
    if not inspection.is_known_revision(revision):
        return [broken(f"{WHAT}: bảng", f"bản {revision} mới hơn chương trình này", "dùng chương trình bản mới hơn")]
    return [broken(f"{WHAT}: bảng", f"bản {revision}, chương trình cần {newest}", "chạy motcua database upgrade")]


async def _writes(database: Database, url: str) -> list[Finding]:
    await database.check()
    return [well(f"{WHAT}: ghi thử", f"ghi được; đang dùng {megabytes(await inspection.size(database, url))}")]


def _whole(url: str) -> list[Finding]:
    path = inspection.sqlite_file(url)
    if path is None:
        return []
    try:
        inspection.check_sqlite(path)
    except StorageError as error:
        return [broken(f"{WHAT}: toàn vẹn", str(error), "khôi phục: docs/runbooks/sao-luu-khoi-phuc.md")]
    return [well(f"{WHAT}: toàn vẹn", "đã đọc hết, không có lỗi")]


def _disk(url: str) -> list[Finding]:
    path = inspection.sqlite_file(url)
    if path is None:
        return []
    free, told = inspection.free_bytes(path), ""
    try:
        with tempfile.TemporaryFile(dir=path.parent if path.parent.is_dir() else None) as tried:
            tried.write(bytes(1024**2))
    except OSError as error:
        told = f"; không ghi được tệp thử: {error.strerror}"
    if told or free < inspection.LEAST_FREE_BYTES:
        return [broken("ổ đĩa", f"còn trống {megabytes(free)}{told}", RUNBOOK)]
    if free < MUCH_FREE_BYTES:
        return [look("ổ đĩa", f"chỉ còn trống {megabytes(free)}", RUNBOOK)]
    return [well("ổ đĩa", f"còn trống {megabytes(free)}")]


async def _inbox(database: Database, now: datetime) -> list[Finding]:
    async with database.transaction() as transaction:
        backlogs = await inbox.backlogs(transaction)
    waiting = sum(backlog.waiting for backlog in backlogs.values())
    oldest = min((backlog.oldest for backlog in backlogs.values() if backlog.oldest), default=now)
    set_aside = {channel: backlog for channel, backlog in backlogs.items() if backlog.quarantined}
    found = [
        look(
            f"tin để riêng: {channel}",
            f"{backlog.quarantined} tin không xử lý được; {backlog.with_body} tin còn giữ nội dung, "
            f"tự xóa sau {QUARANTINE_DAYS} ngày",
            "xem docs/runbooks/telegram-khong-tra-loi.md, bước 5",
        )
        for channel, backlog in set_aside.items()
    ]
    if now - oldest > LONG_WAIT:
        told = f"{waiting} tin chưa trả lời, cũ nhất từ {oldest:%H:%M %d/%m/%Y}"
        return [*found, look("tin chờ", told, "chương trình có đang chạy không? chạy motcua run")]
    return [*found, well("tin chờ", f"{waiting} tin đang chờ")]
