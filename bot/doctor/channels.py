"""The channels as their running program tells: which one lives, and since when one does not."""

from collections.abc import Callable
from datetime import datetime

from bot import health
from bot.doctor.findings import Finding, broken, look, well
from bot.settings import Config
from bot.storage import inspection
from bot.storage.database import Database, StorageError
from bot.watchdog import alarm, hearing, judging
from bot.watchdog.hearing import Hearing
from bot.watchdog.judging import Condition, State

WHAT = "theo dõi kênh"
QUOTA_REMEDY = "còn định gửi tin mất tiền thì mua thêm hạn mức ở trang quản lý OA"
RUNBOOK = "xem docs/runbooks/theo-doi.md, phần “Kênh không hoạt động”"


async def examine(settings: Config, *, now: Callable[[], datetime]) -> list[Finding]:
    """Return how each channel was when its program told last; while no channel ever ran, nothing is told."""
    path = inspection.sqlite_file(settings.database.url)
    if path and not path.exists():
        return []
    database = Database.open(settings.database.url)
    try:
        async with database.transaction() as transaction:
            states = await alarm.states(transaction, settings, now=now())
    except StorageError:
        return []  # told with the database
    finally:
        await database.close()
    ran = [state for state in states.values() if state.vitals and state.condition is not Condition.OFF]
    newest = max((state.vitals.seen_at for state in ran if state.vitals), default=None)
    if newest and now() - newest >= judging.SILENT:
        told = f"chương trình không chạy từ {newest:%H:%M %d/%m/%Y}, nên không kênh nào được trả lời"
        return [look(WHAT, told, "chạy motcua run")]
    never = [state for state in states.values() if state.condition is Condition.UNSEEN and state.why and ran]
    return [_finding(state, hearing.of(state, settings, now=now())) for state in (*ran, *never)]


def _finding(state: State, heard: Hearing | None) -> Finding:
    what = f"{WHAT}: {health.NAMES[state.channel]}"
    if state.is_dead:
        return broken(what, f"không hoạt động: {state.why}", RUNBOOK)
    if state.condition in (Condition.FAILING, Condition.UNSEEN):
        return look(what, state.why, "xem lại sau ít phút; còn nguyên thì có báo động")
    told, quota = f"đang chạy; tin gần nhất: {_last(state)}", state.vitals.quota if state.vitals else None
    if heard:
        told += f"; webhook: {heard.told}"
    if heard and heard.remark:
        return look(what, f"{told}; {heard.remark}", RUNBOOK)
    if quota is None:
        return well(what, told)
    told += f"; hạn mức ngoài phần miễn phí: {quota.said}"
    return look(what, told, QUOTA_REMEDY) if quota.is_low else well(what, told)


def _last(state: State) -> str:
    at = state.vitals.last_update if state.vitals else None
    return f"{at:%H:%M %d/%m/%Y}" if at else "chưa có"
