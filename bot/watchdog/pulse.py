"""What a process tells of the channels it runs, so that all processes of the installation know."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.health import Answer, Ask, ChannelHealth, Health
from bot.storage import channel_health
from bot.storage.channel_health import Vitals
from bot.storage.database import Database
from bot.watchdog.judging import SILENT

ASK_SECONDS = 20.0
MOST_TROUBLE = 200


async def tell(database: Database, health: Health, asks: Mapping[str, Ask], *, now: datetime) -> None:
    """Ask each platform how it is with us, and keep that with what the channels themselves went through."""
    names = sorted(asks)  # in one order, so that two processes never wait for each other's rows
    answers = await asyncio.gather(*(_asked(asks[name]) for name in names))
    async with database.transaction() as transaction:
        before = await channel_health.everything(transaction)
        for name, answer in zip(names, answers, strict=True):
            known = before.get(name) or Vitals(name, seen_at=now)
            await channel_health.tell(transaction, told(known, answer, health.of(name), now=now))


async def _asked(ask: Ask) -> Answer:
    try:
        async with asyncio.timeout(ASK_SECONDS):
            return await ask()
    except TimeoutError:
        return Answer(f"không trả lời trong {ASK_SECONDS:.0f} giây")


def told(before: Vitals, answer: Answer, own: ChannelHealth, *, now: datetime) -> Vitals:
    """Return a channel's row after an answer of its platform."""
    quota = answer.quota or before.quota
    was_well = before.well_since is not None and now - before.seen_at < SILENT
    is_well = not answer.trouble
    return replace(
        before,
        seen_at=now,
        last_update=own.last_update or before.last_update,
        trouble=answer.trouble[:MOST_TROUBLE],
        is_final=answer.is_final,
        failing_since=None if is_well else before.failing_since or now,
        well_since=(before.well_since if was_well else now) if is_well else None,
        pending=answer.pending,
        webhook=answer.webhook,
        quota_at=quota.at if quota else None,
        quota_left=quota.left if quota else None,
        quota_total=quota.total if quota else None,
    )


async def lives() -> Answer:
    """Answer for a channel with no platform behind it: that its process can answer is all there is to know."""
    return Answer()
