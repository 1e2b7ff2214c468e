"""The hours in which nobody is written to unasked."""

from datetime import datetime, time, timedelta

from bot.clock import ZONE

# House rule, within the 7:00-22:00 that NĐ 91/2020/NĐ-CP Điều 13 sets for advertising messages.
QUIET_FROM, QUIET_UNTIL = time(21, 0), time(6, 30)


def is_quiet(moment: datetime) -> bool:
    """Tell whether ordinary announcements and reminders wait at this moment."""
    clock = moment.astimezone(ZONE).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def opening(moment: datetime) -> datetime:
    """Return `moment`, or the end of the quiet hours it falls in."""
    local = moment.astimezone(ZONE)
    if not is_quiet(local):
        return local
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, ZONE)
