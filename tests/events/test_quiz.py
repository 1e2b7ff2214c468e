"""A quiz as people take it: once, question by question, with a break, and nobody twice."""

import asyncio
import tempfile
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.events import questions
from bot.events import quiz as service
from bot.messages import Reply
from bot.officials.refused import Refused
from bot.storage import quizzes
from bot.storage.database import Database, upgrade
from bot.storage.event_tables import quiz_answers, quiz_tries
from bot.storage.quizzes import Plan
from handlers.services import Services
from tests.conftest import NOW
from tests.events.shared import DAY, HOUR, QUESTIONS, QUIZ, TEXTS, opened, someone, told
from tests.handlers.citizens import Citizen, rows

# ---- stories


async def test_lan_takes_it_with_a_break_and_hears_the_answers_after_closing(services: Services, lan: Citizen) -> None:
    await opened(services.database)
    assert "**2" not in (await lan.say("thi tìm hiểu")).text
    assert "Câu 1/2" in (await lan.press("Bắt đầu thi")).text
    second = await lan.say("B")
    assert "Câu 2/2" in second.text
    later = Citizen("lan", replace(services, now=lambda: NOW + 2 * HOUR))
    assert "Câu 2/2" in (await later.say("thi tim hieu")).text
    done = await later.say("2")
    assert "đúng **1/2** câu, trong 2 giờ" in done.text
    assert "60 ngày" not in done.text, "the right answers wait until it has closed"
    await later.press("Cho biết tên, điện thoại")
    assert "0912345678" in (await later.say("Nguyễn Thị Lan, 0912 345 678")).text
    assert "một lần" in "".join(reply.text for reply in (await _again(later)))
    (tried,) = await rows(services, quiz_tries)
    assert (tried["name"], tried["phone"], tried["score"]) == ("Nguyễn Thị Lan", "0912345678", 1)
    assert await service.tell_results(services.database, TEXTS, now=NOW + 5 * DAY - HOUR) == 0
    assert await service.tell_results(services.database, TEXTS, now=NOW + 5 * DAY) == 1
    assert await service.tell_results(services.database, TEXTS, now=NOW + 6 * DAY) == 0
    ((who, words),) = await told(services.database, NOW + 6 * DAY)
    assert who == "lan"
    assert all(part in words for part in ("1/2 câu", "Đáp án: B. 60 ngày", "Luật Hộ tịch", "Ông/bà chọn: B. Hai"))


async def _again(person: Citizen) -> list[Reply]:
    await person.press_id("tt:1:start")
    return list(person.last)


async def test_before_it_opens_after_it_closes_and_cut_off(services: Services, lan: Citizen, hung: Citizen) -> None:
    number = await opened(services.database, opens_at=NOW + HOUR)
    assert "chưa mở" in (await lan.say("cuộc thi")).text
    assert "mở từ 9:30" in (await lan.press_id(f"tt:{number}:start")).text
    at_ten = Citizen("lan", replace(services, now=lambda: NOW + 2 * HOUR))
    await at_ten.press_id(f"tt:{number}:start")
    await at_ten.say("1")
    too_late = Citizen("lan", replace(services, now=lambda: NOW + 6 * DAY))
    assert "chưa làm xong" in (await too_late.press_id(f"tt:{number}:1:0")).text
    late = Citizen("hung", replace(services, now=lambda: NOW + 6 * DAY))
    assert "mở từ" in (await late.press_id(f"tt:{number}:start")).text
    assert len(await rows(services, quiz_tries)) == 1


@pytest.mark.parametrize(
    "choice",
    ["tt", "tt:", "tt:0", "tt:-1", "tt:77:start", "tt:1:x", "tt:1:-1:0", "tt:1:0:9", "tt:1:1:0", "tt:1:9:9", "tt:1:0"],
)
async def test_forged_buttons_answer_nothing(services: Services, lan: Citizen, choice: str) -> None:
    await opened(services.database)
    await lan.press_id("tt:1:start")
    assert (await lan.press_id(choice)).text
    assert await rows(services, quiz_answers) == []
    assert (await rows(services, quiz_tries))[0]["score"] == 0


async def test_who_has_their_data_deleted_gets_no_second_try(services: Services, lan: Citizen) -> None:
    number = await opened(services.database)
    await lan.press_id(f"tt:{number}:start")
    await lan.say("B")
    assert "1 bài thi" in (await lan.say("dữ liệu của tôi")).text
    await lan.press("Xem toàn bộ")
    assert any("Thi tìm hiểu CCHC" in reply.text and "1B" in reply.text for reply in lan.last)
    await lan.say("xóa dữ liệu của tôi")
    await lan.press("Xóa dữ liệu của tôi")
    assert await rows(services, quiz_answers) == []
    assert "không thi lại" in (await lan.press_id(f"tt:{number}:start")).text
    async with services.database.transaction() as transaction:
        assert await quizzes.finished(transaction, number) == []
        assert await quizzes.purge(transaction, before=NOW + 6 * DAY) == 1
    assert [row["person_id"] for row in await rows(services, quiz_tries)] == [None]


# ---- one try


