"""How the channels of this process are doing: they tell, the watchdog shares it with the other processes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.settings import Config

NAMES = {"web": "Trang hỏi đáp", "telegram": "Telegram", "zalo_bot": "Zalo Bot", "zalo_oa": "Zalo OA"}


@dataclass
class ChannelHealth:
    """What one channel last went through. `last_error` is empty since something succeeded."""

    last_update: datetime | None = None
    last_error: str = ""
    failed_at: datetime | None = None

    def received(self, now: datetime) -> None:
        """Note that something came from a citizen."""
        self.last_update = now

    def failed(self, error: str, now: datetime) -> None:
        """Note a fault in a word that carries no secret, such as the kind of the error."""
        self.last_error, self.failed_at = error, now

    def works(self) -> None:
        """Note that the platform answered as it should."""
        self.last_error, self.failed_at = "", None


@dataclass
class Health:
    """The channels at work in this process, by name."""

    channels: dict[str, ChannelHealth] = field(default_factory=dict)

    def of(self, channel: str) -> ChannelHealth:
        """Return what a channel writes its health into; from now on it counts as at work."""
        return self.channels.setdefault(channel, ChannelHealth())


@dataclass(frozen=True, slots=True)
class Quota:
    """How many messages a platform still takes and of how many, as it told at a moment; None where it did not tell."""

    at: datetime
    left: int | None = None
    total: int | None = None

    @property
    def is_low(self) -> bool:
        """Tell whether less than a tenth is left."""
        return self.left is not None and self.total is not None and self.left * 10 < self.total

    @property
    def said(self) -> str:
        """Return it in words."""
        if self.left is None or self.total is None:
            return f"không rõ (hỏi lúc {self.at:%H:%M %d/%m}, không có số)"
        left = f"còn {self.left:,} trên {self.total:,} tin".replace(",", ".")
        return f"{left} (hỏi lúc {self.at:%H:%M %d/%m})"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform says when it is asked how it is with us: `trouble` in Vietnamese, "" when all is well.

    `is_final` when only a human can mend it; `pending` is how many updates wait at the platform, None when untold;
    `webhook` is whether its calls are set to reach us, None when it does not tell; `quota` is None when it was not
    asked about this time.
    """

    trouble: str = ""
    is_final: bool = False
    pending: int | None = None
    webhook: bool | None = None
    quota: Quota | None = None


Ask = Callable[[], Awaitable[Answer]]


def configured(config: Config) -> dict[str, bool]:
    """Return every channel a citizen may use, and whether the settings switch it on."""
    return {
        "web": True,
        "telegram": bool(config.telegram.token),
        "zalo_bot": bool(config.zalo_bot.token),
        "zalo_oa": config.zalo_oa.is_on,
    }


def called(config: Config) -> frozenset[str]:
    """Return the channels whose platform calls us by webhook; the others are asked, or have no platform."""
    by_webhook = {
        "telegram": config.telegram.mode == "webhook",
        "zalo_bot": config.zalo_bot.mode == "webhook",
        "zalo_oa": True,
    }
    is_on = configured(config)
    return frozenset(channel for channel, is_called in by_webhook.items() if is_called and is_on[channel])
