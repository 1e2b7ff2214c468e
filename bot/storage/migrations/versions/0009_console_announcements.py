"""asking for approval, officials' own chats"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("announcements", sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "official_chats",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_official_chats_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["official_id"], ["officials.id"], name="fk_official_chats_official_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_official_chats"),
    )
    op.create_index("ix_official_chats_official_id", "official_chats", ["official_id"])


def downgrade() -> None:
    op.drop_table("official_chats")
    op.drop_column("announcements", "proposed_at")