async def test_pressing_at_once_counts_once(database: Database) -> None:
    number = await opened(database)
    async with database.transaction() as transaction:
        lan = await someone(transaction, "lan")
        asked = await quizzes.questions(transaction, number)

    async def begins() -> bool:
        async with database.transaction() as transaction:
            return await quizzes.begin(transaction, number, lan, "web", now=NOW)

    async def answers(question: int, given: int) -> bool:
        async with database.transaction() as transaction:
            tried = await quizzes.try_of(transaction, number, lan)
            assert tried
            return await service.answer(transaction, tried, asked, question, given, now=NOW)

    assert sum(await asyncio.gather(*(begins() for _ in range(5)))) == 1
    assert sum(await asyncio.gather(*(answers(0, given) for given in (1, 1, 0, 1, 0)))) == 1
    assert sum(await asyncio.gather(*(answers(1, 0) for _ in range(5)))) == 1
    async with database.transaction() as transaction:
        tried = await quizzes.try_of(transaction, number, lan)
        kept = await quizzes.answers(transaction, tried.id) if tried else {}
    assert tried
    assert tried.finished_at
    assert tried.score == sum(kept[n] == question.correct for n, question in enumerate(asked))


PRESSES = st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3)), max_size=12)


@settings(max_examples=25, deadline=None)
@given(presses=PRESSES)
def test_whatever_is_pressed_each_question_is_answered_once_in_order(presses: list[tuple[int, int]]) -> None:
    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            upgrade(f"sqlite:///{folder}/thi.db")
            database = Database.open(f"sqlite:///{folder}/thi.db")
            try:
                await _pressed(database, presses)
            finally:
                await database.close()

    asyncio.run(run())


async def _pressed(database: Database, presses: list[tuple[int, int]]) -> None:
    number = await opened(database)
    expected: dict[int, int] = {}
    async with database.transaction() as transaction:
        lan = await someone(transaction, "lan")
        asked = await quizzes.questions(transaction, number)
        await quizzes.begin(transaction, number, lan, "web", now=NOW)
        for question, given_answer in presses:
            tried = await quizzes.try_of(transaction, number, lan)
            assert tried
            took = await service.answer(transaction, tried, asked, question, given_answer, now=NOW)
            is_next = question == len(expected) < 2 and 0 <= given_answer < len(asked[question].answers)
            assert took == is_next
            if took:
                expected[question] = given_answer
        tried = await quizzes.try_of(transaction, number, lan)
        assert tried
        assert await quizzes.answers(transaction, tried.id) == expected
        assert tried.score == sum(asked[n].correct == one for n, one in expected.items())
        assert (tried.finished_at is not None) == (len(expected) == 2)


# ---- standings, questions


async def test_standings_by_score_then_time_and_equals_share_a_place(database: Database) -> None:
    number = await opened(database)
    took = {"lan": (2, 60), "hung": (2, 45), "binh": (1, 5), "mai": (2, 60), "tu": (0, 1)}
    async with database.transaction() as transaction:
        asked = await quizzes.questions(transaction, number)
        for address, (score, seconds) in took.items():
            person = await someone(transaction, address)
            await quizzes.begin(transaction, number, person, address, now=NOW)
            for n, question in enumerate(asked):
                tried = await quizzes.try_of(transaction, number, person)
                assert tried
                right = question.correct if n < score else 1 - question.correct
                await service.answer(transaction, tried, asked, n, right, now=NOW + timedelta(seconds=seconds))
        standings = service.ranked(await quizzes.finished(transaction, number))
    assert [(one.place, one.tried.channel) for one in standings] == [
        (1, "hung"),
        (2, "lan"),
        (2, "mai"),
        (4, "binh"),
        (5, "tu"),
    ]


def test_questions_are_read_as_they_are_written() -> None:
    asked = questions.read(QUESTIONS)
    assert [(q.text, len(q.answers), q.correct, q.explanation) for q in asked] == [
        ("Đăng ký khai sinh trong bao nhiêu ngày?", 2, 1, "Luật Hộ tịch, Điều 15."),
        ("Cấp xã có mấy cửa?", 3, 0, ""),
    ]
    assert questions.read(questions.written(asked)) == asked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "từ 1 đến"),
        ("A. không có câu hỏi", "dòng đầu"),
        ("Câu 1: gì?\nA. một\nĐáp án: A", "từ 2 đến 6"),
        ("Câu 1: gì?\nA. một\nB. hai", "Đáp án"),
        ("Câu 1: gì?\nA. một\nB. hai\nĐáp án: C", "Đáp án"),
        ("Câu 1: gì?\nA. một\nC. ba\nĐáp án: A", "theo thứ tự"),
        ("Câu 1: gì?\nA. một\nB. hai\nđây là gì\nĐáp án: A", "không hiểu dòng"),
        (f"Câu 1: {'x' * 501}\nA. một\nB. hai\nĐáp án: A", "dài quá"),
        (f"Câu 1: gì?\nA. {'x' * 201}\nB. hai\nĐáp án: A", "dài quá"),
        ("Câu 1: gì?\nA. 1\nB. 2\nC. 3\nD. 4\nE. 5\nF. 6\nF. 7\nĐáp án: A", "theo thứ tự"),
        ("Câu 1: gì?\nA. một\nB. hai\nĐáp án: A\n" * 51, "từ 1 đến 50"),
    ],
)
def test_what_is_wrong_with_questions_is_told(text: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        questions.read(text)


async def test_questions_stay_once_somebody_began(database: Database) -> None:
    number = await opened(database)
    async with database.transaction() as transaction:
        other = QUESTIONS.replace("60 ngày", "90 ngày")
        assert await service.save(transaction, number, Plan(**QUIZ), other, now=NOW) == number
        assert (await quizzes.questions(transaction, number))[0].answers[1] == "90 ngày"
        await quizzes.begin(transaction, number, await someone(transaction, "lan"), "web", now=NOW)
        with pytest.raises(Refused, match="Đã có 1 người"):
            await service.save(transaction, number, Plan(**QUIZ), QUESTIONS, now=NOW)
        longer = Plan(**QUIZ | {"closes_at": NOW + 9 * DAY})
        assert await service.save(transaction, number, longer, other, now=NOW) == number
