"""Every query, on SQLite and on PostgreSQL."""

import asyncio
from datetime import timedelta

import pytest

from bot.settings import Config
from bot.storage import conversations, inbox, people, questions, web_messages
from bot.storage.database import Database, StorageError, upgrade
from tests.conftest import NOW


async def someone(database: Database, address: str = "lan") -> int:
    async with database.transaction() as transaction:
        return await people.recognise(transaction, "web", address, now=NOW)


def asked(person: int, text: str = "làm giấy khai sinh") -> questions.Asked:
    return questions.Asked(person, "web", text, "answered", 0.8, "khai-sinh", "fee")


async def test_a_person_is_known_again_and_reachable_again(database: Database) -> None:
    lan = await someone(database)
    async with database.transaction() as transaction:
        await people.mark_unreachable(transaction, "web", "lan", now=NOW)
        assert await people.recognise(transaction, "web", "lan", now=NOW) == lan
        assert await people.find(transaction, "web", "lan") == lan
        assert await people.find(transaction, "telegram", "lan") is None
    assert await someone(database, "minh") != lan


async def test_a_conversation_is_kept_and_replaced(database: Database) -> None:
    lan = await someone(database)
    async with database.transaction() as transaction:
        assert await conversations.load(transaction, lan) is None
        await conversations.save(transaction, lan, "một", now=NOW)
        await conversations.save(transaction, lan, "hai", now=NOW)
        assert await conversations.load(transaction, lan) == "hai"


async def test_only_the_asker_rates_and_passes_on(database: Database) -> None:
    lan, stranger = await someone(database), await someone(database, "kẻ lạ")
    async with database.transaction() as transaction:
        number = await questions.record(transaction, asked(lan), now=NOW)
        assert not await questions.rate(transaction, number, person=stranger, useful=True)
        assert await questions.rate(transaction, number, person=lan, useful=False, reason="thiếu")
        assert await questions.of_person(transaction, number, stranger) is None
        assert await questions.of_person(transaction, number, lan) == asked(lan)


async def test_an_update_is_kept_once_and_forgotten_when_done(database: Database) -> None:
    async with database.transaction() as transaction:
        assert await inbox.store(transaction, "telegram", "1", "{một}", now=NOW)
        assert not await inbox.store(transaction, "telegram", "1", "{một}", now=NOW)
        assert await inbox.store(transaction, "telegram", "2", "{hai}", now=NOW)
        first, second = await inbox.waiting(transaction, "telegram")
        assert (first.body, second.body) == ("{một}", "{hai}")
        assert await inbox.waiting(transaction, "telegram", after=first.id) == [second]
        await inbox.finish(transaction, first.id)
        await inbox.quarantine(transaction, second.id, "ValueError: hỏng")
        assert await inbox.waiting(transaction, "telegram") == []
        assert await inbox.backlog(transaction, "telegram") == (0, 1)


async def test_a_backlog_is_told_and_a_quarantined_body_is_forgotten(database: Database) -> None:
    old = NOW - timedelta(days=8)
    async with database.transaction() as transaction:
        for key, moment in (("1", old), ("2", NOW), ("3", NOW), ("4", NOW)):
            await inbox.store(transaction, "telegram", key, "{thô}", now=moment)
        await inbox.store(transaction, "zalo_oa", "1", "{thô}", now=NOW)
        first, second, *_ = await inbox.waiting(transaction, "telegram")
        for update in (first, second):
            await inbox.quarantine(transaction, update.id, "ValueError: hỏng")
        found = await inbox.backlogs(transaction)
        assert found == {"telegram": inbox.Backlog(2, NOW, 2, 2), "zalo_oa": inbox.Backlog(1, NOW)}
        week = NOW - timedelta(days=7)
        assert await inbox.empty_quarantined(transaction, before=week) == 1
        assert await inbox.empty_quarantined(transaction, before=week) == 0
        assert (await inbox.backlogs(transaction))["telegram"] == inbox.Backlog(2, NOW, 2, 1)
        assert len(await inbox.waiting(transaction, "telegram")) == 2, "what waits is not touched"


async def test_a_check_writes_nothing_and_fails_where_nothing_can_be_written(database: Database) -> None:
    lan = await someone(database)
    await database.check()
    async with database.transaction() as transaction:
        assert await people.find(transaction, "web", "lan") == lan


async def test_a_database_that_only_reads_is_told(settings: Config) -> None:
    upgrade(settings.database.url)
    reading = Database.open(f"{settings.database.url}?mode=ro&uri=true".replace("sqlite:///", "sqlite:///file:"))
    with pytest.raises(StorageError, match="chỉ cho đọc"):
        await reading.check()
    await reading.close()


