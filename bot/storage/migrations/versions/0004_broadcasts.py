"""subscribers, announcements and the ledger of who received them"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _subscribers()
    _announcements()
    _recipients()


def _subscribers() -> None:
    op.create_table(
        "subscribers",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), server_default="", nullable=False),
        sa.Column("village", sa.String(length=64), server_default="", nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_subscribers_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name="pk_subscribers"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["subscribers.person_id"], name="fk_subscriptions_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "topic", name="pk_subscriptions"),
    )
    op.create_index("ix_subscriptions_topic", "subscriptions", ["topic", "person_id"], unique=False)


def _announcements() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("villages", sa.JSON(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("content", sa.String(length=8), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("urgent", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("approver", sa.String(length=64), server_default="", nullable=False),
        sa.Column("plan", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stale_hours", sa.Integer(), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("series", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["corrects"], ["announcements.id"], name="fk_announcements_corrects"),
        sa.ForeignKeyConstraint(["series"], ["announcements.id"], name="fk_announcements_series"),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
    )
    op.create_index("ix_announcements_state", "announcements", ["state"], unique=False)
    op.create_table(
        "announcement_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _of_announcement("announcement_history"),
        sa.PrimaryKeyConstraint("id", name="pk_announcement_history"),
    )
    op.create_index("ix_announcement_history_announcement_id", "announcement_history", ["announcement_id"])
    op.create_table(
        "announcement_counts",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), server_default="0", nullable=False)
            for name in ("recipients", "delivered", "gone", "refused", "failed", "uncertain", "skipped")
        ),
        _of_announcement("announcement_counts"),
        sa.PrimaryKeyConstraint("announcement_id", name="pk_announcement_counts"),
    )


def _recipients() -> None:
    op.create_table(
        "recipients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        _of_announcement("recipients"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_recipients_person_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_recipients"),
        sa.UniqueConstraint("announcement_id", "person_id", name="uq_recipients_announcement_id_person_id"),
    )
    waiting, in_flight = sa.text("state = 'waiting'"), sa.text("state = 'in_flight'")
    columns = ["announcement_id", "channel", "due_at", "id"]
    op.create_index("ix_recipients_waiting", "recipients", columns, sqlite_where=waiting, postgresql_where=waiting)
    op.create_index(
        "ix_recipients_in_flight",
        "recipients",
        ["lease_until"],
        sqlite_where=in_flight,
        postgresql_where=in_flight,
    )
    op.create_index("ix_recipients_person", "recipients", ["person_id", "due_at"])
    op.create_table(
        "sending_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sending_mark"),
    )


def _of_announcement(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_announcement_id"
    return sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in (
        "sending_mark",
        "recipients",
        "announcement_counts",
        "announcement_history",
        "announcements",
        "subscriptions",
        "subscribers",
    ):
        op.drop_table(table)
