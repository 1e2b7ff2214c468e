"""Every query about feedback, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.files import Files
from bot.storage import case_events, case_lists, cases, consents, drafts, notices, officials, people
from bot.storage.case_events import Event, KeptAttachment
from bot.storage.case_lists import Scope, Wanted
from bot.storage.database import Database, Transaction
from tests import samples
from tests.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALL = Scope(0, NOW, NOW + DAY)


async def someone(transaction: Transaction, address: str = "lan") -> int:
    return await people.recognise(transaction, "web", address, now=NOW)


async def filed(transaction: Transaction, code: str = "PA-2026-000001-E", **values: Any) -> cases.Case:
    row = {
        "code": code,
        "type": "phan_anh",
        "state": "moi",
        "channel": "web",
        "text": "Đèn đường hỏng",
        "folded": "den duong hong",
        "created_at": NOW,
        "due_at": NOW + 10 * DAY,
    }
    await cases.add(transaction, row | values)
    case = await cases.get(transaction, code)
    assert case is not None
    return case


async def test_numbers_of_a_year_never_repeat(database: Database) -> None:
    taken = []
    for _ in range(3):
        async with database.transaction() as transaction:
            taken.append(await cases.next_number(transaction, 2026))
    async with database.transaction() as transaction:
        assert [*taken, await cases.next_number(transaction, 2027)] == [1, 2, 3, 1]


async def test_a_case_is_found_by_code_id_draft_and_question(database: Database) -> None:
    async with database.transaction() as transaction:
        case = await filed(transaction, draft_key="abc")
        assert await cases.get(transaction, case.code, lock=True) == case
        assert await cases.by_id(transaction, case.id) == case
        assert await cases.by_draft(transaction, "abc") == case
        assert await cases.by_question(transaction, 7) is None
        assert await cases.get(transaction, "PA-2026-000002-A") is None


async def test_a_change_of_what_somebody_else_changed_is_refused(database: Database) -> None:
    async with database.transaction() as transaction:
        case = await filed(transaction)
        assert await cases.change(transaction, case, state="da_tiep_nhan")
        assert not await cases.change(transaction, case, state="tu_choi")
        now = await cases.get(transaction, case.code)
        assert now is not None
        assert (now.state, now.version) == ("da_tiep_nhan", 2)


async def test_marks_and_followers(database: Database) -> None:
    async with database.transaction() as transaction:
        case, lan = await filed(transaction), await someone(transaction)
        await cases.rate(transaction, case.id, "ket_qua", 2, now=NOW)
        await cases.rate(transaction, case.id, "ket_qua", 5, now=NOW)
        assert await cases.ratings(transaction, case.id) == {"ket_qua": 5}
        assert await cases.follow(transaction, case.id, lan, now=NOW)
        assert not await cases.follow(transaction, case.id, lan, now=NOW)
        assert await cases.followers(transaction, case.id) == [lan]
        assert await cases.count_followers(transaction, case.id) == 1


async def test_the_story_of_a_case(database: Database) -> None:
    async with database.transaction() as transaction:
        case = await filed(transaction)
        told = Event("filed", "citizen", NOW, "Đèn hỏng", to_state="moi", shown=True)
        first = await case_events.add(transaction, case.id, told)
        second = await case_events.add(transaction, case.id, Event("note", "official", NOW, "Đã gọi điện"))
        story = await case_events.of_case(transaction, case.id)
        assert story == [replace(told, id=first), Event("note", "official", NOW, "Đã gọi điện", id=second)]
        assert [event.id for event in await case_events.of_case(transaction, case.id, shown_only=True)] == [first]
        assert await case_events.last_of_kind(transaction, case.id, "note") == story[1]
        assert await case_events.last_of_kind(transaction, case.id, "moved") is None


async def test_attachments_go_with_the_draft_to_the_case(database: Database) -> None:
    photo = KeptAttachment("photo", "d1", "anh.jpg", "image/jpeg", 10)
    async with database.transaction() as transaction:
        lan = await someone(transaction)
        draft = await drafts.start(transaction, lan, "{}", now=NOW)
        number = await case_events.attach(transaction, photo, draft=draft.id, now=NOW)
        assert await case_events.count_attachments(transaction, draft=draft.id) == 1
        case = await filed(transaction)
        event = await case_events.add(transaction, case.id, Event("filed", "citizen", NOW))
        await case_events.hand_to_case(transaction, draft.id, case.id, event)
        await drafts.drop(transaction, lan)
        assert await case_events.attachments_of(transaction, case=case.id) == [
            replace(photo, id=number, event_id=event)
        ]
        assert await case_events.names_digest(transaction, "d1")
        assert await case_events.set_public(transaction, case.id, number, public=True)
        assert not await case_events.set_public(transaction, case.id + 1, number, public=True)
        assert await case_events.remove_attachments(transaction, case=case.id) == ["d1"]
        assert not await case_events.names_digest(transaction, "d1")


async def test_one_draft_a_person_reminded_once(database: Database) -> None:
    async with database.transaction() as transaction:
        lan = await someone(transaction)
        await drafts.start(transaction, lan, "một", now=NOW)
        second = await drafts.start(transaction, lan, "hai", now=NOW)
        assert await drafts.of_person(transaction, lan) == second
        await drafts.save(transaction, second.id, "ba", now=NOW + HOUR)
        assert await drafts.take_unreminded(transaction, before=NOW + HOUR, now=NOW) == []
        taken = await drafts.take_unreminded(transaction, before=NOW + DAY, now=NOW + DAY)
        assert [draft.body for draft in taken] == ["ba"]
        assert await drafts.take_unreminded(transaction, before=NOW + DAY, now=NOW + DAY) == []
        assert await drafts.purge(transaction, before=NOW + DAY) == 1
        assert not await drafts.drop(transaction, lan)


async def test_notices_are_leased_postponed_and_done(database: Database) -> None:
    async with database.transaction() as transaction:
        lan = await someone(transaction)
        first = await notices.add(transaction, lan, "một", now=NOW)
        second = await notices.add(transaction, lan, "hai", now=NOW)
        taken = await notices.take(transaction, now=NOW, until=NOW + HOUR)
        assert [(n.id, n.channel, n.address, n.body, n.attempts) for n in taken] == [
            (first, "web", "lan", "một", 1),
            (second, "web", "lan", "hai", 1),
        ]
        assert await notices.take(transaction, now=NOW, until=NOW + HOUR) == []
        await notices.finish(transaction, first, "delivered")
        await notices.postpone(transaction, second, NOW + 2 * HOUR, fault="mất mạng")
        assert await notices.backlog(transaction) == 1
        assert await notices.take(transaction, now=NOW + HOUR, until=NOW + DAY) == []
        again = await notices.take(transaction, now=NOW + 2 * HOUR, until=NOW + DAY)
        assert [(n.id, n.attempts) for n in again] == [(second, 2)]
        assert await notices.purge(transaction, before=NOW + DAY) == 1


async def test_consent_is_given_once_and_can_be_taken_back(database: Database) -> None:
    async with database.transaction() as transaction:
        lan = await someone(transaction)
        await consents.give(transaction, lan, "phan_anh", "lời 1", now=NOW)
        await consents.give(transaction, lan, "phan_anh", "lời 1", now=NOW)
        assert await consents.has(transaction, lan, "phan_anh")
        assert await consents.withdraw(transaction, lan, "phan_anh", now=NOW + DAY)
        assert not await consents.withdraw(transaction, lan, "phan_anh", now=NOW + DAY)
        assert not await consents.has(transaction, lan, "phan_anh")
        assert [c.withdrawn_at for c in await consents.of_person(transaction, lan)] == [NOW + DAY]


async def official(transaction: Transaction, name: str) -> int:
    number = await officials.create(transaction, name, officials.Profile(name, (), ""), now=NOW)
    assert number is not None
    return number


async def codes(transaction: Transaction, wanted: Wanted, scope: Scope = ALL) -> list[str]:
    found = await case_lists.page(transaction, wanted, scope, offset=0, limit=50)
    assert len(found) == await case_lists.count(transaction, wanted, scope)
    return [case.code for case in found]


async def queue(transaction: Transaction) -> int:
    """A small queue: A overdue, B due soon, C waits for the citizen, D confidential, E answered; return B's handler."""
    minh = await official(transaction, "minh")
    await filed(transaction, "A", due_at=NOW - HOUR, unit="địa chính", thon="thôn Đông", channel="telegram")
    await filed(transaction, "B", due_at=NOW + HOUR, state="dang_xu_ly", assignee_id=minh, type="kien_nghi")
    await filed(transaction, "C", due_at=NOW - DAY, state="can_bo_sung", folded="rac thai 100%")
    await filed(transaction, "D", confidential=True, type="to_cao")
    await filed(transaction, "E", state="da_tra_loi", created_at=NOW - 40 * DAY)
    return minh


