"""A person's requests about their data, each with the clock of the law (NĐ 356/2025/NĐ-CP Điều 5)."""

from datetime import datetime
from enum import StrEnum

from bot import notices
from bot.messages import Reply
from bot.officials import auditing
from bot.officials.rights import Official
from bot.storage import cases, data_requests, personal
from bot.storage.case_lists import FINISHED
from bot.storage.data_requests import DataRequest
from bot.storage.database import Transaction
from bot.texts import Texts

AT_ONCE = "trợ lý"  # who did it, when no official was needed


class Kind(StrEnum):
    """What may be asked for."""

    SEE = "xem"
    CORRECT = "sua"
    WITHDRAW = "rut_dong_y"
    DELETE = personal.DELETION


class Action(StrEnum):
    """What is audited here."""

    DONE = "xong_yeu_cau_du_lieu"


def matter(kind: Kind) -> str:
    """Return the rule in deadlines.toml that says until when a request is to be done."""
    return f"data_{kind}"


ANSWER = "data_answer"  # the rule that says until when a request is to be answered at all


async def done_at_once(
    transaction: Transaction, person: int, kind: Kind, outcome: str, *, now: datetime, due: datetime
) -> None:
    """Keep that a person asked for something and got it in the same moment."""
    kept = await data_requests.add(transaction, person, kind, now=now, due=due)
    await data_requests.finish(transaction, kept.id, by=AT_ONCE, outcome=outcome, now=now)


async def finish(
    transaction: Transaction, request: DataRequest, answer: str, by: Official, texts: Texts, *, now: datetime
) -> bool:
    """Note what an official did about a request and tell the person; False when it was done before."""
    if not await data_requests.finish(transaction, request.id, by=by.full_name, outcome=answer, now=now):
        return False
    await auditing.record(transaction, by, Action.DONE, f"YC-{request.id}", now=now, loai=request.kind)
    if request.person_id is not None:
        asked = texts.section("data_kinds")[request.kind]
        reply = Reply(texts.say("data.answered", kind=asked, day=f"{request.asked_at:%d/%m/%Y}", text=answer))
        await notices.tell(transaction, request.person_id, [reply], now=now)
    return True


async def open_cases(transaction: Transaction, person: int) -> list[cases.Case]:
    """Return the cases of a person that an official may be told of: still open, and not confidential."""
    filed = await personal.filed(transaction, person)
    return [case for case in filed if case.state not in FINISHED and not case.confidential]
