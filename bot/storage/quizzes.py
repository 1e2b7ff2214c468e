"""Quizzes: their questions, and one try for each person, which goes forward only and once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage.database import Transaction
from bot.storage.event_tables import quiz_answers, quiz_questions, quiz_tries, quizzes


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an official says of a quiz."""

    name: str
    intro: str
    opens_at: datetime
    closes_at: datetime
    announcement_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz(Plan):
    """A quiz as it stands."""

    id: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `correct` is the position of the right answer, from 0."""

    text: str
    answers: Sequence[str]
    correct: int
    explanation: str


@dataclass(frozen=True, slots=True)
class Try:
    """One person's try. `answered` questions are behind them."""

    id: int
    quiz_id: int
    person_id: int | None
    channel: str
    answered: int
    score: int
    started_at: datetime
    finished_at: datetime | None
    left_at: datetime | None
    name: str
    phone: str


_COLUMNS = [quizzes.c[f.name] for f in fields(Quiz)]
_TRY = [quiz_tries.c[f.name] for f in fields(Try)]
_IN_TIME = quiz_tries.c.finished_at.is_not(None) & quiz_tries.c.left_at.is_(None)


def _quiz(row: Sequence[Any]) -> Quiz:
    return Quiz(**dict(zip([f.name for f in fields(Quiz)], row, strict=True)))


def _row(plan: Plan) -> dict[str, Any]:
    return {f.name: getattr(plan, f.name) for f in fields(Plan)}


async def add(transaction: Transaction, plan: Plan, asked: Sequence[Question], *, now: datetime) -> int:
    """Keep a quiz with its questions; return its id."""
    made = insert(quizzes).values({**_row(plan), "created_at": now}).returning(quizzes.c.id)
    number = int((await transaction.execute(made)).scalar_one())
    await _ask(transaction, number, asked)
    return number


async def change(transaction: Transaction, number: int, plan: Plan, asked: Sequence[Question] | None) -> None:
    """Put a new plan in place of a quiz's, and other questions when they are given."""
    await transaction.execute(update(quizzes).where(quizzes.c.id == number).values(_row(plan)))
    if asked is not None:
        await transaction.execute(delete(quiz_questions).where(quiz_questions.c.quiz_id == number))
        await _ask(transaction, number, asked)


async def _ask(transaction: Transaction, number: int, asked: Sequence[Question]) -> None:
    rows = [
        {
            "quiz_id": number,
            "number": position,
            "text": question.text,
            "answers": list(question.answers),
            "correct": question.correct,
            "explanation": question.explanation,
        }
        for position, question in enumerate(asked)
    ]
    await transaction.execute(insert(quiz_questions), rows)


async def get(transaction: Transaction, number: int, *, lock: bool = False) -> Quiz | None:
    """Return a quiz; with `lock` nobody begins it or changes it until commit."""
    query = select(*_COLUMNS).where(quizzes.c.id == number)
    row = (await transaction.execute(query.with_for_update() if lock else query)).first()
    return _quiz(row) if row else None


async def carried_by(transaction: Transaction, announcement: int) -> Quiz | None:
    """Return the quiz that an announcement invites to."""
    row = (await transaction.execute(select(*_COLUMNS).where(quizzes.c.announcement_id == announcement))).first()
    return _quiz(row) if row else None


async def page(transaction: Transaction, *, offset: int, limit: int) -> list[Quiz]:
    """Return all quizzes, the latest first."""
    query = select(*_COLUMNS).order_by(quizzes.c.opens_at.desc(), quizzes.c.id.desc()).offset(offset).limit(limit)
    return [_quiz(row) for row in await transaction.execute(query)]


async def open_at(transaction: Transaction, now: datetime) -> list[Quiz]:
    """Return the quizzes that can be taken, the first to close first."""
    query = select(*_COLUMNS).where(quizzes.c.opens_at <= now, quizzes.c.closes_at > now)
    return [_quiz(row) for row in await transaction.execute(query.order_by(quizzes.c.closes_at, quizzes.c.id))]


async def questions(transaction: Transaction, number: int) -> list[Question]:
    """Return the questions of a quiz in their order."""
    columns = [quiz_questions.c[f.name] for f in fields(Question)]
    query = select(*columns).where(quiz_questions.c.quiz_id == number).order_by(quiz_questions.c.number)
    return [Question(*row) for row in await transaction.execute(query)]


async def begin(transaction: Transaction, quiz: int, person: int, channel: str, *, now: datetime) -> bool:
    """Begin the one try of a person; False when they began before."""
    row = {"quiz_id": quiz, "person_id": person, "channel": channel, "started_at": now}
    try:
        async with transaction.begin_nested():
            await transaction.execute(insert(quiz_tries).values(row))
    except IntegrityError:
        return False
    return True


def _own(quiz: int, person: int) -> ColumnElement[bool]:
    return (quiz_tries.c.quiz_id == quiz) & (quiz_tries.c.person_id == person)


