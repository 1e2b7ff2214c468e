"""The only place that asks what time it is."""

from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")  # no daylight saving since 1975


def now() -> datetime:
    """Return the present moment in Viet Nam, with its zone."""
    return datetime.now(ZONE)
