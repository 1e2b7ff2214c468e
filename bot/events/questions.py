"""The questions of a quiz as a clerk types or pastes them, one block each:

Câu 1: Đăng ký khai sinh trong bao nhiêu ngày?
A. 30 ngày
B. 60 ngày
Đáp án: B
Giải thích: Luật Hộ tịch, Điều 15.
"""

import re
from collections.abc import Sequence

from bot.officials.refused import Refused
from bot.storage.quizzes import Question

LETTERS = "ABCDEF"
FEWEST, MOST = 2, len(LETTERS)
MOST_QUESTIONS = 50
LONGEST_TEXT, LONGEST_ANSWER = 500, 200

_QUESTION = re.compile(r"câu\s*\d*\s*[:.)]\s*(\S.*)", re.IGNORECASE)
_ANSWER = re.compile(r"([A-F])\s*[.):]\s*(\S.*)")
_CORRECT = re.compile(r"đáp\s+án\s*(?:đúng)?\s*:\s*([A-F])\s*\.?", re.IGNORECASE)
_WHY = re.compile(r"giải\s+thích\s*:\s*(.*)", re.IGNORECASE)


def read(text: str) -> list[Question]:
    """Return the questions of a text; raise Refused that names the question and what is wrong with it."""
    blocks: list[list[str]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if _QUESTION.fullmatch(line):
            blocks.append([])
        elif not blocks:
            raise _wrong(1, "dòng đầu phải là “Câu 1: …”.")
        blocks[-1].append(line)
    if not 0 < len(blocks) <= MOST_QUESTIONS:
        raise Refused(f"Cần từ 1 đến {MOST_QUESTIONS} câu hỏi, câu nào cũng bắt đầu bằng “Câu 1:”.", field="questions")
    return [_question(number, lines) for number, lines in enumerate(blocks, 1)]


def _question(number: int, lines: Sequence[str]) -> Question:
    answers: list[str] = []
    correct, why, words = "", list[str](), list[str]()
    for line in lines:
        if found := _ANSWER.fullmatch(line):
            if found[1] != LETTERS[len(answers) : len(answers) + 1]:
                raise _wrong(
                    number, f"sau {len(answers)} câu trả lời lại thấy “{found[1]}.”; xin ghi A, B, C… theo thứ tự."
                )
            answers.append(found[2])
        elif found := _CORRECT.fullmatch(line):
            correct = found[1].upper()
        elif found := _WHY.fullmatch(line):
            why = [found[1]]
        elif correct and why:
            why.append(line)
        elif not answers:
            words.append(_text(line))
        else:
            raise _wrong(number, f"không hiểu dòng “{line[:60]}”.")
    return _checked(number, Question(" ".join(words), answers, LETTERS.find(correct or "-"), " ".join(why)))


def _text(line: str) -> str:
    found = _QUESTION.fullmatch(line)
    return found[1] if found else line


def _checked(number: int, question: Question) -> Question:
    if len(question.answers) < FEWEST:
        raise _wrong(number, f"cần từ {FEWEST} đến {MOST} câu trả lời, mỗi câu một dòng “A. …”.")
    if not 0 <= question.correct < len(question.answers):
        raise _wrong(number, "thiếu dòng “Đáp án: …”, hoặc đáp án không có trong các câu trả lời.")
    if max(len(question.text), len(question.explanation)) > LONGEST_TEXT:
        raise _wrong(number, f"câu hỏi hay lời giải thích dài quá {LONGEST_TEXT} chữ.")
    if max(map(len, question.answers)) > LONGEST_ANSWER:
        raise _wrong(number, f"có câu trả lời dài quá {LONGEST_ANSWER} chữ.")
    return question


def _wrong(number: int, told: str) -> Refused:
    return Refused(f"Câu {number}: {told}", field="questions")


def written(questions: Sequence[Question]) -> str:
    """Return questions as they are typed, to be changed and read again."""
    return "\n\n".join(_written(number, question) for number, question in enumerate(questions, 1))


def _written(number: int, question: Question) -> str:
    lines = [f"Câu {number}: {question.text}"]
    lines += [f"{letter}. {answer}" for letter, answer in zip(LETTERS, question.answers, strict=False)]
    lines.append(f"Đáp án: {LETTERS[question.correct]}")
    return "\n".join([*lines, f"Giải thích: {question.explanation}"] if question.explanation else lines)
