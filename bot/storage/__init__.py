"""Everything that is remembered. Only this package knows SQLAlchemy."""
