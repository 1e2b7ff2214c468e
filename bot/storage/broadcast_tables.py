"""The tables of announcements: who wants which, what was written, and one row for each person it goes to."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from bot.storage.tables import Moment, metadata

subscribers = Table(
    "subscribers",
    metadata,
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(100), nullable=False, server_default=""),
    Column("village", String(64), nullable=False, server_default=""),
    Column("consented_at", Moment(), nullable=False),  # to one purpose only: announcements (Luật 91/2025/QH15 Điều 9)
    Column("source", String(32), nullable=False),  # where they agreed: a channel's name, or "import"
    Column("stopped_at", Moment()),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("person_id", ForeignKey("subscribers.person_id", ondelete="CASCADE"), primary_key=True),
    Column("topic", String(32), primary_key=True),
)
Index("ix_subscriptions_topic", subscriptions.c.topic, subscriptions.c.person_id)

announcements = Table(
    "announcements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("villages", JSON, nullable=False),
    Column("channels", JSON, nullable=False),
    Column("content", String(8), nullable=False),
    Column("form", String(8), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("urgent", Text, nullable=False),
    Column("author", String(64), nullable=False),
    Column("approver", String(64), nullable=False, server_default=""),
    Column("plan", String(64), nullable=False),
    Column("due_at", Moment()),
    Column("stale_hours", Integer, nullable=False),
    Column("corrects", ForeignKey("announcements.id")),
    Column("series", ForeignKey("announcements.id")),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("note", Text, nullable=False, server_default=""),
    Column("proposed_at", Moment()),  # when the author asked for approval of this version
    Column("created_at", Moment(), nullable=False),
    Column("started_at", Moment()),
    Column("tended_at", Moment()),
    Column("finished_at", Moment()),
)

announcement_files = Table(
    "announcement_files",
    metadata,
    Column("announcement_id", ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("size", Integer, nullable=False),
    Column("alt", Text, nullable=False, server_default=""),
)

announcement_history = Table(
    "announcement_history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("announcement_id", ForeignKey("announcements.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment(), nullable=False),
    Column("who", String(64), nullable=False),
    Column("what", String(16), nullable=False),
    Column("note", Text, nullable=False),
)

announcement_counts = Table(
    "announcement_counts",
    metadata,
    Column("announcement_id", ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True),
    *(
        Column(name, Integer, nullable=False, server_default="0")
        for name in ("recipients", "delivered", "gone", "refused", "failed", "uncertain", "skipped")
    ),
)

recipients = Table(
    "recipients",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("announcement_id", ForeignKey("announcements.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL")),
    Column("channel", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", Moment(), nullable=False),
    Column("lease_until", Moment()),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("reason", Text, nullable=False, server_default=""),
    Column("settled_at", Moment()),
    UniqueConstraint("announcement_id", "person_id"),
)
# Written out, not bound: SQLite uses a partial index only where it can read the value in the query.
IS_WAITING = recipients.c.state == literal_column("'waiting'")
IS_IN_FLIGHT = recipients.c.state == literal_column("'in_flight'")
Index(
    "ix_recipients_waiting",
    recipients.c.announcement_id,
    recipients.c.channel,
    recipients.c.due_at,
    recipients.c.id,
    sqlite_where=IS_WAITING,
    postgresql_where=IS_WAITING,
)
Index("ix_recipients_in_flight", recipients.c.lease_until, sqlite_where=IS_IN_FLIGHT, postgresql_where=IS_IN_FLIGHT)
Index("ix_recipients_person", recipients.c.person_id, recipients.c.due_at)

sending_mark = Table(
    "sending_mark",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mark", BigInteger, nullable=False),
)
