"""Yêu cầu dữ liệu: what people ask about their own data that the program cannot do by itself, by deadline."""

from starlette.responses import Response

from bot.console import listing
from bot.console.visit import Page, Visit
from bot.officials.refused import Refused
from bot.officials.rights import Right
from bot.privacy import requests
from bot.storage import data_requests

LONGEST_ANSWER = 2_000
DONE = "Đã ghi và báo người dân."
DONE_BEFORE = "Yêu cầu này người khác vừa trả lời; điều vừa viết chưa được gửi."


async def everything(visit: Visit) -> Response:
    """The requests still to be done, the most pressing first; with `?xong` those done."""
    done = "xong" in visit.request.query_params
    limit, offset = listing.SIZE + 1, listing.offset(visit.request)
    async with visit.database.transaction() as transaction:
        found = await data_requests.page(transaction, done=done, limit=limit, offset=offset)
    kinds, listed = visit.office.texts.section("data_kinds"), listing.listed(visit.request, found)
    return visit.show("data_requests.html", list=listed, done=done, kinds=kinds, now=visit.now())


async def one(visit: Visit) -> Response:
    """One request, with the field for its answer."""
    return await _shown(visit)


async def answer(visit: Visit) -> Response:
    """Note what was done and tell the person."""
    text = visit.typed("answer")
    if not text or len(text) > LONGEST_ANSWER:
        words = f"Viết vài dòng để người dân biết đã làm gì, tối đa {LONGEST_ANSWER} chữ."
        return await _shown(visit, Refused(words, field="answer"))
    async with visit.database.transaction() as transaction:
        request = await data_requests.get(transaction, visit.number("request"))
        if request is None:
            return _missing(visit)
        texts = visit.office.texts
        is_done = await requests.finish(transaction, request, text, visit.official, texts, now=visit.now())
    return visit.go("/du-lieu", DONE if is_done else DONE_BEFORE)


async def _shown(visit: Visit, refused: Refused | None = None) -> Response:
    async with visit.database.transaction() as transaction:
        request = await data_requests.get(transaction, visit.number("request"))
        if request is None:
            return _missing(visit)
        person = request.person_id
        related = await requests.open_cases(transaction, person) if person is not None else []
    return visit.show(
        "data_request.html",
        refused=refused,
        r=request,
        kinds=visit.office.texts.section("data_kinds"),
        codes=[case.code for case in related],
        typed=visit.typed("answer"),
        now=visit.now(),
    )


def _missing(visit: Visit) -> Response:
    return visit.say("Không có yêu cầu này", "Địa chỉ có thể đã gõ thiếu.", 404)


HANDLE = Right.HANDLE_DATA_REQUESTS
PAGES = (
    Page("/du-lieu", everything, HANDLE),
    Page("/du-lieu/{request}", one, HANDLE),
    Page("/du-lieu/{request}", answer, HANDLE, "POST"),
)
