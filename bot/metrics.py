"""What the program counts about itself, in a registry of its own; `/metrics` shows it to Prometheus."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.messages import DeliveryError, DeliveryOutcome

REGISTRY = CollectorRegistry()
TURNS = Counter("motcua_turns", "Messages answered", ["channel", "outcome"], registry=REGISTRY)
ANSWER_SECONDS = Histogram(
    "motcua_answer_seconds",
    "From a message in hand to its replies in hand, waiting for the person's lane included",
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
TRANSACTION_SECONDS = Histogram(
    "motcua_database_transaction_seconds",
    "From asking for a transaction to its end, waiting for the lock included",
    registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
DELIVERIES = Counter("motcua_deliveries", "Messages sent, by what became", ["channel", "outcome"], registry=REGISTRY)
INBOX_WAITING = Gauge("motcua_inbox_waiting", "Updates kept and not yet acted on", ["channel"], registry=REGISTRY)
INBOX_QUARANTINED = Gauge("motcua_inbox_quarantined", "Updates set aside as broken", ["channel"], registry=REGISTRY)
CHANNEL_DEAD = Gauge("motcua_channel_dead", "1 while a channel does not work", ["channel"], registry=REGISTRY)
CHANNEL_QUOTA = Gauge(
    "motcua_channel_quota_left",
    "Messages that the platform still takes, as it last told",
    ["channel"],
    registry=REGISTRY,
)
ProcessCollector(registry=REGISTRY)


@dataclass
class Turn:
    """One message being answered; whoever answers it names the outcome."""

    outcome: str = "fault"


@contextmanager
def turn(channel: str) -> Iterator[Turn]:
    """Time and count a block as the answering of one message."""
    counted = Turn()
    with ANSWER_SECONDS.time():
        try:
            yield counted
        finally:
            TURNS.labels(channel, counted.outcome).inc()


@contextmanager
def delivery(channel: str) -> Iterator[None]:
    """Count a block as the sending of one message; one that was cut off is not counted."""
    try:
        yield
    except DeliveryError as error:
        DELIVERIES.labels(channel, error.outcome).inc()
        raise
    DELIVERIES.labels(channel, DeliveryOutcome.DELIVERED).inc()


def show_backlogs(backlogs: Mapping[str, tuple[int, int]]) -> None:
    """Set how many updates of each channel wait and are in quarantine; a channel that is not named is not shown."""
    for position, gauge in enumerate((INBOX_WAITING, INBOX_QUARANTINED)):
        gauge.clear()
        for channel, figures in backlogs.items():
            gauge.labels(channel).set(figures[position])


def show_dead(channels: Mapping[str, bool]) -> None:
    """Set which channels are dead; one that is not named is not shown."""
    CHANNEL_DEAD.clear()
    for channel, is_dead in channels.items():
        CHANNEL_DEAD.labels(channel).set(is_dead)


def show_quotas(channels: Mapping[str, int]) -> None:
    """Set what is left of each channel's quota; one that is not named is not shown."""
    CHANNEL_QUOTA.clear()
    for channel, left in channels.items():
        CHANNEL_QUOTA.labels(channel).set(left)


def exposition() -> bytes:
    """Return everything counted, as Prometheus reads it."""
    return generate_latest(REGISTRY)
