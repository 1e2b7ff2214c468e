"""What the public may read, on SQLite and on PostgreSQL."""

from datetime import timedelta
from typing import Any

from bot.storage import case_events, publications
from bot.storage.case_events import KeptAttachment
from bot.storage.database import Database, Transaction
from bot.storage.publications import Wanted
from tests.bot.test_case_storage import filed
from tests.conftest import NOW

PHOTO = KeptAttachment("photo", "d" * 64, "Lan chup.jpg", "image/jpeg", 9, public=True)


async def published(transaction: Transaction, code: str, **values: Any) -> int:
    row = {"published_at": NOW, "public_title": f"Việc {code}", "public_answer": "Đã thay bóng", **values}
    return (await filed(transaction, code, **row)).id


async def test_only_what_was_published_is_public(database: Database) -> None:
    async with database.transaction() as transaction:
        await published(transaction, "A", type="hoi_dap")
        await published(transaction, "B", thon="thôn Đông", published_at=NOW + timedelta(hours=1))
        await published(transaction, "C", type="kien_nghi")
        await published(transaction, "D", confidential=True)
        await filed(transaction, "E")

        async def codes(wanted: Wanted, **page: int) -> list[str]:
            found = await publications.newest(transaction, wanted, **{"limit": 9, **page})
            return [item.code for item in found]

        assert await codes(Wanted()) == ["B", "C", "A"]
        assert await codes(Wanted(True)) == ["A"]
        assert await codes(Wanted(False)) == ["B", "C"]
        assert await codes(Wanted(False), offset=1, limit=1) == ["C"]
        assert await codes(Wanted(False, "kien_nghi")) == ["C"]
        assert await codes(Wanted(thon="thôn Đông")) == ["B"]
        found = await publications.of_code(transaction, "B")
        assert found
        assert (found.title, found.text, found.answer) == ("Việc B", "", "Đã thay bóng")
        assert await publications.of_code(transaction, "D") is None
        assert await publications.of_code(transaction, "E") is None


async def test_a_picture_is_public_only_while_it_and_its_case_are(database: Database) -> None:
    async with database.transaction() as transaction:
        open_case = await published(transaction, "A")
        secret = await published(transaction, "B", confidential=True)
        unpublished = (await filed(transaction, "C")).id
        shown = await case_events.attach(transaction, PHOTO, case=open_case, now=NOW)
        of_secret = await case_events.attach(transaction, PHOTO, case=secret, now=NOW)
        of_unpublished = await case_events.attach(transaction, PHOTO, case=unpublished, now=NOW)
        private = await case_events.attach(transaction, KeptAttachment("photo", "e" * 64), case=open_case, now=NOW)
        document = KeptAttachment("file", "f" * 64, media_type="application/pdf", public=True)
        paper = await case_events.attach(transaction, document, case=open_case, now=NOW)
        assert await publications.pictures(transaction, [open_case, secret, unpublished]) == {open_case: [shown]}
        found = await publications.picture(transaction, shown)
        assert found
        assert found.digest == "d" * 64
        for hidden in (of_secret, of_unpublished, private, paper, 999):
            assert await publications.picture(transaction, hidden) is None
        await case_events.set_public(transaction, open_case, shown, public=False)
        assert await publications.picture(transaction, shown) is None
