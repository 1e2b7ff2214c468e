"""What there is to do about cases, for the first page: each pile a count and its most urgent lines."""

from collections.abc import Awaitable, Callable

from bot.cases.queue import scope
from bot.console.pages.queue import QUEUE, row
from bot.console.piles import Line, Pile
from bot.console.visit import Visit
from bot.officials.rights import Right
from bot.storage import case_lists
from bot.storage.case_lists import Wanted

MOST_LINES = 3


def _pile(group: str, title: str) -> Callable[[Visit], Awaitable[Pile]]:
    async def pile(visit: Visit) -> Pile:
        seen = scope(visit.official, visit.office.desk, now=visit.now())
        async with visit.database.transaction() as transaction:
            count = await case_lists.count(transaction, Wanted(group), seen)
            found = await case_lists.page(transaction, Wanted(group), seen, offset=0, limit=MOST_LINES)
        rows = [row(case, seen, visit, {}) for case in found]
        lines = [Line(f"{QUEUE}/{r.case.code}", r.words, f"{r.type} · {r.deadline.words}") for r in rows]
        return Pile(title, count, f"{QUEUE}?nhom={group}", lines)

    return pile


PILES = (
    (Right.READ_CASES, _pile("overdue", "Quá hạn")),
    (Right.READ_CASES, _pile("today", "Đến hạn hôm nay")),
    (Right.RECEIVE_CASES, _pile("new", "Mới đến, chờ tiếp nhận")),
    (Right.READ_CASES, _pile("mine", "Đang chờ tôi")),
    (Right.CLOSE_CASES, _pile("review", "Người dân báo chưa xong, chờ xem xét lại")),
    (Right.READ_CASES, _pile("questions", "Câu hỏi chưa trả lời")),
    (Right.CLOSE_CASES, _pile("confirm", "Đã trả lời, chờ người dân xác nhận")),
)
