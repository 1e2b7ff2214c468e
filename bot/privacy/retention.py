"""What goes by itself: the person in cases kept long enough, and in those whose sender asked for it while open."""

from datetime import datetime, timedelta

from bot.privacy.forgetting import WISH, forget_case
from bot.storage import personal
from bot.storage.database import Database

AT_A_TIME = 50  # cases in one transaction, which on SQLite holds up everybody else
OBJECTION_TIME = timedelta(days=30)  # as bot.cases.moves has it: until then the sender may say "chưa xong"
KEPT_LONG_ENOUGH = "hết thời hạn lưu"


async def forget_cases(database: Database, *, months: int, now: datetime) -> int:
    """Forget the sender of each case that ended so many months ago, or whose sender asked for it; return how many."""
    forgotten = 0
    while True:
        async with database.transaction() as transaction:
            old = await personal.kept_long_enough(transaction, before=months_before(now, months), limit=AT_A_TIME)
            for case in old:
                await forget_case(transaction, case, why=KEPT_LONG_ENOUGH, now=now)
            until = now - OBJECTION_TIME
            asked = await personal.to_be_forgotten(transaction, answered_before=until, limit=AT_A_TIME)
            for case in asked:
                await forget_case(transaction, case, why=WISH, now=now)
        forgotten += len(old) + len(asked)
        if max(len(old), len(asked)) < AT_A_TIME:
            return forgotten


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day so many months earlier; at the end of a shorter month its 28th."""
    number = moment.year * 12 + moment.month - 1 - months
    return moment.replace(year=number // 12, month=number % 12 + 1, day=min(moment.day, 28))