async def try_of(transaction: Transaction, quiz: int, person: int) -> Try | None:
    """Return a person's try."""
    row = (await transaction.execute(select(*_TRY).where(_own(quiz, person)))).first()
    return Try(*row) if row else None


async def answer(transaction: Transaction, tried: Try, number: int, given: int, *, is_right: bool) -> bool:
    """Keep the answer to question `number`; False unless it is the one that the try has come to."""
    c = quiz_tries.c
    here = (c.id == tried.id) & (c.answered == number) & c.finished_at.is_(None)
    forward = update(quiz_tries).where(here).values(answered=c.answered + 1, score=c.score + int(is_right))
    if (await transaction.execute(forward)).rowcount == 0:
        return False
    await transaction.execute(insert(quiz_answers).values(try_id=tried.id, number=number, answer=given))
    return True


async def finish(transaction: Transaction, tried: Try, *, now: datetime) -> None:
    await transaction.execute(update(quiz_tries).where(quiz_tries.c.id == tried.id).values(finished_at=now))


async def answers(transaction: Transaction, tried: int) -> dict[int, int]:
    """Return what was answered in a try, by the question's number."""
    query = select(quiz_answers.c.number, quiz_answers.c.answer).where(quiz_answers.c.try_id == tried)
    return {row[0]: row[1] for row in await transaction.execute(query)}


async def name(transaction: Transaction, quiz: int, person: int, given: str, phone: str) -> bool:
    """Keep who a person says they are, for the prize; False when they have not finished."""
    named = update(quiz_tries).where(_own(quiz, person), _IN_TIME).values(name=given, phone=phone)
    return (await transaction.execute(named)).rowcount == 1


async def forget_names(transaction: Transaction, person: int) -> None:
    """Remove the names and numbers a person gave: they took their agreement back."""
    await transaction.execute(update(quiz_tries).where(quiz_tries.c.person_id == person).values(name="", phone=""))


async def finished(transaction: Transaction, quiz: int) -> list[Try]:
    """Return the tries that were finished, as they came in."""
    query = select(*_TRY).where(quiz_tries.c.quiz_id == quiz, _IN_TIME).order_by(quiz_tries.c.finished_at)
    return [Try(*row) for row in await transaction.execute(query)]


async def counts(transaction: Transaction, quiz: int) -> tuple[int, int]:
    """Return how many began a quiz and how many finished it."""
    query = select(func.count(), func.count(quiz_tries.c.finished_at)).where(quiz_tries.c.quiz_id == quiz)
    row = (await transaction.execute(query)).one()
    return int(row[0]), int(row[1])


async def take_untold(transaction: Transaction, *, now: datetime, limit: int) -> list[Try]:
    """Return finished tries of closed quizzes whose people were not told the right answers; they count as told now."""
    is_over = exists().where(quizzes.c.id == quiz_tries.c.quiz_id, quizzes.c.closes_at <= now)
    waiting = (_IN_TIME, quiz_tries.c.told_at.is_(None), quiz_tries.c.person_id.is_not(None), is_over)
    some = select(quiz_tries.c.id).where(*waiting).order_by(quiz_tries.c.id).limit(limit)
    some = some.with_for_update(skip_locked=True)
    told = update(quiz_tries).where(quiz_tries.c.id.in_(some.scalar_subquery())).values(told_at=now)
    return [Try(*row) for row in await transaction.execute(told.returning(*_TRY))]


async def of_person(transaction: Transaction, person: int) -> list[tuple[Quiz, Try]]:
    """Return the tries of a person with their quizzes, those left out of the standings too."""
    query = select(*_TRY, *_COLUMNS).join(quizzes, quizzes.c.id == quiz_tries.c.quiz_id)
    rows = await transaction.execute(query.where(quiz_tries.c.person_id == person).order_by(quiz_tries.c.id))
    return [(_quiz(row[len(_TRY) :]), Try(*row[: len(_TRY)])) for row in rows]


async def forget(transaction: Transaction, tries: Sequence[int], *, now: datetime | None) -> None:
    """Remove answers, names and numbers from tries; with `now` they leave the standings and keep whose they are.

    Without it nobody can tell any more whose they were.
    """
    await transaction.execute(delete(quiz_answers).where(quiz_answers.c.try_id.in_(tries)))
    values: dict[str, Any] = {"name": "", "phone": ""}
    values |= {"left_at": now, "finished_at": now, "score": 0, "answered": 0} if now else {"person_id": None}
    await transaction.execute(update(quiz_tries).where(quiz_tries.c.id.in_(tries)).values(values))


async def purge(transaction: Transaction, *, before: datetime) -> int:
    """Forget whose the tries of quizzes closed before a moment were; scores and how many took part stay."""
    old = exists().where(quizzes.c.id == quiz_tries.c.quiz_id, quizzes.c.closes_at < before)
    known = select(quiz_tries.c.id).where(quiz_tries.c.person_id.is_not(None), old)
    tries = list((await transaction.execute(known)).scalars())
    await forget(transaction, tries, now=None)
    return len(tries)
