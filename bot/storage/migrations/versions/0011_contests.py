"""contests of initiatives: judges, marks"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("marks_until", sa.Date(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contests"),
    )
    op.create_table(
        "contest_judges",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name="fk_contest_judges_contest_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["official_id"], ["officials.id"], name="fk_contest_judges_official_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contest_id", "official_id", name="pk_contest_judges"),
    )
    op.create_index("ix_contest_judges_official_id", "contest_judges", ["official_id"], unique=False)
    op.create_table(
        "contest_marks",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_contest_marks_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name="fk_contest_marks_contest_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["official_id"], ["officials.id"], name="fk_contest_marks_official_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contest_id", "case_id", "official_id", name="pk_contest_marks"),
    )


def downgrade() -> None:
    for table in ("contest_marks", "contest_judges", "contests"):
        op.drop_table(table)