async def test_the_queue_by_group_most_pressing_first(database: Database) -> None:
    async with database.transaction() as transaction:
        minh = await queue(transaction)
        assert await codes(transaction, Wanted("overdue")) == ["A"]
        assert await codes(transaction, Wanted("soon")) == ["B"]
        assert await codes(transaction, Wanted("open")) == ["C", "A", "B"]
        assert await codes(transaction, Wanted("confirm")) == ["E"]
        assert await codes(transaction, Wanted("waiting")) == ["C"]
        assert await codes(transaction, Wanted("all")) == ["E", "C", "B", "A"]
        assert await codes(transaction, Wanted("nhóm lạ")) == []
        counts = await case_lists.group_counts(transaction, replace(ALL, official_id=minh))
        one = dict.fromkeys(("overdue", "today", "soon", "new", "mine", "waiting", "confirm"), 1)
        assert counts == one | {"review": 0, "questions": 0, "open": 3}


async def test_the_queue_by_what_is_wanted(database: Database) -> None:
    async with database.transaction() as transaction:
        minh = await queue(transaction)
        assert await codes(transaction, Wanted(type="kien_nghi")) == ["B"]
        assert await codes(transaction, Wanted(thon="thôn Đông", channel="telegram", unit="địa chính")) == ["A"]
        assert await codes(transaction, Wanted(words="thai rac")) == ["C"]
        assert await codes(transaction, Wanted(words="100%")) == ["C"]
        assert await codes(transaction, Wanted(words="10_%")) == []
        assert await codes(transaction, Wanted("all", until=NOW - DAY)) == ["E"]
        assert await codes(transaction, Wanted(since=NOW, assignee=minh)) == ["B"]


