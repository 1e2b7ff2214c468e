"""The tables of what people take part in: events, quizzes with their tries, contests with their marks."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.storage.tables import Moment, metadata

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("place", String(300), nullable=False),
    Column("details", Text, nullable=False),
    Column("starts_at", Moment(), nullable=False, index=True),
    Column("ends_at", Moment(), nullable=False),
    Column("sign_up_until", Moment(), nullable=False),
    Column("seats", Integer),  # none: as many as come
    Column("taken", Integer, nullable=False, server_default="0"),
    Column("announcement_id", ForeignKey("announcements.id", ondelete="SET NULL"), unique=True),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("cancelled_at", Moment()),
    Column("created_at", Moment(), nullable=False),
    Column("changed_at", Moment(), nullable=False),
)

event_sign_ups = Table(
    "event_sign_ups",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("name", String(80), nullable=False, server_default=""),
    Column("signed_at", Moment(), nullable=False),
    Column("since", Moment(), nullable=False),  # when this person was last told when the event is
    Column("day_told", Boolean, nullable=False, server_default=false()),
    Column("hour_told", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("event_id", "person_id"),
)

quizzes = Table(
    "quizzes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("intro", Text, nullable=False),
    Column("opens_at", Moment(), nullable=False),
    Column("closes_at", Moment(), nullable=False, index=True),
    Column("announcement_id", ForeignKey("announcements.id", ondelete="SET NULL"), unique=True),
    Column("created_at", Moment(), nullable=False),
)

quiz_questions = Table(
    "quiz_questions",
    metadata,
    Column("quiz_id", ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("correct", Integer, nullable=False),
    Column("explanation", Text, nullable=False),
)

quiz_tries = Table(
    "quiz_tries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("quiz_id", ForeignKey("quizzes.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL"), index=True),
    Column("channel", String(16), nullable=False),
    Column("answered", Integer, nullable=False, server_default="0"),
    Column("score", Integer, nullable=False, server_default="0"),
    Column("started_at", Moment(), nullable=False),
    Column("finished_at", Moment()),
    Column("told_at", Moment()),  # the right answers, after closing
    Column("left_at", Moment()),  # the person had their data deleted while the quiz was open: no second try, no place
    Column("name", String(80), nullable=False, server_default=""),
    Column("phone", String(16), nullable=False, server_default=""),
    UniqueConstraint("quiz_id", "person_id"),
)

quiz_answers = Table(
    "quiz_answers",
    metadata,
    Column("try_id", ForeignKey("quiz_tries.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("answer", Integer, nullable=False),
)

contests = Table(
    "contests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("marks_until", Date, nullable=False),
    Column("criteria", JSON, nullable=False),
    Column("closed_at", Moment()),
    Column("created_at", Moment(), nullable=False),
)

contest_judges = Table(
    "contest_judges",
    metadata,
    Column("contest_id", ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True),
    Column("official_id", ForeignKey("officials.id", ondelete="CASCADE"), primary_key=True, index=True),
)

contest_entries = Table(  # which cases took part, kept at closing; until then they are found by their type and day
    "contest_entries",
    metadata,
    Column("contest_id", ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
)

contest_marks = Table(
    "contest_marks",
    metadata,
    Column("contest_id", ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("official_id", ForeignKey("officials.id", ondelete="CASCADE"), primary_key=True),
    Column("marks", JSON, nullable=False),  # one for each criterion, in their order
    Column("remark", Text, nullable=False),
    Column("at", Moment(), nullable=False),
)
