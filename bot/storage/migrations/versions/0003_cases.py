"""feedback: drafts, cases and their story, notices to citizens, consents, requests about one's data"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LETTERS = "CEHKMPRTUXA"  # the check letters of a code, as of this revision


def upgrade() -> None:
    op.create_table(
        "case_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_case_numbers"),
    )
    op.create_table(
        "deletions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deletions"),
    )
    op.create_table(
        "reply_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("case_type", sa.String(length=16), server_default="", nullable=False),
        sa.Column("move", sa.String(length=24), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reply_templates"),
        sa.UniqueConstraint("name", name="uq_reply_templates_name"),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_consents_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_person_id", "consents", ["person_id"], unique=False)
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_data_requests_person_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_data_requests"),
    )
    op.create_index("ix_data_requests_person_id", "data_requests", ["person_id"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_drafts_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint("key", name="uq_drafts_key"),
        sa.UniqueConstraint("person_id", name="uq_drafts_person_id"),
    )
    op.create_index("ix_drafts_updated_at", "drafts", ["updated_at"], unique=False)
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["official_id"], ["officials.id"], name="fk_saved_filters_official_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filters"),
        sa.UniqueConstraint("official_id", "name", name="uq_saved_filters_official_id_name"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("draft_key", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("confidential", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("reporter_name", sa.Text(), server_default="", nullable=False),
        sa.Column("reporter_phone", sa.String(length=32), server_default="", nullable=False),
        sa.Column("reporter_address", sa.Text(), server_default="", nullable=False),
        sa.Column("thon", sa.String(length=64), server_default="", nullable=False),
        sa.Column("landmark", sa.Text(), server_default="", nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=64), server_default="", nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("warned", sa.Integer(), server_default="0", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(length=16), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("transferred_to", sa.Text(), server_default="", nullable=False),
        sa.Column("transfer_document", sa.Text(), server_default="", nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("asked_from", sa.String(length=16), server_default="", nullable=False),
        sa.Column("reopened", sa.Integer(), server_default="0", nullable=False),
        sa.Column("may_publish", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_title", sa.Text(), server_default="", nullable=False),
        sa.Column("public_text", sa.Text(), server_default="", nullable=False),
        sa.Column("public_answer", sa.Text(), server_default="", nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["officials.id"], name="fk_cases_assignee_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["cases.id"], name="fk_cases_merged_into_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_cases_person_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name="fk_cases_question_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("code", name="uq_cases_code"),
        sa.UniqueConstraint("draft_key", name="uq_cases_draft_key"),
        sa.UniqueConstraint("question_id", name="uq_cases_question_id"),
    )
    op.create_index("ix_cases_assignee_id", "cases", ["assignee_id"], unique=False)
    op.create_index("ix_cases_created", "cases", ["created_at"], unique=False)
    op.create_index("ix_cases_merged", "cases", ["merged_into_id"], unique=False)
    op.create_index("ix_cases_person_id", "cases", ["person_id"], unique=False)
    op.create_index("ix_cases_published", "cases", ["published_at"], unique=False)
    op.create_index("ix_cases_state_due", "cases", ["state", "due_at"], unique=False)
    op.create_index("ix_cases_unit_state", "cases", ["unit", "state"], unique=False)
    op.create_table(
        "case_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=True),
        sa.Column("official_name", sa.Text(), server_default="", nullable=False),
        sa.Column("from_state", sa.String(length=16), nullable=True),
        sa.Column("to_state", sa.String(length=16), nullable=True),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("shown", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_events_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["official_id"], ["officials.id"], name="fk_case_events_official_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_events"),
    )
    op.create_index("ix_case_events_case_id", "case_events", ["case_id"], unique=False)
    op.create_table(
        "case_followers",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_followers_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_case_followers_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "person_id", name="pk_case_followers"),
    )
    op.create_table(
        "case_ratings",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("factor", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_ratings_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "factor", name="pk_case_ratings"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("fault", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_notices_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_notices_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_person_id", "notices", ["person_id"], unique=False)
    op.create_index(
        "ix_notices_waiting",
        "notices",
        ["next_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "staff_posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("chat", sa.String(length=32), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Integer(), nullable=True),
        sa.Column("shown", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_staff_posts_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_posts"),
        sa.UniqueConstraint("chat", "message", name="uq_staff_posts_chat_message"),
    )
    op.create_index("ix_staff_posts_case_id", "staff_posts", ["case_id"], unique=False)
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("media_type", sa.String(length=64), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("from_official", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("public", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_attachments_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_attachments_draft_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["event_id"], ["case_events.id"], name="fk_attachments_event_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
    )
    op.create_index("ix_attachments_case_id", "attachments", ["case_id"], unique=False)
    op.create_index("ix_attachments_digest", "attachments", ["digest"], unique=False)
    op.create_index("ix_attachments_draft_id", "attachments", ["draft_id"], unique=False)

    _handovers_become_cases()


def _handovers_become_cases() -> None:
    """Questions handed to officials before there were cases are cases from now on."""
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            "SELECT h.question_id, h.person_id, h.created_at, q.text, q.channel FROM handovers h "
            "JOIN questions q ON q.id = h.question_id ORDER BY h.id"
        )
    ).all()
    last: dict[int, int] = {}
    for question, person, asked_at, text, channel in found:
        year = asked_at.year if isinstance(asked_at, datetime) else int(str(asked_at)[:4])
        last[year] = last.get(year, 0) + 1
        values = {
            "code": _code(year, last[year]),
            "question": question,
            "person": person,
            "at": asked_at,
            "text": text,
            "channel": channel,
        }
        connection.execute(
            sa.text(
                "INSERT INTO cases (code, type, state, channel, person_id, question_id, text, folded, created_at) "
                "VALUES (:code, 'hoi_dap', 'moi', :channel, :person, :question, :text, '', :at)"
            ),
            values,
        )
    for year, number in last.items():
        connection.execute(
            sa.text("INSERT INTO case_numbers (year, last) VALUES (:year, :last)"), {"year": year, "last": number}
        )
    op.drop_table("handovers")


def _code(year: int, number: int) -> str:
    digits = f"{year}{number:06}"
    weighted = sum(int(digit) * 2**place for place, digit in enumerate(reversed(digits)))
    return f"PA-{year}-{number:06}-{LETTERS[weighted % len(LETTERS)]}"


def downgrade() -> None:
    raise NotImplementedError("cases are not to be lost: restore a backup made before the upgrade")
