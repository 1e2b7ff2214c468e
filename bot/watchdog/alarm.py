"""The alarm about a dead channel: kept as a message on another channel, once per outage, again while it lasts.

At any hour: a dead channel is the operator's matter, and citizens read none of this.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot import health, notices
from bot.messages import Reply
from bot.settings import Config
from bot.storage import channel_health, inbox, official_chats, people
from bot.storage.database import Database, Transaction
from bot.texts import Texts
from bot.watchdog import judging
from bot.watchdog.judging import State

log = logging.getLogger(__name__)

AGAIN = timedelta(hours=4)


async def states(
    transaction: Transaction, config: Config, *, now: datetime, watching_since: datetime | None = None
) -> dict[str, State]:
    """Return how every channel is doing, as all processes of this installation know it."""
    vitals, backlogs = await channel_health.everything(transaction), await inbox.backlogs(transaction)
    return judging.judge_all(health.configured(config), vitals, backlogs, now=now, watching_since=watching_since)


async def watch(
    database: Database, config: Config, texts: Texts, *, now: datetime, watching_since: datetime | None = None
) -> None:
    """Raise an alarm for every channel found dead and end it for one found well, unless another process just did."""
    async with database.transaction() as transaction:
        found = await states(transaction, config, now=now, watching_since=watching_since)
        for state in found.values():
            if words := await _changed(transaction, state, texts, now=now):
                await _spread(transaction, words, state.channel, found, config, now=now)


async def _changed(transaction: Transaction, state: State, texts: Texts, *, now: datetime) -> str:
    """Return what is to be told about a channel, "" when it was told already."""
    vitals, name = state.vitals, health.NAMES[state.channel]
    if vitals is None:
        return ""
    if state.is_dead:
        is_due = vitals.alarmed_at is None or now - vitals.alarmed_at >= AGAIN
        if not is_due or not await channel_health.raise_alarm(transaction, vitals, now=now):
            return ""
        log.error("kênh %s không hoạt động: %s", state.channel, state.why)
        if vitals.dead_since is None:
            return texts.say("staff_alarm.dead", channel=name, why=state.why)
        return texts.say("staff_alarm.still_dead", channel=name, why=state.why, since=_clock(vitals.dead_since))
    if vitals.dead_since and judging.is_steady(state, now=now) and await channel_health.end_alarm(transaction, vitals):
        log.info("kênh %s hoạt động trở lại", state.channel)
        return texts.say("staff_alarm.back", channel=name, since=_clock(vitals.dead_since))
    return ""


async def _spread(
    transaction: Transaction, words: str, about: str, found: Mapping[str, State], config: Config, *, now: datetime
) -> None:
    """Keep the words for whoever is reached on a living channel; nobody may be, then the log and the pages tell."""
    alive = {name for name, state in found.items() if state.condition is judging.Condition.WELL and name != about}
    for channel, address in await _readers(transaction, alive, config):
        reader = await people.recognise(transaction, channel, address, now=now)
        await notices.tell(transaction, reader, [Reply(words)], now=now)


async def _readers(transaction: Transaction, alive: Iterable[str], config: Config) -> list[tuple[str, str]]:
    """Return the officials' group where it can be reached, else every official's chat that can."""
    if config.telegram.staff_chat and "telegram" in alive:
        return [("telegram", config.telegram.staff_chat)]
    return [chat for chat in await official_chats.everybody(transaction) if chat[0] in alive]


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M %d/%m}"