async def test_web_messages_come_back_in_order(database: Database) -> None:
    lan, minh = await someone(database), await someone(database, "minh")
    async with database.transaction() as transaction:
        (first,) = await web_messages.add(transaction, lan, ("đáp",), said="hỏi", now=NOW)
        assert await web_messages.add(transaction, minh, (), said="khác", now=NOW) == []
        (second,) = await web_messages.add(transaction, lan, ("báo tin",), now=NOW)
        assert await web_messages.add(transaction, lan, (), now=NOW) == []
        said = [(m.from_citizen, m.body) for m in await web_messages.latest(transaction, lan)]
        assert said == [(True, "hỏi"), (False, "đáp"), (False, "báo tin")]
        assert [m.id for m in await web_messages.latest(transaction, lan, after=first)] == [second]
        assert [m.id for m in await web_messages.latest(transaction, lan, limit=1)] == [second]


async def test_what_is_in_a_chat_is_found_by_words_in_it_and_nothing_else(database: Database) -> None:
    lan, minh = await someone(database), await someone(database, "minh")
    async with database.transaction() as transaction:
        for person, said, reply in ((lan, "ab1", "ab2"), (minh, "ab3", "-"), (lan, "a%", "-")):
            await web_messages.add(transaction, person, (reply,), said=said, now=NOW)
        assert await web_messages.holding(transaction, lan, "ab") == ["ab1", "ab2"]
        assert await web_messages.holding(transaction, lan, "%") == ["a%"]
        assert await web_messages.holding(transaction, lan, "a_1") == []


async def test_old_rows_are_forgotten_and_new_ones_kept(database: Database) -> None:
    lan = await someone(database)
    old = NOW - timedelta(days=40)
    async with database.transaction() as transaction:
        for moment in (old, NOW):
            await questions.record(transaction, asked(lan), now=moment)
            await web_messages.add(transaction, lan, (), said="x", now=moment)
            await inbox.store(transaction, "telegram", str(moment), "{}", now=moment)
        for update in await inbox.waiting(transaction, "telegram"):
            await inbox.finish(transaction, update.id)
        await conversations.save(transaction, lan, "{}", now=old)
        before = NOW - timedelta(days=30)
        for table in (questions, web_messages, inbox, conversations):
            assert await table.purge(transaction, before=before) == 1
            assert await table.purge(transaction, before=before) == 0


async def _fail_after_writing(database: Database) -> None:
    async with database.transaction() as transaction:
        await people.recognise(transaction, "web", "lan", now=NOW)
        raise ZeroDivisionError


async def test_a_failed_transaction_keeps_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await _fail_after_writing(database)
    async with database.transaction() as transaction:
        assert await people.find(transaction, "web", "lan") is None


async def test_moments_come_back_as_they_were(database: Database) -> None:
    from sqlalchemy import select

    from bot.storage.tables import people as table

    await someone(database)
    async with database.transaction() as transaction:
        assert (await transaction.execute(select(table.c.seen_at))).scalar_one() == NOW


def test_upgrading_twice_is_harmless_and_a_bad_file_is_told(tmp_path: object) -> None:
    path = f"{tmp_path}/a.db"
    upgrade(f"sqlite:///{path}")
    upgrade(f"sqlite:///{path}")
    from pathlib import Path

    broken = Path(f"{tmp_path}/b.db")
    broken.write_bytes(b"day khong phai co so du lieu" * 100)
    with pytest.raises(StorageError, match="khôi phục từ bản sao lưu"):
        upgrade(f"sqlite:///{broken}")


async def test_an_unreachable_server_is_told_without_the_password() -> None:
    database = Database.open("postgresql+psycopg://an:mat-khau@127.0.0.1:1/motcua")
    with pytest.raises(StorageError) as error:
        await database.check()
    assert "kiểm tra database.url" in str(error.value)
    assert "mat-khau" not in str(error.value)
    await database.close()


def test_a_folder_that_cannot_be_made_is_told() -> None:
    with pytest.raises(StorageError, match="không tạo được thư mục"):
        upgrade("sqlite:////proc/khong-duoc/a.db")


async def test_writers_take_turns_in_the_order_they_came(settings: Config) -> None:
    upgrade(settings.database.url)
    database = Database.open(settings.database.url)
    order: list[int] = []

    async def write(number: int) -> None:
        async with database.transaction() as transaction:
            await people.recognise(transaction, "web", str(number), now=NOW)
            order.append(number)

    await asyncio.gather(*map(write, range(100)))
    assert order == list(range(100))
    await database.close()


async def test_a_transaction_inside_another_is_told_instead_of_waiting_for_ever(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.database.LONGEST_TURN_SECONDS", 0.05)
    upgrade(settings.database.url)
    database = Database.open(settings.database.url)
    async with database.transaction():
        with pytest.raises(StorageError, match="bận quá lâu"):
            await someone(database)
    assert await someone(database)
    await database.close()
