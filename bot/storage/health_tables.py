"""The tables of the watchdog: how each channel is doing, and where officials are told when one dies."""

from sqlalchemy import Boolean, Column, Integer, String, Table

from bot.storage.tables import Moment, metadata

channel_health = Table(
    "channel_health",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("seen_at", Moment(), nullable=False),  # when a process that runs it last said so
    Column("last_update", Moment()),
    Column("trouble", String(200), nullable=False),
    Column("is_final", Boolean, nullable=False),
    Column("failing_since", Moment()),
    Column("well_since", Moment()),
    Column("pending", Integer),  # what waits at the platform
    Column("webhook", Boolean),  # whether the platform said that its calls are set to reach us; NULL: it does not tell
    Column("quota_at", Moment()),  # when the platform was last asked what it still takes
    Column("quota_left", Integer),
    Column("quota_total", Integer),
    Column("dead_since", Moment()),  # the alarm: set and taken back by whoever is first
    Column("alarmed_at", Moment()),
)
