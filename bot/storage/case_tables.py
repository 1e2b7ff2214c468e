"""The tables of feedback: drafts, cases, what happened to them, what is sent to citizens about them."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.storage.tables import Moment, metadata

drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),  # also kept on the case: a draft becomes one case at most
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("body", Text, nullable=False),
    Column("created_at", Moment(), nullable=False),
    Column("updated_at", Moment(), nullable=False, index=True),
    Column("reminded_at", Moment()),
)

case_numbers = Table(
    "case_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(20), nullable=False, unique=True),
    Column("draft_key", String(32), unique=True),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("type", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("confidential", Boolean, nullable=False, server_default=false()),
    Column("channel", String(16), nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL"), index=True),
    Column("question_id", ForeignKey("questions.id", ondelete="SET NULL"), unique=True),
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False),  # code, words, place and names without marks, for search
    Column("reporter_name", Text, nullable=False, server_default=""),
    Column("reporter_phone", String(32), nullable=False, server_default=""),
    Column("reporter_address", Text, nullable=False, server_default=""),
    Column("thon", String(64), nullable=False, server_default=""),
    Column("landmark", Text, nullable=False, server_default=""),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("unit", String(64), nullable=False, server_default=""),
    Column("assignee_id", ForeignKey("officials.id", ondelete="SET NULL"), index=True),
    Column("created_at", Moment(), nullable=False),
    Column("due_at", Moment()),
    Column("due_reason", Text, nullable=False, server_default=""),
    Column("warned", Integer, nullable=False, server_default="0"),  # how many warnings of this deadline went out
    Column("closed_at", Moment()),
    Column("answered_at", Moment()),
    Column("result", String(16)),
    Column("answer", Text, nullable=False, server_default=""),
    Column("transferred_to", Text, nullable=False, server_default=""),
    Column("transfer_document", Text, nullable=False, server_default=""),
    Column("merged_into_id", ForeignKey("cases.id", ondelete="SET NULL")),
    Column("asked_from", String(16), nullable=False, server_default=""),  # the state in which the citizen was asked
    Column("reopened", Integer, nullable=False, server_default="0"),
    Column("may_publish", Boolean, nullable=False, server_default=false()),
    Column("published_at", Moment()),
    Column("public_title", Text, nullable=False, server_default=""),
    Column("public_text", Text, nullable=False, server_default=""),
    Column("public_answer", Text, nullable=False, server_default=""),
    Column("forgotten_at", Moment()),  # personal data removed at the citizen's wish or by retention
)
Index("ix_cases_state_due", cases.c.state, cases.c.due_at)
Index("ix_cases_created", cases.c.created_at)
Index("ix_cases_unit_state", cases.c.unit, cases.c.state)
Index("ix_cases_published", cases.c.published_at)
Index("ix_cases_merged", cases.c.merged_into_id)

case_events = Table(
    "case_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment(), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("by", String(16), nullable=False),  # citizen, official, system
    Column("official_id", ForeignKey("officials.id", ondelete="SET NULL")),
    Column("official_name", Text, nullable=False, server_default=""),
    Column("from_state", String(16)),
    Column("to_state", String(16)),
    Column("text", Text, nullable=False, server_default=""),
    Column("shown", Boolean, nullable=False, server_default=false()),  # to the citizen
)

case_ratings = Table(
    "case_ratings",
    metadata,
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("factor", String(16), primary_key=True),
    Column("score", Integer, nullable=False),
    Column("at", Moment(), nullable=False),
)

case_followers = Table(
    "case_followers",
    metadata,
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("since", Moment(), nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("draft_id", ForeignKey("drafts.id", ondelete="CASCADE"), index=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), index=True),
    Column("event_id", ForeignKey("case_events.id", ondelete="SET NULL")),
    Column("kind", String(16), nullable=False),
    Column("digest", String(64), index=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("media_type", String(128), nullable=False, server_default=""),  # those of Word and Excel are over 64
    Column("size", Integer, nullable=False, server_default="0"),
    Column("note", Text, nullable=False, server_default=""),  # a place's name, a contact's number, why it was refused
    Column("latitude", Float),
    Column("longitude", Float),
    Column("from_official", Boolean, nullable=False, server_default=false()),
    Column("public", Boolean, nullable=False, server_default=false()),
    Column("created_at", Moment(), nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE")),
    Column("body", Text, nullable=False),
    Column("created_at", Moment(), nullable=False),
    Column("next_at", Moment()),  # NULL once nothing more is to be done
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("outcome", String(16)),
    Column("fault", Text, nullable=False, server_default=""),
)
Index(
    "ix_notices_waiting",
    notices.c.next_at,
    notices.c.id,
    sqlite_where=notices.c.next_at.is_not(None),
    postgresql_where=notices.c.next_at.is_not(None),
)

reply_templates = Table(
    "reply_templates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("case_type", String(16), nullable=False, server_default=""),
    Column("move", String(24), nullable=False, server_default=""),
    Column("text", Text, nullable=False),
)

saved_filters = Table(
    "saved_filters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("official_id", ForeignKey("officials.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    UniqueConstraint("official_id", "name"),
)

staff_posts = Table(
    "staff_posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("chat", String(32), nullable=False),
    Column("message", Integer, nullable=False),
    Column("topic", Integer),
    Column("shown", Integer, nullable=False, server_default="0"),  # the version of the case that the post shows
    UniqueConstraint("chat", "message"),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("purpose", String(16), nullable=False),
    Column("wording", String(64), nullable=False),  # which text the citizen agreed to
    Column("given_at", Moment(), nullable=False),
    Column("withdrawn_at", Moment()),
)

data_requests = Table(
    "data_requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL"), index=True),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("asked_at", Moment(), nullable=False),
    Column("due_at", Moment(), nullable=False),
    Column("done_at", Moment()),
    Column("done_by", Text, nullable=False, server_default=""),
    Column("outcome", Text, nullable=False, server_default=""),
)

deletions = Table(
    "deletions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment(), nullable=False),
    Column("what", String(32), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("why", Text, nullable=False),
)
