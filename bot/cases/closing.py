"""Cases whose answer nobody objected to in time: closed by the program itself."""

import logging
from collections.abc import Callable
from datetime import datetime

from bot.cases import handling
from bot.cases.desk import Desk
from bot.cases.handling import Conflict, Order
from bot.cases.moves import OBJECTION_TIME, Name, Party
from bot.cases.workflow import MoveRefused
from bot.storage import case_lists, cases
from bot.storage.database import Database

log = logging.getLogger(__name__)


async def close_settled(database: Database, desk: Desk, *, now: Callable[[], datetime]) -> int:
    """Close what was answered or refused more than OBJECTION_TIME ago; return how many.

    Each is closed on its own: one that somebody changes meanwhile is left as it is.
    """
    async with database.transaction() as transaction:
        settled = await case_lists.answered_before(transaction, now() - OBJECTION_TIME)
    closed = 0
    for number in settled:
        try:
            closed += await _close(database, number, desk, now=now())
        except (Conflict, MoveRefused) as error:
            log.info("việc %d chưa tự đóng: %s", number, error)
    return closed


async def _close(database: Database, number: int, desk: Desk, *, now: datetime) -> bool:
    async with database.transaction() as transaction:
        case = await cases.by_id(transaction, number)
        if case is None:
            return False
        await handling.carry_out(transaction, case, Order(Name.CLOSE, Party.SYSTEM), desk, now=now)
    return True
