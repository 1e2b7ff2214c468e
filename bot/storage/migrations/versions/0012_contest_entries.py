"""the entries of a closed contest stay as they were at closing"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
CONTESTS = sa.table(
    "contests",
    sa.column("id", sa.Integer),
    sa.column("first_day", sa.Date),
    sa.column("last_day", sa.Date),
    sa.column("closed_at", sa.DateTime(timezone=True)),
)
CASES = sa.table(
    "cases",
    sa.column("id", sa.Integer),
    sa.column("type", sa.String),
    sa.column("state", sa.String),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("merged_into_id", sa.Integer),
    sa.column("confidential", sa.Boolean),
)


def upgrade() -> None:
    entries = op.create_table(
        "contest_entries",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_contest_entries_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name="fk_contest_entries_contest_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contest_id", "case_id", name="pk_contest_entries"),
    )
    for taking_part in _of_closed_contests():
        op.execute(sa.insert(entries).from_select(["contest_id", "case_id"], taking_part))


def _of_closed_contests() -> Iterator[sa.Select[tuple[int, int]]]:
    """Yield, for each contest that is closed already, what takes part in it now."""
    closed = op.get_bind().execute(sa.select(CONTESTS).where(CONTESTS.c.closed_at.is_not(None))).all()
    for contest in closed:
        since = datetime.combine(contest.first_day, time(), VIET_NAM).astimezone(UTC)
        until = datetime.combine(contest.last_day + timedelta(days=1), time(), VIET_NAM).astimezone(UTC)
        yield sa.select(sa.literal(contest.id), CASES.c.id).where(
            CASES.c.type == "sang_kien",
            CASES.c.created_at >= since,
            CASES.c.created_at < until,
            CASES.c.state != "tu_choi",
            CASES.c.merged_into_id.is_(None),
            ~CASES.c.confidential,
        )


def downgrade() -> None:
    op.drop_table("contest_entries")
