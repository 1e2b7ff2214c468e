"""The tables about the officials: who they are, where they are signed in, their chats, one-time links, their deeds."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from bot.storage.tables import Moment, metadata

officials = Table(
    "officials",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(32), nullable=False, unique=True),
    Column("full_name", String(80), nullable=False),
    Column("password_hash", String(128)),  # none until the one-time link was used
    Column("roles", String(80), nullable=False),
    Column("unit", String(80), nullable=False),
    Column("totp_secret", String(64)),
    Column("totp_step", Integer, nullable=False),  # of the newest code that was accepted, so that none is taken twice
    Column("recovery_codes", Text, nullable=False),  # their digests, separated by blanks
    Column("telegram", String(20), unique=True),
    Column("disabled_at", Moment()),
    Column("failed_logins", Integer, nullable=False),
    Column("locked_until", Moment()),
    Column("created_at", Moment(), nullable=False),
)

official_sessions = Table(
    "official_sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("official_id", ForeignKey("officials.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("needs_code", Boolean, nullable=False),
    Column("device", String(80), nullable=False),
    Column("created_at", Moment(), nullable=False),
    Column("seen_at", Moment(), nullable=False),
)

official_chats = Table(
    "official_chats",
    metadata,
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("official_id", ForeignKey("officials.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("linked_at", Moment(), nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("purpose", String(16), nullable=False),
    Column("official_id", ForeignKey("officials.id", ondelete="CASCADE"), index=True),
    Column("expires_at", Moment(), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment(), nullable=False, index=True),
    Column("official_id", ForeignKey("officials.id", ondelete="SET NULL")),
    Column("name", String(32), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("details", Text, nullable=False),
    Index("ix_audit_name_id", "name", "id"),
    Index("ix_audit_subject_id", "subject", "id"),
)
