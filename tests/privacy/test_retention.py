"""What goes by itself, on SQLite and on PostgreSQL, with a clock that is put forward."""

import os
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import assembly, scheduling
from bot.cases import moves
from bot.channels.web import said
from bot.files import Files
from bot.messages import Attachment
from bot.privacy import retention
from bot.privacy.requests import Kind
from bot.settings import Config, Privacy
from bot.storage import case_events, case_tables, cases, data_requests, deletions, drafts, notices, people, web_messages
from bot.storage.case_events import Event, KeptAttachment
from bot.storage.database import Database
from tests import samples
from tests.bot.test_case_storage import filed
from tests.conftest import NOW
from tests.officials.conftest import Clock

DAY = timedelta(days=1)
HERS: dict[str, Any] = {
    "text": "Tôi là Nguyễn Thị Lan, đèn hỏng, gọi 0912345678",
    "folded": "nguyen thi lan den hong 0912345678",
    "reporter_name": "Nguyễn Thị Lan",
    "reporter_phone": "0912345678",
    "reporter_address": "ngõ 5 thôn Đông",
    "latitude": 21.0,
    "longitude": 105.0,
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def files(settings: Config) -> Files:
    return assembly.files(settings)


async def searched(database: Database, code: str = "A") -> str:
    """Return what the queue's search looks through."""
    async with database.transaction() as transaction:
        query = select(case_tables.cases.c.folded).where(case_tables.cases.c.code == code)
        return str((await transaction.execute(query)).scalar_one())


async def the_case(database: Database, code: str = "A") -> cases.Case:
    async with database.transaction() as transaction:
        case = await cases.get(transaction, code)
    assert case
    return case


async def test_a_case_loses_its_sender_when_it_was_kept_long_enough(database: Database, clock: Clock) -> None:
    async with database.transaction() as transaction:
        lan = await people.recognise(transaction, "web", "lan", now=NOW)
        case = await filed(transaction, "A", person_id=lan, state="dong", closed_at=NOW, thon="thôn Đông", **HERS)
        photo = KeptAttachment("photo", "d" * 64, "Lan.jpg", "image/jpeg", 9)
        await case_events.attach(transaction, photo, case=case.id, now=NOW)
        await case_events.add(transaction, case.id, Event("filed", "citizen", NOW, HERS["text"]))
        await cases.follow(transaction, case.id, lan, now=NOW)
        await filed(transaction, "B", state="dang_xu_ly", **HERS)

    clock.at = datetime(2028, 11, 22, tzinfo=NOW.tzinfo)  # a day short of 24 months
    assert (await scheduling.forget_old(database, Privacy(), now=clock))["cases"] == 0
    assert (await the_case(database)).reporter_name

    clock.forward(days=2)
    assert (await scheduling.forget_old(database, Privacy(), now=clock))["cases"] == 1
    case = await the_case(database)
    assert (case.reporter_name, case.reporter_phone, case.reporter_address, case.latitude) == ("", "", "", None)
    assert case.text == "Tôi là [đã che], đèn hỏng, gọi [số đã che]"
    folded = await searched(database)
    assert "lan" not in folded.split()
    assert "0912345678" not in folded
    assert "thon dong" in folded
    assert (case.person_id, case.forgotten_at) == (None, clock.at)
    async with database.transaction() as transaction:
        assert await case_events.attachments_of(transaction, case=case.id) == []
        (event,) = await case_events.of_case(transaction, case.id)
        assert "Lan" not in event.text
        assert await cases.followers(transaction, case.id) == []
        logged = await deletions.page(transaction, limit=9)
    assert {(d.what, d.rows) for d in logged} >= {("cases", 1), ("attachments", 1)}
    assert {d.why for d in logged} == {retention.KEPT_LONG_ENOUGH}
    assert (await the_case(database, "B")).reporter_name == "Nguyễn Thị Lan", "an open case stays"
    assert (await scheduling.forget_old(database, Privacy(), now=clock))["cases"] == 0, "once is enough"


@pytest.mark.parametrize(
    ("state", "values", "days"),
    [
        ("dong", {"closed_at": NOW}, 0),
        ("da_chuyen", {}, 0),
        ("da_tra_loi", {"answered_at": NOW}, 31),
        ("tu_choi", {"answered_at": NOW}, 31),
    ],
)
async def test_who_asked_for_deletion_is_forgotten_once_the_case_is_over(
    database: Database, clock: Clock, state: str, values: dict[str, Any], days: int
) -> None:
    async with database.transaction() as transaction:
        lan = await people.recognise(transaction, "web", "lan", now=NOW)
        case = await filed(transaction, "A", person_id=lan, **HERS)
        await data_requests.add(transaction, lan, Kind.DELETE, now=NOW, due=NOW + 20 * DAY)
        later = {**HERS, "created_at": NOW + DAY}
        await filed(transaction, "B", person_id=lan, state="dong", closed_at=NOW + DAY, **later)
    await scheduling.forget_old(database, Privacy(), now=clock)
    assert (await the_case(database)).reporter_name, "it is open"
    async with database.transaction() as transaction:
        await cases.change(transaction, case, state=state, **values)
    if days:
        await scheduling.forget_old(database, Privacy(), now=clock)
        assert (await the_case(database)).reporter_name, "she may still say that it is not done"
    clock.forward(days=days)
    await scheduling.forget_old(database, Privacy(), now=clock)
    assert (await the_case(database)).reporter_name == ""
    assert (await the_case(database, "B")).reporter_name, "filed after the wish, so not meant by it"


async def test_drafts_and_notices_go_and_whoever_waits_stays(database: Database, clock: Clock) -> None:
    async with database.transaction() as transaction:
        lan = await people.recognise(transaction, "web", "lan", now=NOW)
        await drafts.start(transaction, lan, "{}", now=NOW)
        sent = await notices.add(transaction, lan, "{}", now=NOW)
        await notices.finish(transaction, sent, "delivered")
        await filed(transaction, "A", person_id=lan)
    clock.forward(days=29)
    gone = await scheduling.forget_old(database, Privacy(), now=clock)
    assert (gone["drafts"], gone["notices"]) == (0, 0)
    clock.forward(days=2)
    gone = await scheduling.forget_old(database, Privacy(), now=clock)
    assert (gone["drafts"], gone["notices"]) == (1, 1)
    clock.forward(days=400)
    assert (await scheduling.forget_old(database, Privacy(), now=clock))["people"] == 0, "her case is open"


async def test_files_that_nothing_names_go_and_no_others(database: Database, files: Files, clock: Clock) -> None:
    named = await files.keep(samples.jpeg(), name="a.jpg")
    in_chat = await files.keep(samples.mp3(), name="b.mp3")
    lonely = await files.keep(samples.pdf(), name="c.pdf")
    async with database.transaction() as transaction:
        lan = await people.recognise(transaction, "web", "lan", now=NOW)
        case = await filed(transaction, "A")
        await case_events.attach(transaction, KeptAttachment("photo", named.digest), case=case.id, now=NOW)
        body = said.body("gửi ghi âm", [Attachment.of(in_chat)])
        await web_messages.add(transaction, lan, (), said=body, now=NOW)
    _stamp(files, clock.at - scheduling.JUST_COME / 2, named.digest, in_chat.digest, lonely.digest)
    assert await scheduling.sweep_files(database, files, now=clock) == 0, "it may belong to a message on its way"
    _stamp(files, clock.at - DAY, named.digest, in_chat.digest, lonely.digest)
    assert await scheduling.sweep_files(database, files, now=clock) == 1
    assert files.path(named.digest).exists()
    assert files.path(in_chat.digest).exists()
    with pytest.raises(FileNotFoundError):
        files.path(lonely.digest)
    async with database.transaction() as transaction:
        assert [(d.what, d.rows) for d in await deletions.page(transaction, limit=9)] == [("files", 1)]


def _stamp(files: Files, moment: datetime, *digests: str) -> None:
    """Make files as old as a moment."""
    for digest in digests:
        os.utime(files.path(digest), (moment.timestamp(), moment.timestamp()))


@pytest.mark.parametrize(
    ("moment", "months", "expected"),
    [("2028-11-23", 24, "2026-11-23"), ("2026-03-31", 1, "2026-02-28"), ("2026-01-05", 1, "2025-12-05")],
)
def test_months_are_counted_back_by_the_calendar(moment: str, months: int, expected: str) -> None:
    assert retention.months_before(datetime.fromisoformat(moment), months) == datetime.fromisoformat(expected)


def test_the_wish_waits_as_long_as_a_citizen_may_object() -> None:
    assert retention.OBJECTION_TIME == moves.OBJECTION_TIME
