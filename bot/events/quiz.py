"""Taking a quiz: one try, question by question; the right answers are told to all once it has closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot import notices
from bot.events.invitation import may_carry
from bot.events.questions import LETTERS, read
from bot.messages import Reply
from bot.officials.refused import Missing, Refused
from bot.storage import quizzes
from bot.storage.database import Database, Transaction
from bot.storage.quizzes import Plan, Question, Quiz, Try
from bot.texts import Texts

LONGEST_TITLE, LONGEST_INTRO = 150, 1_000
AT_A_TIME = 50  # people told the results in one transaction
PURPOSE, WORDING = "thi_tim_hieu", "thi_tim_hieu-1"  # the agreement to give a name, and the text it was given to


class Action(StrEnum):
    """What is audited here."""

    SAVED = "luu_cuoc_thi"
    STANDINGS_TAKEN = "xuat_ket_qua_thi"


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the standings. Those with as many right in the same time share a place."""

    place: int
    tried: Try
    took: timedelta


async def save(transaction: Transaction, number: int, plan: Plan, text: str, *, now: datetime) -> int:
    """Keep a quiz, new with number 0, or changed; return its id. Questions stay as they are once anybody began."""
    asked = read(text)
    known = await quizzes.get(transaction, number, lock=True) if number else None
    if number and known is None:
        raise Missing("Không có cuộc thi này.")
    _check(plan, known, now=now)
    await may_carry(transaction, plan.announcement_id, known.announcement_id if known else None)
    if known is None:
        return await quizzes.add(transaction, plan, asked, now=now)
    is_other = asked != await quizzes.questions(transaction, number)
    began, _ = await quizzes.counts(transaction, number)
    if is_other and began:
        raise Refused(f"Đã có {began} người bắt đầu thi nên không đổi câu hỏi được nữa.", field="questions")
    await quizzes.change(transaction, number, plan, asked if is_other else None)
    return number


def _check(plan: Plan, known: Quiz | None, *, now: datetime) -> None:
    if not 0 < len(plan.name) <= LONGEST_TITLE:
        raise Refused(f"Tên cần từ 1 đến {LONGEST_TITLE} chữ.", field="name")
    if len(plan.intro) > LONGEST_INTRO:
        raise Refused(f"Lời giới thiệu dài quá {LONGEST_INTRO} chữ.", field="intro")
    if known and known.closes_at <= now:
        raise Refused("Cuộc thi này đã đóng nên không sửa được nữa.")
    if plan.closes_at <= max(plan.opens_at, now):
        raise Refused("Giờ đóng phải sau giờ mở và chưa qua.", field="closes_at")


def is_open(quiz: Quiz, now: datetime) -> bool:
    return quiz.opens_at <= now < quiz.closes_at


async def answer(
    transaction: Transaction, tried: Try, asked: Sequence[Question], number: int, given: int, *, now: datetime
) -> bool:
    """Keep one answer and finish with the last; False when that question is not the one to be answered now."""
    if not 0 <= number < len(asked) or not 0 <= given < len(asked[number].answers):
        return False
    is_right = given == asked[number].correct
    if not await quizzes.answer(transaction, tried, number, given, is_right=is_right):
        return False
    if number + 1 == len(asked):
        await quizzes.finish(transaction, tried, now=now)
    return True


def took(tried: Try) -> timedelta:
    """Return how long a finished try took, breaks and all."""
    return (tried.finished_at or tried.started_at) - tried.started_at


def ranked(tries: Sequence[Try]) -> list[Standing]:
    """Return the standings: more right answers first, then less time."""
    ordered = sorted(tries, key=lambda tried: (-tried.score, took(tried), tried.id))
    found: list[Standing] = []
    for position, tried in enumerate(ordered, 1):
        before = found[-1] if found else None
        is_same = before is not None and (before.tried.score, before.took) == (tried.score, took(tried))
        found.append(Standing(before.place if before and is_same else position, tried, took(tried)))
    return found


def spoken(time: timedelta) -> str:
    """Return a length of time as people say it: 1 giờ 5 phút, 45 giây."""
    seconds = round(time.total_seconds())
    parts = ((seconds // 3600, "giờ"), (seconds % 3600 // 60, "phút"), (seconds % 60, "giây"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 giây"


async def tell_results(database: Database, texts: Texts, *, now: datetime) -> int:
    """Tell those who took a quiz that has closed the right answers, each once; return how many."""
    told = 0
    while True:
        async with database.transaction() as transaction:
            some = await quizzes.take_untold(transaction, now=now, limit=AT_A_TIME)
            for tried in some:
                await _tell(transaction, tried, texts, now=now)
        told += len(some)
        if len(some) < AT_A_TIME:
            return told


async def _tell(transaction: Transaction, tried: Try, texts: Texts, *, now: datetime) -> None:
    quiz = await quizzes.get(transaction, tried.quiz_id)
    if quiz and tried.person_id is not None:
        replies = await results(transaction, quiz, tried, texts)
        await notices.tell(transaction, tried.person_id, replies, now=now)


async def results(transaction: Transaction, quiz: Quiz, tried: Try, texts: Texts) -> list[Reply]:
    """Return the right answers beside a person's own, with the explanations; only for a quiz that has closed."""
    asked = await quizzes.questions(transaction, quiz.id)
    given = await quizzes.answers(transaction, tried.id)
    lead = texts.say("quizzes.results", name=quiz.name, score=tried.score, count=len(asked))
    lines = [_result(number, question, given.get(number), texts) for number, question in enumerate(asked)]
    return [Reply("\n\n".join([lead, *lines]))]


def _result(number: int, question: Question, given: int | None, texts: Texts) -> str:
    def named(position: int) -> str:
        return f"{LETTERS[position]}. {question.answers[position]}"

    mine = texts.say("quizzes.right_too")
    if given is not None and given != question.correct:
        mine = texts.say("quizzes.wrong", answer=named(given))
    right = named(question.correct).rstrip(".")
    line = texts.say("quizzes.result", number=number + 1, text=question.text, right=right, mine=mine)
    return f"{line}\n{question.explanation}" if question.explanation else line
