"""The backups: a drill that reads the newest one back."""

from datetime import datetime, timedelta

from bot.doctor.findings import Finding, broken, look, megabytes, well
from bot.settings import Config
from bot.storage import backup, inspection
from bot.storage.backup import Shelf
from bot.storage.database import StorageError

WHAT = "sao lưu"
LATE = timedelta(days=2)
RUNBOOK = "xem docs/runbooks/sao-luu-khoi-phuc.md"


def examine(settings: Config, shelf: Shelf | None, now: datetime) -> list[Finding]:
    """Return how old the newest nightly backup is and whether all of it can be read back."""
    if inspection.sqlite_file(settings.database.url) is None:
        return [look(WHAT, "PostgreSQL: chương trình không tự sao lưu", RUNBOOK)]
    if shelf is None:
        return [look(WHAT, "đang tắt ([backup] folder trống)", "đặt thư mục, tốt nhất ở ổ khác")]
    archives = shelf.archives()
    if not archives:
        return [
            look(WHAT, f"chưa có bản nào trong {shelf.folder}", "để chương trình chạy, hoặc motcua database backup")
        ]
    newest = archives[-1]
    try:
        manifest = backup.inspect(newest)
    except StorageError as error:
        return [broken(WHAT, f"bản mới nhất không mở được: {error}", "sao lưu ngay: motcua database backup TỆP")]
    told = f"{newest.name}, {megabytes(newest.stat().st_size)}, {len(archives)} bản; đã mở và đọc lại, đủ và đúng"
    if now - manifest.made_at > LATE:
        days = (now - manifest.made_at).days
        return [look(WHAT, f"bản mới nhất đã {days} ngày: {told}", "máy có bật lúc 2 giờ sáng không? xem nhật ký")]
    return [well(WHAT, told)]
