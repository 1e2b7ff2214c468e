"""All tables together: whoever makes, compares or empties them takes `metadata` from here, so that none is missing."""

from bot.storage import official_tables, tables

TABLES = (tables, official_tables)
metadata = tables.metadata
