"""announcement files; attachments have room for the media types of Word and Excel"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcement_files",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("alt", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name="fk_announcement_files_announcement_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("announcement_id", "position", name="pk_announcement_files"),
    )
    op.create_index("ix_announcement_files_digest", "announcement_files", ["digest"])
    with op.batch_alter_table("attachments") as attachments:
        attachments.alter_column("media_type", type_=sa.String(length=128), existing_server_default="")


def downgrade() -> None:
    with op.batch_alter_table("attachments") as attachments:
        attachments.alter_column("media_type", type_=sa.String(length=64), existing_server_default="")
    op.drop_index("ix_announcement_files_digest", table_name="announcement_files")
    op.drop_table("announcement_files")
