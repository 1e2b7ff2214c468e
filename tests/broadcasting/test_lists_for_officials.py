"""What officials look at, on both databases: groups and filters, how sending goes on, their own chats."""

from dataclasses import replace
from datetime import timedelta

from bot.broadcasting import approval, progress
from bot.officials import accounts
from bot.storage import announcement_lists, announcements, audience, official_chats, people, recipients
from bot.storage.announcement_lists import Wanted
from bot.storage.announcements import State
from bot.storage.recipients import Due, Settlement, Standing
from tests.broadcasting.shared import DAY, MINUTE, Commune


async def ids(commune: Commune, wanted: Wanted) -> list[int]:
    async with commune.database.transaction() as transaction:
        rows = await announcement_lists.page(transaction, wanted, offset=0, limit=50)
    return [row.announcement.id for row in rows]


async def test_groups_filters_and_counts(commune: Commune) -> None:
    draft = await commune.announce(approved=False, content="a", topics=("thu-tuc-moi", "khan-cap"))
    proposed = await commune.announce(approved=False)
    async with commune.database.transaction() as transaction:
        seen = await announcements.find(transaction, proposed)
        assert seen
        await approval.propose(transaction, seen, who="an", now=commune.clock.now)
    sent = await commune.announce()
    for wanted, found in (
        (Wanted(), [sent, proposed, draft]),
        (Wanted("draft"), [draft]),
        (Wanted("proposed"), [proposed]),
        (Wanted("coming"), [sent]),
        (Wanted("khong-co"), []),
        (Wanted(topic="thu-tuc-moi"), [draft]),
        (Wanted(topic="thu"), []),
        (Wanted(topic="%"), []),
        (Wanted(content="a"), [draft]),
        (Wanted(ids=[sent, draft]), [sent, draft]),
        (Wanted(ids=[]), []),
    ):
        assert await ids(commune, wanted) == found, wanted
    async with commune.database.transaction() as transaction:
        counts = await announcement_lists.group_counts(transaction)
        assert {name: n for name, n in counts.items() if n} == {"draft": 1, "proposed": 1, "coming": 1, "all": 3}
        assert set(await announcement_lists.titles(transaction)) == {draft, proposed, sent}
        changed = replace(seen, body="Lời khác")
        again = await announcements.find(transaction, proposed)
        assert again
        await approval.edit(transaction, again, changed, who="an", now=commune.clock.now)
    assert await ids(commune, Wanted("proposed")) == [], "other words are to be proposed anew"


async def test_how_fast_and_how_long_still(commune: Commune) -> None:
    await commune.subscribe([str(number) for number in range(10)])
    number = await commune.announce()
    now = commune.clock.now
    async with commune.database.transaction() as transaction:
        seen = await announcements.find(transaction, number)
        assert seen
        assert (await progress.look(transaction, seen, now=now)).left is None
        await announcements.move(transaction, seen, State.SENDING, who="thử", now=now, started_at=now - DAY)
        await audience.freeze(transaction, seen, channels={"telegram"}, now=now)
        due = Due("telegram", now, None)
        taken = await recipients.claim(transaction, number, due, lease_until=now + MINUTE, limit=6)
        settled = [Settlement(one, Standing.DELIVERED) for one in taken[:4]]
        await recipients.settle(transaction, settled[:1], now=now - 2 * MINUTE)
        await recipients.settle(transaction, settled[1:], now=now)
        later = [Settlement(taken[4], Standing.WAITING, due_at=now + DAY)]
        await recipients.settle(transaction, later, now=now)
        seen = await announcements.find(transaction, number)
        assert seen
        found = await progress.look(transaction, seen, now=now)
    assert (found.done, found.percent, found.a_minute, found.put_off) == (4, 40, 3, 1)
    assert found.left == timedelta(seconds=100), "five are left for today, three a minute"


async def test_a_chat_is_one_officials_own(commune: Commune) -> None:
    now, profile = commune.clock.now, accounts.profile("Ai đó", ["bien_tap"])
    async with commune.database.transaction() as transaction:
        an, binh = [await accounts.create(transaction, name, profile, by=None, now=now) for name in ("an", "binh")]
        chat = await people.recognise(transaction, "zalo_oa", "z1", now=now)
        await official_chats.link(transaction, an, chat, now=now)
        await official_chats.link(transaction, binh, chat, now=now)
        assert await official_chats.of(transaction, an) == []
        assert [(c.id, c.channel) for c in await official_chats.of(transaction, binh)] == [(chat, "zalo_oa")]
        assert not await official_chats.unlink(transaction, an, chat)
        assert await official_chats.unlink(transaction, binh, chat)
