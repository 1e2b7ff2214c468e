"""The tables, one noun each. Times are stored in UTC."""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)

from bot.clock import ZONE


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; a naive one is refused. SQLite has no zones of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value).astimezone(ZONE)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("address", String(64), nullable=False),
    Column("created_at", Moment(), nullable=False),
    Column("seen_at", Moment(), nullable=False),
    Column("unreachable_since", Moment()),
    UniqueConstraint("channel", "address"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("updated_at", Moment(), nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL"), index=True),
    Column("channel", String(16), nullable=False),
    Column("asked_at", Moment(), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("entry", String(64)),
    Column("facet", String(16)),
    Column("score", Float, nullable=False),
    Column("useful", Boolean),
    Column("reason", Text),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("update_key", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", Moment(), nullable=False),
    Column("done", Boolean, nullable=False, server_default=false()),
    Column("fault", Text),
    UniqueConstraint("channel", "update_key"),
)
Index("ix_inbox_waiting", inbox.c.channel, inbox.c.id, sqlite_where=~inbox.c.done, postgresql_where=~inbox.c.done)

web_messages = Table(
    "web_messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("from_citizen", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("sent_at", Moment(), nullable=False, index=True),
    Index("ix_web_messages_person_id_id", "person_id", "id"),
)
