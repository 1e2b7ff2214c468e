"""What the pages of a contest of initiatives share: who sees it, how far, and its entries without their senders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from starlette.responses import Response

from bot.clock import ZONE
from bot.console.visit import Visit
from bot.events import jury
from bot.events.jury import Result
from bot.officials.rights import Right
from bot.privacy.masking import mask
from bot.storage import juries
from bot.storage.database import Transaction
from bot.storage.juries import Contest, Entry, Judge, Marks

PLACE = "/sang-kien"
ORGANISE = Right.WRITE_ANNOUNCEMENTS


@dataclass(frozen=True)
class Seen:
    """A contest as one official may see it: as its organiser, as its judge, or both."""

    contest: Contest
    judges: Sequence[Judge]
    is_judge: bool
    organises: bool


async def seen_by(transaction: Transaction, visit: Visit) -> Seen | None:
    """Return the contest in the address; None when there is none, or it is neither theirs to judge nor to organise."""
    contest = await juries.get(transaction, visit.number("contest"))
    judges = await juries.judges(transaction, contest.id) if contest else []
    is_judge, organises = visit.official.id in {judge.id for judge in judges}, visit.official.may(ORGANISE)
    return Seen(contest, judges, is_judge, organises) if contest and (is_judge or organises) else None


def facts(visit: Visit, seen: Seen) -> dict[str, Any]:
    """Return what every page of a contest is given."""
    return {
        "contest": seen.contest,
        "judges": seen.judges,
        "is_judge": seen.is_judge,
        "organises": seen.organises,
        "state": state(seen.contest, visit.now()),
        "may_mark": seen.is_judge and jury.may_mark(seen.contest, visit.now()),
        "score": score,
        "highest": jury.HIGHEST,
        "lowest": jury.LOWEST,
    }


def own(result: Result, official: int) -> Marks | None:
    """Return what an official gave an entry."""
    return next((one for one in result.given if one.official_id == official), None)


def words(entry: Entry) -> str:
    """Return what an entry says, its sender's name, address and numbers masked: judges must not know whose it is."""
    return mask(entry.text, entry.sender) or "(không có lời hiện ở đây)"


def score(value: Fraction) -> str:
    """Return an average as people write it: 8,33; 27."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".").replace(".", ",")


def state(contest: Contest, now: datetime) -> tuple[str, str]:
    """Return where a contest stands, and the kind of the badge that says so."""
    today = now.astimezone(ZONE).date()
    if contest.closed_at:
        return "đã đóng", "good"
    if today < contest.first_day:
        return "chưa nhận bài", "plain"
    if today <= contest.last_day:
        return "đang nhận bài", "waiting"
    return ("đang chấm", "waiting") if today <= contest.marks_until else ("hết hạn chấm, chờ đóng", "bad")


def subject(number: int) -> str:
    """Return what the audit calls a contest."""
    return f"SANG-KIEN-{number}"


def missing(visit: Visit) -> Response:
    """Return what is said for a contest that is not there and for one that is not theirs: the same."""
    return visit.say("Không có trang này", "Cuộc thi hoặc bài này không có, hoặc ông/bà không chấm ở đây.", 404)
