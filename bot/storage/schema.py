"""All tables together: whoever makes, compares or empties them takes `metadata` from here, so that none is missing."""

from bot.storage import (
    broadcast_tables,
    case_tables,
    event_tables,
    health_tables,
    official_tables,
    poster_tables,
    tables,
    zalo_tables,
)

TABLES = (
    tables,
    official_tables,
    case_tables,
    broadcast_tables,
    poster_tables,
    event_tables,
    zalo_tables,
    health_tables,
)
metadata = tables.metadata
