"""Restraint towards a channel that refuses: for as long as it asks, else more and more slowly."""

from datetime import datetime, timedelta

from bot.messages import DeliveryError, DeliveryOutcome

LONGEST = timedelta(seconds=60)


class Hold:
    """Says how many messages may be in flight on a channel now.

    A wait that the channel asks for holds the one chat that it was said to; once it is said to a second chat while the
    first still waits, it is meant for all. A line that fails is tried one message at a time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._until: datetime | None = None
        self._asked_to_wait: dict[str, datetime] = {}
        self.errors = 0  # in a row

    def room(self, now: datetime) -> int:
        """Return how many messages may be in flight."""
        if self.left(now):
            return 0
        return 1 if self.errors >= self._most else self._most

    def left(self, now: datetime) -> timedelta | None:
        """Return how long the hold lasts still, None when there is none."""
        return self._until - now if self._until and self._until > now else None

    def delivered(self) -> None:
        self.errors = 0

    def refused(self, refusal: DeliveryError, address: str, now: datetime) -> None:
        if refusal.outcome in (DeliveryOutcome.GONE, DeliveryOutcome.SKIPPED):
            return  # says something of that person, nothing of the line or the words
        self.errors += 1
        if refusal.retry_after is not None:
            self._asked_to_wait[address] = now + timedelta(seconds=refusal.retry_after)
            self._asked_to_wait = {chat: until for chat, until in self._asked_to_wait.items() if until > now}
            if len(self._asked_to_wait) > 1:
                self._until = max(self._asked_to_wait.values())
        elif refusal.outcome in (DeliveryOutcome.FAILED, DeliveryOutcome.UNCERTAIN) and self.errors >= self._most:
            self._until = now + min(LONGEST, timedelta(seconds=2.0 ** min(self.errors - self._most, 6)))