async def test_an_official_sees_their_unit_and_own_and_nothing_confidential(database: Database) -> None:
    async with database.transaction() as transaction:
        minh = await queue(transaction)
        theirs = Scope(minh, NOW, NOW + DAY, unit="địa chính")
        assert await codes(transaction, Wanted("all"), theirs) == ["B", "A"]
        assert "D" in await codes(transaction, Wanted("all"), replace(ALL, confidential=True))


async def test_a_persons_cases_and_what_a_new_one_may_repeat(database: Database) -> None:
    async with database.transaction() as transaction:
        lan, hoa = await someone(transaction), await someone(transaction, "hoa")
        await queue(transaction)
        own = await filed(transaction, "F", person_id=lan)
        assert await cases.follow(transaction, own.id, hoa, now=NOW)
        assert [case.code for case in await case_lists.of_person(transaction, hoa)] == ["F"]
        assert await case_lists.count_filed(transaction, lan, since=NOW - DAY) == 1
        assert [c.code for c in await case_lists.candidates(transaction, since=NOW - DAY)] == ["F", "C", "B", "A"]


async def test_deadlines_to_warn_of(database: Database) -> None:
    async with database.transaction() as transaction:
        await queue(transaction)
        until: datetime = NOW + DAY
        assert [case.code for case in await case_lists.due_for_warning(transaction, until=until)] == ["A", "B"]


@pytest.mark.parametrize("content", [samples.word(), samples.excel(), samples.powerpoint()])
async def test_office_files_have_room_for_their_long_media_types(
    database: Database, tmp_path: Path, content: bytes
) -> None:
    file = await Files(tmp_path, photo_mb=1, video_mb=1, document_mb=1).keep(content, name="a")
    kept = case_events.KeptAttachment("file", file.digest, file.name, file.media_type, file.size)
    async with database.transaction() as transaction:
        await case_events.attach(transaction, kept, now=NOW)
