"""The group's posts as they are kept, on SQLite and on PostgreSQL."""

from bot.storage import case_lists, cases, staff_posts
from bot.storage.database import Database
from bot.storage.staff_posts import Post
from tests.bot.test_case_storage import filed
from tests.conftest import NOW

GROUP = "-1001234567890"


async def test_open_cases_that_the_group_has_not_seen(database: Database) -> None:
    async with database.transaction() as transaction:
        first = await filed(transaction)
        await filed(transaction, "PA-2026-000002-A", state="dong")
        await filed(transaction, "PA-2026-000003-C", confidential=True)
        third = await filed(transaction, "PA-2026-000004-E")
        assert await staff_posts.unposted(transaction, GROUP) == [first, third]
        assert await staff_posts.unposted(transaction, GROUP, limit=1) == [first]
        await staff_posts.add(transaction, first, Post(GROUP, 10, 7))
        assert await staff_posts.unposted(transaction, GROUP) == [third]
        assert await staff_posts.unposted(transaction, "-2") == [first, third], "another group has seen none"


async def test_posts_that_show_an_older_state(database: Database) -> None:
    async with database.transaction() as transaction:
        case = await filed(transaction)
        await staff_posts.add(transaction, case, Post(GROUP, 10, 7))
        assert await staff_posts.outdated(transaction, GROUP) == []
        assert await cases.change(transaction, case, state="dong")
        ((post, changed),) = await staff_posts.outdated(transaction, GROUP)
        assert (post.message, post.topic, changed.state) == (10, 7, "dong")
        assert await staff_posts.outdated(transaction, "-2") == []
        await staff_posts.note_shown(transaction, post, changed.version)
        assert await staff_posts.outdated(transaction, GROUP) == []


async def test_what_was_answered_before_a_moment(database: Database) -> None:
    async with database.transaction() as transaction:
        answered = await filed(transaction, state="da_tra_loi", answered_at=NOW)
        await filed(transaction, "PA-2026-000002-A", state="dong", answered_at=NOW)
        assert await case_lists.answered_before(transaction, NOW) == []
        assert await case_lists.answered_before(transaction, NOW.replace(hour=9)) == [answered.id]
