"""How each channel is doing, said once a minute by the process that runs it and read by all others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.health import Quota
from bot.storage.database import Transaction
from bot.storage.health_tables import channel_health as table


@dataclass(frozen=True, slots=True)
class Vitals:
    """One channel's row: `trouble` is "" while all is well, `is_final` when it will not pass by itself."""

    channel: str
    seen_at: datetime
    last_update: datetime | None = None
    trouble: str = ""
    is_final: bool = False
    failing_since: datetime | None = None
    well_since: datetime | None = None
    pending: int | None = None
    webhook: bool | None = None
    quota_at: datetime | None = None
    quota_left: int | None = None
    quota_total: int | None = None
    dead_since: datetime | None = None
    alarmed_at: datetime | None = None

    @property
    def quota(self) -> Quota | None:
        """Return what its platform last told it still takes, None when it never was asked."""
        return Quota(self.quota_at, self.quota_left, self.quota_total) if self.quota_at else None


_TOLD = (
    "seen_at",
    "last_update",
    "trouble",
    "is_final",
    "failing_since",
    "well_since",
    "pending",
    "webhook",
    "quota_at",
    "quota_left",
    "quota_total",
)


async def everything(transaction: Transaction) -> dict[str, Vitals]:
    """Return the rows of the channels that ever ran, by channel."""
    columns = [table.c[name] for name in Vitals.__dataclass_fields__]
    found = [Vitals(*row) for row in await transaction.execute(select(*columns))]
    return {vitals.channel: vitals for vitals in found}


async def tell(transaction: Transaction, vitals: Vitals) -> None:
    """Keep what a channel's process says; the alarm of the row stays as it is."""
    values = {name: getattr(vitals, name) for name in _TOLD}
    change = update(table).where(table.c.channel == vitals.channel).values(values)
    if (await transaction.execute(change)).rowcount:
        return
    try:
        async with transaction.begin_nested():
            await transaction.execute(insert(table).values(channel=vitals.channel, **values))
    except IntegrityError:  # another replica was first
        await transaction.execute(change)


async def raise_alarm(transaction: Transaction, vitals: Vitals, *, is_told: bool, now: datetime) -> bool:
    """Note that a channel is dead, and whether that is told now; False when another process was first."""
    same = and_(
        table.c.alarmed_at.is_not_distinct_from(vitals.alarmed_at),
        table.c.dead_since.is_not_distinct_from(vitals.dead_since),
    )
    values = {"dead_since": vitals.dead_since or now, "alarmed_at": now if is_told else vitals.alarmed_at}
    return await _change(transaction, vitals, same, values)


async def end_alarm(transaction: Transaction, vitals: Vitals) -> bool:
    """Note that a channel lives again; False when another process was first."""
    return await _change(transaction, vitals, table.c.dead_since.is_not(None), {"dead_since": None, "alarmed_at": None})


async def _change(transaction: Transaction, vitals: Vitals, still: object, values: Mapping[str, object]) -> bool:
    mine = update(table).where(table.c.channel == vitals.channel, still)  # type: ignore[arg-type]
    return (await transaction.execute(mine.values(values))).rowcount == 1
