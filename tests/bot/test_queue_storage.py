"""Queries behind the officials' pages, on SQLite and on PostgreSQL: templates, saved filters, groups, loose files."""

from datetime import timedelta

from bot.storage import case_events, case_lists, cases, notices, questions, reply_templates, saved_filters
from bot.storage.case_events import Event, KeptAttachment
from bot.storage.case_lists import Wanted
from bot.storage.database import Database
from bot.storage.notices import Told
from bot.storage.questions import Asked
from bot.storage.reply_templates import Template
from tests.bot.test_case_storage import ALL, DAY, HOUR, codes, filed, official, someone
from tests.conftest import NOW


async def test_templates_by_type_and_move_each_name_once(database: Database) -> None:
    async with database.transaction() as transaction:
        lamp = Template("Đèn đường", "Đã thay bóng", "phan_anh", "tra_loi")
        lamp_id = await reply_templates.save(transaction, lamp)
        thanks = await reply_templates.save(transaction, Template("Cảm ơn", "Cảm ơn {ten}"))
        assert await reply_templates.save(transaction, Template("Cảm ơn", "khác")) is None
        fitting = await reply_templates.fitting(transaction, "phan_anh", "tra_loi")
        assert [(t.id, t.name) for t in fitting] == [(thanks, "Cảm ơn"), (lamp_id, "Đèn đường")]
        assert [t.name for t in await reply_templates.fitting(transaction, "kien_nghi", "tra_loi")] == ["Cảm ơn"]
        assert lamp_id is not None
        assert await reply_templates.save(transaction, Template("Cảm ơn", "x", id=lamp_id)) is None
        assert await reply_templates.save(transaction, Template("Đèn", "x", id=lamp_id)) == lamp_id
        assert await reply_templates.get(transaction, lamp_id) == Template("Đèn", "x", id=lamp_id)
        assert await reply_templates.remove(transaction, lamp_id)
        assert not await reply_templates.remove(transaction, lamp_id)
        assert await reply_templates.save(transaction, Template("Đèn", "x", id=lamp_id)) is None
        assert [t.name for t in await reply_templates.everything(transaction)] == ["Cảm ơn"]


async def test_saved_filters_are_ones_own(database: Database) -> None:
    async with database.transaction() as transaction:
        hanh, tu = await official(transaction, "hanh"), await official(transaction, "tu")
        assert await saved_filters.save(transaction, hanh, "Rác", "tim=rac")
        assert await saved_filters.save(transaction, hanh, "Rác", "tim=rac+thai")
        mine = await saved_filters.of_official(transaction, hanh)
        assert [(f.name, f.query) for f in mine] == [("Rác", "tim=rac+thai")]
        assert await saved_filters.of_official(transaction, tu) == []
        assert not await saved_filters.remove(transaction, tu, mine[0].id)
        assert await saved_filters.remove(transaction, hanh, mine[0].id)
        for number in range(saved_filters.MOST):
            assert await saved_filters.save(transaction, tu, f"bộ lọc {number}", "")
        assert not await saved_filters.save(transaction, tu, "một cái nữa", "")


async def test_groups_of_today_of_second_reviews_and_of_questions(database: Database) -> None:
    async with database.transaction() as transaction:
        await filed(transaction, "A", due_at=NOW + HOUR)
        await filed(transaction, "B", due_at=NOW + DAY, state="chua_xong")
        await filed(transaction, "C", due_at=NOW - HOUR, type="hoi_dap")
        await filed(transaction, "D", type="hoi_dap", state="da_tra_loi")
        assert await codes(transaction, Wanted("today")) == ["A"]
        assert await codes(transaction, Wanted("review")) == ["B"]
        assert await codes(transaction, Wanted("questions")) == ["C"]


async def test_a_long_list_part_by_part_and_the_confidential_only_as_a_number(database: Database) -> None:
    async with database.transaction() as transaction:
        first = await filed(transaction, "A")
        await filed(transaction, "B", confidential=True)
        await filed(transaction, "C", created_at=NOW - DAY)
        part = await case_lists.part(transaction, Wanted("all"), ALL, after=0, limit=1)
        rest = await case_lists.part(transaction, Wanted("all"), ALL, after=first.id, limit=9)
        assert [case.code for case in (*part, *rest)] == ["A", "C"]
        assert await case_lists.count_confidential(transaction, since=None, until=None) == 1
        assert await case_lists.count_confidential(transaction, since=NOW, until=NOW + HOUR) == 1
        assert await case_lists.count_confidential(transaction, since=None, until=NOW) == 0


async def test_an_officials_files_wait_for_their_move(database: Database) -> None:
    proof = KeptAttachment("photo", "d1", "den.jpg", "image/jpeg", 9, from_official=True)
    async with database.transaction() as transaction:
        case = await filed(transaction)
        sent = await case_events.attach(transaction, KeptAttachment("photo", "d0"), case=case.id, now=NOW)
        used = await case_events.attach(transaction, proof, case=case.id, now=NOW)
        wrong = await case_events.attach(transaction, proof, case=case.id, now=NOW)
        assert await case_events.drop_loose(transaction, case.id, wrong)
        assert not await case_events.drop_loose(transaction, case.id, sent)
        event = await case_events.add(transaction, case.id, Event("tra_loi", "official", NOW))
        await case_events.tie_loose(transaction, case.id, event)
        assert not await case_events.drop_loose(transaction, case.id, used)
        kept = await case_events.attachments_of(transaction, case=case.id)
        assert [(a.id, a.event_id) for a in kept] == [(sent, None), (used, event)]


async def test_what_was_told_about_a_case(database: Database) -> None:
    async with database.transaction() as transaction:
        case, lan = await filed(transaction), await someone(transaction)
        first = await notices.add(transaction, lan, "một", case=case.id, now=NOW)
        await notices.add(transaction, lan, "hai", case=case.id, now=NOW + HOUR)
        await notices.add(transaction, lan, "chuyện khác", now=NOW)
        await notices.finish(transaction, first, "delivered")
        told = await notices.of_case(transaction, case.id)
        assert told == [Told(NOW, "một", "delivered"), Told(NOW + HOUR, "hai", None)]


async def test_merged_cases_and_a_question_with_its_context(database: Database) -> None:
    async with database.transaction() as transaction:
        lan, main = await someone(transaction), await filed(transaction, "A")
        other = await filed(transaction, "B", merged_into_id=main.id)
        assert await cases.follow(transaction, main.id, lan, now=NOW)
        assert await case_lists.followed(transaction, [main.id, other.id]) == {main.id: 1}
        assert await cases.merged_into(transaction, main.id) == [other]
        asked = Asked(lan, "web", "thuế đất nộp đâu", "unknown", 0.25)
        number = await questions.record(transaction, asked, now=NOW - timedelta(minutes=5))
        assert await questions.get(transaction, number) == asked
        assert await questions.get(transaction, number + 1) is None
