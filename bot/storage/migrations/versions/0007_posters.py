"""posters"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "posters",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name="fk_posters_announcement_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_posters"),
        sa.UniqueConstraint("announcement_id", "place", name="uq_posters_announcement_id_place"),
    )
    op.create_table(
        "poster_days",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visits", sa.Integer(), server_default="0", nullable=False),
        sa.Column("conversations", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["code"], ["posters.code"], name="fk_poster_days_code", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code", "day", name="pk_poster_days"),
    )


def downgrade() -> None:
    for table in ("poster_days", "posters"):
        op.drop_table(table)
