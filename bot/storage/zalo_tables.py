"""The tables of Zalo: the Official Account's tokens, who may still be answered free of charge, addresses used up."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from bot.storage.tables import Moment, metadata

zalo_tokens = Table(
    "zalo_tokens",
    metadata,
    Column("app_id", String(64), primary_key=True),
    Column("seed", String(64), nullable=False),  # SHA-256 of the refresh token the chain began with
    Column("refresh_token", Text, nullable=False),
    Column("access_token", Text, nullable=False, server_default=""),
    Column("expires_at", Moment()),
    Column("leased_until", Moment()),
    Column("answer", Text),  # Zalo's answer as it came, until it is read
    Column("answered_at", Moment()),
    Column("lost_at", Moment()),
)

zalo_windows = Table(
    "zalo_windows",
    metadata,
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("heard_at", Moment(), nullable=False),
    Column("replies_used", Integer, nullable=False),
)

used_links = Table(
    "used_links",
    metadata,
    Column("nonce", String(12), primary_key=True),
    Column("until", Moment(), nullable=False),  # when the address ends by itself
)
