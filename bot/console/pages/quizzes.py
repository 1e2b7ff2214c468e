"""Thi tìm hiểu: the questions, when they are open, the standings."""

from collections.abc import Mapping
from datetime import datetime

from starlette.responses import Response

from bot.console import case_words, listing, typed
from bot.console.visit import Page, Visit
from bot.events import questions, sheets
from bot.events import quiz as service
from bot.events.quiz import Action
from bot.officials.refused import Missing, Refused
from bot.officials.rights import Right
from bot.storage import quizzes
from bot.storage.quizzes import Plan, Quiz

PLACE = "/thi-tim-hieu"
FIELDS = ("name", "intro", "opens_at", "closes_at", "announcement", "questions")
HEAD = ("Hạng", "Họ tên", "Điện thoại", "Kênh", "Số câu đúng", "Thời gian (giây)", "Thời gian", "Nộp lúc")
SHOWN = 100


async def everything(visit: Visit) -> Response:
    """All quizzes, the latest first."""
    limit, offset = listing.SIZE + 1, listing.offset(visit.request)
    async with visit.database.transaction() as transaction:
        found = await quizzes.page(transaction, offset=offset, limit=limit)
        counts = {quiz.id: await quizzes.counts(transaction, quiz.id) for quiz in found}
    return visit.show(
        "quizzes.html", list=listing.listed(visit.request, found), counts=counts, state=_state, now=visit.now()
    )


async def new(visit: Visit) -> Response:
    """The form of a new quiz."""
    return _form(visit, dict.fromkeys(FIELDS, ""))


async def one(visit: Visit) -> Response:
    """A quiz with its standings."""
    async with visit.database.transaction() as transaction:
        quiz = await quizzes.get(transaction, visit.number("quiz"))
        if quiz is None:
            return _missing(visit)
        asked = await quizzes.questions(transaction, quiz.id)
        began, _ = await quizzes.counts(transaction, quiz.id)
        standings = service.ranked(await quizzes.finished(transaction, quiz.id))
    return visit.show(
        "quiz.html",
        quiz=quiz,
        asked=asked,
        began=began,
        count=len(standings),
        standings=standings[:SHOWN],
        state=_state(quiz, visit.now()),
        spoken=service.spoken,
        letters=questions.LETTERS,
        channels=case_words.CHANNELS,
        can_change=visit.now() < quiz.closes_at,
    )


async def edit(visit: Visit) -> Response:
    """The form of a quiz as it stands."""
    async with visit.database.transaction() as transaction:
        quiz = await quizzes.get(transaction, visit.number("quiz"))
        asked = await quizzes.questions(transaction, quiz.id) if quiz else []
    if quiz is None:
        return _missing(visit)
    given = {
        "name": quiz.name,
        "intro": quiz.intro,
        "opens_at": typed.shown(quiz.opens_at),
        "closes_at": typed.shown(quiz.closes_at),
        "announcement": str(quiz.announcement_id or ""),
        "questions": questions.written(asked),
    }
    return _form(visit, given, number=quiz.id)


async def save(visit: Visit) -> Response:
    """Keep a quiz, new or changed."""
    number = visit.number("quiz")
    try:
        plan = Plan(
            name=visit.typed("name"),
            intro=visit.typed("intro"),
            opens_at=typed.moment(visit.typed("opens_at"), "opens_at"),
            closes_at=typed.moment(visit.typed("closes_at"), "closes_at"),
            announcement_id=typed.number(visit.typed("announcement"), "announcement"),
        )
        async with visit.database.transaction() as transaction:
            number = await service.save(transaction, number, plan, visit.typed("questions"), now=visit.now())
            await visit.record(transaction, Action.SAVED, f"THI-{number}")
    except Missing:
        return _missing(visit)
    except Refused as refused:
        return _form(visit, {name: visit.typed(name) for name in FIELDS}, refused, number=number)
    return visit.go(f"{PLACE}/{number}", "Đã lưu cuộc thi.")


async def export(visit: Visit) -> Response:
    """The standings as a workbook."""
    async with visit.database.transaction() as transaction:
        quiz = await quizzes.get(transaction, visit.number("quiz"))
        if quiz is None:
            return _missing(visit)
        standings = service.ranked(await quizzes.finished(transaction, quiz.id))
        await visit.record(transaction, Action.STANDINGS_TAKEN, f"THI-{quiz.id}", count=len(standings))
    rows = [
        (
            one.place,
            one.tried.name or "(không cho biết tên)",
            one.tried.phone,
            case_words.CHANNELS.get(one.tried.channel, one.tried.channel),
            one.tried.score,
            round(one.took.total_seconds()),
            service.spoken(one.took),
            f"{one.tried.finished_at:%d/%m/%Y %H:%M:%S}",
        )
        for one in standings
    ]
    return typed.workbook(sheets.book("Xếp hạng", HEAD, rows, wide=(1,)), f"thi-tim-hieu-{quiz.id}")


def _state(quiz: Quiz, now: datetime) -> tuple[str, str]:
    """Return whether a quiz is open, and the kind of the badge that says so."""
    if now < quiz.opens_at:
        return "chưa mở", "plain"
    return ("đang mở", "waiting") if service.is_open(quiz, now) else ("đã đóng", "good")


def _form(visit: Visit, given: Mapping[str, str], refused: Refused | None = None, *, number: int = 0) -> Response:
    return visit.show("quiz_form.html", refused=refused, typed=given, number=number, example=EXAMPLE)


def _missing(visit: Visit) -> Response:
    return visit.say("Không có cuộc thi này", "Địa chỉ có thể đã gõ thiếu.", 404)


EXAMPLE = """Câu 1: Đăng ký khai sinh trong bao nhiêu ngày kể từ ngày sinh?
A. 30 ngày
B. 60 ngày
Đáp án: B
Giải thích: Luật Hộ tịch, Điều 15."""
WRITE = Right.WRITE_ANNOUNCEMENTS
PAGES = (
    Page(PLACE, everything, WRITE),
    Page(f"{PLACE}/moi", new, WRITE),
    Page(f"{PLACE}/moi", save, WRITE, "POST"),
    Page(f"{PLACE}/{{quiz}}", one, WRITE),
    Page(f"{PLACE}/{{quiz}}/sua", edit, WRITE),
    Page(f"{PLACE}/{{quiz}}/sua", save, WRITE, "POST"),
    Page(f"{PLACE}/{{quiz}}/xep-hang.xlsx", export, WRITE),
)
