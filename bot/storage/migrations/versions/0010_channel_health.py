"""channel health, official chats"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_health",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_update", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=200), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("well_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pending", sa.Integer(), nullable=True),
        sa.Column("dead_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", name="pk_channel_health"),
    )
    op.create_table(
        "official_chats",
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["official_id"], ["officials.id"], name="fk_official_chats_official_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("official_id", "channel", name="pk_official_chats"),
        sa.UniqueConstraint("channel", "address", name="uq_official_chats_channel_address"),
    )


def downgrade() -> None:
    for table in ("official_chats", "channel_health"):
        op.drop_table(table)
