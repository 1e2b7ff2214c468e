"""The migrations make the tables that the code speaks of, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect

from bot.settings import Config
from bot.storage.database import upgrade
from bot.storage.tables import metadata


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_the_migrations_make_the_tables(kind: str, settings: Config, request: pytest.FixtureRequest) -> None:
    url = settings.database.url if kind == "sqlite" else request.getfixturevalue("postgres")
    upgrade(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert differences(connection) == []
        indexes = {index["name"] for index in inspect(connection).get_indexes("recipients")}
    engine.dispose()
    assert {"ix_recipients_waiting", "ix_recipients_in_flight", "ix_recipients_person"} <= indexes
