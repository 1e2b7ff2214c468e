"""Requests about one's data, the log of deletions, all that is a person's: on SQLite and on PostgreSQL."""

from datetime import timedelta

from bot.storage import data_requests, deletions, kept_files, people, personal, questions, web_messages
from bot.storage.case_events import KeptAttachment, attach
from bot.storage.database import Database
from tests.bot.test_case_storage import filed, someone
from tests.conftest import NOW

DAY = timedelta(days=1)


async def test_requests_wait_by_deadline_and_are_done_once(database: Database) -> None:
    async with database.transaction() as transaction:
        lan = await someone(transaction)
        later = await data_requests.add(transaction, lan, "sua", text="tên", now=NOW, due=NOW + 10 * DAY)
        sooner = await data_requests.add(transaction, lan, "rut_dong_y", now=NOW, due=NOW + 2 * DAY)
        assert await data_requests.waiting(transaction) == 2
        assert [r.id for r in await data_requests.page(transaction, done=False, limit=9)] == [sooner.id, later.id]
        assert await data_requests.finish(transaction, later.id, by="Bà Hoa", outcome="đã sửa", now=NOW + DAY)
        assert not await data_requests.finish(transaction, later.id, by="Ông Bình", outcome="lại", now=NOW + DAY)
        (done,) = await data_requests.page(transaction, done=True, limit=9)
        assert (done.done_by, done.outcome, done.channel) == ("Bà Hoa", "đã sửa", "web")
        await data_requests.empty_done(transaction, lan)
        assert [(r.id, r.text) for r in await data_requests.of_person(transaction, lan)] == [
            (later.id, ""),
            (sooner.id, ""),
        ]
        assert await data_requests.get(transaction, 999) is None
        await people.purge(transaction, before=NOW + DAY)
        left = await data_requests.get(transaction, sooner.id)
        assert left
        assert (left.person_id, left.channel) == (None, "")


async def test_the_log_tells_the_newest_first_and_nothing_of_nothing(database: Database) -> None:
    async with database.transaction() as transaction:
        for what, rows in (("questions", 3), ("drafts", 0), ("files", 2)):
            await deletions.record(transaction, what, rows, "hết hạn", now=NOW)
        assert [(d.what, d.rows) for d in await deletions.page(transaction, limit=9)] == [
            ("files", 2),
            ("questions", 3),
        ]
        assert [d.what for d in await deletions.page(transaction, limit=1, offset=1)] == ["questions"]


async def test_only_what_is_a_persons_own_is_removed(database: Database) -> None:
    async with database.transaction() as transaction:
        lan, hoa = await someone(transaction), await someone(transaction, "hoa")
        for person in (lan, hoa):
            asked = questions.Asked(person, "web", "khai sinh", "answered", 0.9)
            await questions.record(transaction, asked, now=NOW)
            await web_messages.add(transaction, person, (), said="{}", now=NOW)
        assert (await personal.counts(transaction, lan))["questions"] == 1
        assert (await personal.known(transaction, lan)).channel == "web"
        gone = await personal.remove(transaction, lan)
        assert {name: count for name, count in gone.items() if count} == {"web_messages": 1, "questions": 1}
        assert await personal.asked(transaction, lan) == []
        assert [q.text for q in await personal.asked(transaction, hoa)] == ["khai sinh"]


async def test_files_are_needed_while_an_attachment_or_a_message_names_them(database: Database) -> None:
    async with database.transaction() as transaction:
        lan, case = await someone(transaction), await filed(transaction)
        await attach(transaction, KeptAttachment("photo", "a" * 64), case=case.id, now=NOW)
        await attach(transaction, KeptAttachment("location"), case=case.id, now=NOW)
        body = '{"text": "", "files": [["%s", "x.jpg", "image/jpeg", 3], ["%s", "y.pdf", "application/pdf", 4]]}'
        await web_messages.add(transaction, lan, (), said=body % ("b" * 64, "c" * 64), now=NOW)
        await web_messages.add(transaction, lan, (), said=f'{{"text": "{"d" * 64}", "files": []}}', now=NOW)
        assert await kept_files.digests(transaction) == {"a" * 64, "b" * 64, "c" * 64}
