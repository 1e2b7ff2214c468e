"""The migrations make the tables that the code speaks of, on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Engine,
    column,
    create_engine,
    delete,
    insert,
    inspect,
    table,
    text,
)

from bot.settings import Config
from bot.storage.database import MIGRATIONS, upgrade
from bot.storage.tables import metadata


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(settings: Config, request: pytest.FixtureRequest) -> str:
    return settings.database.url if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    yield engine
    with engine.begin() as connection:  # PostgreSQL's database serves the tests that follow
        for made in reversed(metadata.sorted_tables):
            connection.execute(delete(made))
    engine.dispose()


def test_the_migrations_make_the_tables(url: str, engine: Engine) -> None:
    upgrade(url)
    with engine.connect() as connection:
        assert differences(connection) == []
        indexes = {index["name"] for index in inspect(connection).get_indexes("recipients")}
    assert {"ix_recipients_waiting", "ix_recipients_in_flight", "ix_recipients_person"} <= indexes


def go_back(engine: Engine, revision: str) -> None:
    """Take the tables back to what they were at an older revision."""
    with engine.begin() as connection:
        settings = AlembicConfig()
        settings.set_main_option("script_location", str(MIGRATIONS))
        settings.attributes["connection"] = connection
        command.downgrade(settings, revision)


MOMENT = DateTime(timezone=True)
CONTESTS = table(
    "contests",
    *map(column, ("id", "name", "criteria")),
    column("first_day", Date),
    column("last_day", Date),
    column("marks_until", Date),
    column("closed_at", MOMENT),
    column("created_at", MOMENT),
)
CASES = table(
    "cases",
    *map(column, ("id", "code", "type", "state", "channel", "text", "folded")),
    column("created_at", MOMENT),
    column("confidential", Boolean),
)


def test_contests_closed_before_entries_were_kept_keep_those_they_have(url: str, engine: Engine) -> None:
    first, after = datetime(2026, 10, 31, 17, tzinfo=UTC), datetime(2026, 11, 30, 17, tzinfo=UTC)  # midnight here
    november = {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 30), "marks_until": date(2026, 12, 5)}
    contest = {"name": "Thi", "criteria": "[]", "created_at": first, **november}
    case = {"state": "moi", "channel": "web", "text": "", "folded": "", "confidential": False}
    filed = [("SK-1", "sang_kien", first), ("SK-2", "sang_kien", after), ("GY-3", "gop_y", first)]
    upgrade(url)
    go_back(engine, "0011")
    with engine.begin() as connection:
        connection.execute(insert(CONTESTS), [contest | {"id": 1, "closed_at": after}])
        connection.execute(insert(CONTESTS), [contest | {"id": 2, "closed_at": None}])
        for number, (code, kind, at) in enumerate(filed, 1):
            row = case | {"id": number, "code": code, "type": kind, "created_at": at}
            connection.execute(insert(CASES), [row])
    upgrade(url)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT contest_id, case_id FROM contest_entries")).all()
    assert [tuple(row) for row in kept] == [(1, 1)], "the first moment of its first day, in Viet Nam, and nothing later"
