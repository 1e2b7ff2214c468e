"""Where posters hang: places named by the official, each with a code of its own."""

from datetime import datetime
from enum import StrEnum

from bot.officials.refused import Refused
from bot.storage import posters
from bot.storage.database import Transaction
from bot.storage.posters import Poster

LONGEST_PLACE = 100
MOST_PLACES = 200  # for one announcement


class Action(StrEnum):
    """What is done with posters, as the audit keeps it."""

    ADDED = "them_noi_treo"
    REMOVED = "bo_noi_treo"


async def add(transaction: Transaction, announcement: int, place: str, *, now: datetime) -> Poster:
    """Return the poster of an announcement at a place, new unless there is one; raise Refused for what is no place."""
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in place).split())
    if not name or len(name) > LONGEST_PLACE:
        raise Refused(f"Xin ghi tên nơi treo, từ 1 đến {LONGEST_PLACE} chữ, ví dụ “Nhà văn hóa thôn 2”.", field="place")
    if len(await posters.tallies(transaction, announcement=announcement)) >= MOST_PLACES:
        raise Refused(f"Một thông báo có nhiều nhất {MOST_PLACES} nơi treo.", field="place")
    return await posters.add(transaction, announcement, name, now=now)
