"""The tables about officials: made by the migrations as they are declared, and the audit found again."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from bot.storage import audit
from bot.storage.audit import Entry, Filter
from bot.storage.database import Database, upgrade
from bot.storage.schema import metadata
from tests.conftest import NOW


def test_the_migrations_make_the_declared_tables(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    assert differences(url) == []


@pytest.mark.postgres
def test_the_migrations_make_the_declared_tables_on_postgresql(postgres: str) -> None:
    assert differences(postgres) == []


def differences(url: str) -> list[object]:
    upgrade(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    return list(found)


ENTRIES = [
    Entry(NOW - timedelta(days=2), None, "lan", "mo", "PA-1", {"ai": "bà Sáu", "số": [1, 2]}),
    Entry(NOW - timedelta(days=1), None, "minh", "mo", "PA-2"),
    Entry(NOW, None, "lan", "dong", "PA-1"),
]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), [2, 1, 0]),
        (Filter(name="lan"), [2, 0]),
        (Filter(action="mo"), [1, 0]),
        (Filter(subject="PA-1", action="mo"), [0]),
        (Filter(since=NOW.date()), [2]),
        (Filter(until=NOW.date() - timedelta(days=1)), [1, 0]),
        (Filter(since=NOW.date() - timedelta(days=1), until=NOW.date() - timedelta(days=1)), [1]),
        (Filter(name="khong-ai"), []),
    ],
)
async def test_the_audit_is_found_by_who_what_and_when(database: Database, wanted: Filter, found: list[int]) -> None:
    async with database.transaction() as transaction:
        for entry in ENTRIES:
            await audit.record(transaction, entry)
        assert await audit.entries(transaction, wanted, limit=9) == [ENTRIES[i] for i in found]
        assert await audit.entries(transaction, wanted, limit=1, offset=1) == [ENTRIES[i] for i in found[1:2]]
