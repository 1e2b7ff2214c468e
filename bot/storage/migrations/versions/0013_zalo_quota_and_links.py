"""what is left of a channel's quota, one-use addresses used up"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel_health", sa.Column("quota_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("channel_health", sa.Column("quota_left", sa.Integer(), nullable=True))
    op.add_column("channel_health", sa.Column("quota_total", sa.Integer(), nullable=True))
    op.create_table(
        "used_links",
        sa.Column("nonce", sa.String(length=12), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name="pk_used_links"),
    )


def downgrade() -> None:
    op.drop_table("used_links")
    for column in ("quota_total", "quota_left", "quota_at"):
        op.drop_column("channel_health", column)
