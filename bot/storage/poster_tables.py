"""The tables of posters: where one hangs, and how many came by it on each day; nothing about who they were."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, UniqueConstraint

from bot.storage.tables import Moment, metadata

posters = Table(
    "posters",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("announcement_id", ForeignKey("announcements.id", ondelete="CASCADE"), nullable=False),
    Column("place", String(100), nullable=False),
    Column("created_at", Moment(), nullable=False),
    UniqueConstraint("announcement_id", "place"),
)

poster_days = Table(
    "poster_days",
    metadata,
    Column("code", ForeignKey("posters.code", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("visits", Integer, nullable=False, server_default="0"),
    Column("conversations", Integer, nullable=False, server_default="0"),
)
