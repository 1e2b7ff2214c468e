"""whether a channel's webhook is set, as its platform told last"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel_health", sa.Column("webhook", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("channel_health", "webhook")
