"""Everything that is kept about a person, in their own language: shown in the chat, downloaded from the web page."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.events.questions import LETTERS
from bot.storage import (
    case_events,
    consents,
    data_requests,
    drafts,
    events,
    personal,
    quizzes,
    subscribers,
    web_messages,
)
from bot.storage.cases import Case
from bot.storage.database import Transaction
from bot.texts import Texts

MOST_MESSAGES = 5_000
TALK = "Hội thoại trên trang web"  # left out where the talk itself is on the screen

Part = Sequence[Mapping[str, str]]


async def everything(transaction: Transaction, person: int, texts: Texts) -> dict[str, Part]:
    """Return all that is kept about a person: parts by title, each a list of what the parts hold, in words."""
    known = await personal.known(transaction, person)
    asked = await personal.asked(transaction, person)
    filed = await personal.filed(transaction, person)
    requests = await data_requests.of_person(transaction, person)
    kinds = texts.section("data_kinds")
    parts: dict[str, Part] = {
        "Khung chat": [{"Kênh": known.channel, "Từ": _at(known.created_at), "Lần cuối": _at(known.seen_at)}],
        "Đồng ý": await _agreements(transaction, person, texts),
        "Thông báo đăng ký nhận": await _subscription(transaction, person),
        "Câu hỏi (đã che số)": [{"Lúc": _at(question.asked_at), "Nội dung": question.text} for question in asked],
        TALK: await _talk(transaction, person),
        "Phản ánh đang viết": await _draft(transaction, person),
        "Sự kiện đã đăng ký": await _events(transaction, person),
        "Bài thi tìm hiểu": await _tries(transaction, person),
        "Việc đã gửi": [await _case(transaction, case, texts) for case in filed],
        "Yêu cầu về dữ liệu": [
            {"Lúc": _at(r.asked_at), "Việc": kinds[r.kind], "Nội dung": r.text, "Kết quả": r.outcome} for r in requests
        ],
    }
    return {title: [_filled(item) for item in part] for title, part in parts.items() if part}


async def _agreements(transaction: Transaction, person: int, texts: Texts) -> Part:
    purposes = texts.section("purposes")
    return [
        {
            "Mục đích": purposes.get(consent.purpose, consent.purpose),
            "Đồng ý lúc": _at(consent.given_at),
            "Rút lúc": _at(consent.withdrawn_at),
        }
        for consent in await consents.of_person(transaction, person)
    ]


async def _subscription(transaction: Transaction, person: int) -> Part:
    agreed = await subscribers.find(transaction, person)
    if agreed.consented_at is None:
        return []
    topics = ", ".join(sorted(agreed.topics))
    stopped = _at(agreed.stopped_at)
    return [{"Loại tin": topics, "Thôn": agreed.village, "Đồng ý lúc": _at(agreed.consented_at), "Dừng lúc": stopped}]


async def _talk(transaction: Transaction, person: int) -> Part:
    said = await web_messages.latest(transaction, person, limit=MOST_MESSAGES)
    speaker = {True: "Ông/bà", False: "Trợ lý"}
    return [{"Ai": speaker[m.from_citizen], "Nội dung": str(json.loads(m.body).get("text", ""))} for m in said]


async def _draft(transaction: Transaction, person: int) -> Part:
    kept = await drafts.of_person(transaction, person)
    if kept is None:
        return []
    raw = json.loads(kept.body)
    labels = {"text": "Nội dung", "name": "Họ tên", "phone": "Điện thoại", "address": "Địa chỉ", "landmark": "Nơi"}
    files = await case_events.attachments_of(transaction, draft=kept.id)
    told = {label: str(raw.get(name, "")) for name, label in labels.items()}
    return [{**told, "Tệp": ", ".join(file.name or file.kind for file in files)}]


async def _events(transaction: Transaction, person: int) -> Part:
    signed = await events.of_person(transaction, person)
    states = {events.Place.COMING: "tham dự", events.Place.WAITING: "chờ có chỗ"}
    return [
        {"Sự kiện": event.name, "Lúc": _at(event.starts_at), "Đăng ký": states[place], "Họ tên": name}
        for event, place, name in signed
    ]


async def _tries(transaction: Transaction, person: int) -> Part:
    return [
        {
            "Cuộc thi": quiz.name,
            "Bắt đầu": _at(tried.started_at),
            "Xong": _at(tried.finished_at),
            "Số câu đúng": str(tried.score),
            "Trả lời": _answered(await quizzes.answers(transaction, tried.id)),
            "Họ tên": tried.name,
            "Điện thoại": tried.phone,
        }
        for quiz, tried in await quizzes.of_person(transaction, person)
    ]


def _answered(given: Mapping[int, int]) -> str:
    return ", ".join(f"{number + 1}{LETTERS[position]}" for number, position in given.items())


async def _case(transaction: Transaction, case: Case, texts: Texts) -> Mapping[str, str]:
    events = await case_events.of_case(transaction, case.id, shown_only=True)
    files = await case_events.attachments_of(transaction, case=case.id)
    point = f"{case.latitude}, {case.longitude}" if case.latitude is not None else ""
    return {
        "Mã": case.code,
        "Loại": texts.section("case_types")[case.type],
        "Gửi lúc": _at(case.created_at),
        "Trạng thái": texts.section("case_states")[case.state],
        "Nội dung": case.text,
        "Họ tên": case.reporter_name,
        "Điện thoại": case.reporter_phone,
        "Địa chỉ": case.reporter_address,
        "Nơi xảy ra": ", ".join(part for part in (case.thon, case.landmark) if part),
        "Vị trí": point,
        "Tệp": ", ".join(file.name or file.kind for file in files if not file.from_official),
        "Bổ sung": "\n".join(event.text for event in events[1:] if event.by == "citizen" and event.text),
        "Xã trả lời": case.answer,
    }


def _filled(item: Mapping[str, str]) -> dict[str, str]:
    return {label: value for label, value in item.items() if value}


def _at(moment: datetime | None) -> str:
    return f"{moment:%d/%m/%Y %H:%M}" if moment else ""
