"""The alarm about a dead channel: kept as a message on another channel, once per outage, again while it lasts.

At any hour: a dead channel is the operator's matter, and citizens read none of this.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot import health, notices
from bot.messages import Reply
from bot.settings import Config
from bot.storage import channel_health, inbox, official_chats, people, zalo_windows
from bot.storage.channel_health import Vitals
from bot.storage.database import Database, Transaction
from bot.texts import Texts
from bot.watchdog import judging
from bot.watchdog.judging import Condition, State

log = logging.getLogger(__name__)

AGAIN = timedelta(hours=4)

Reader = tuple[str, str]  # channel and address


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
            if not (state.is_dead or (state.vitals and state.vitals.dead_since)):
                continue
            readers = await _readers(transaction, state.channel, found, config, now=now)
            if words := await _changed(transaction, state, texts, can_be_told=bool(readers), now=now):
                await _spread(transaction, words, readers, now=now)


async def _changed(transaction: Transaction, state: State, texts: Texts, *, can_be_told: bool, now: datetime) -> str:
    """Return what is to be told about a channel, "" when it was told already."""
    vitals, name = state.vitals, health.NAMES[state.channel]
    if vitals is None and state.is_dead:
        vitals = Vitals(state.channel, now, trouble=state.why, is_final=True, failing_since=now)
        await channel_health.tell(transaction, vitals)  # a row to keep the alarm in; who runs the channel tells anew
    if vitals is None:
        return ""
    if state.is_dead:
        return await _raised(transaction, state, vitals, texts, can_be_told=can_be_told, now=now)
    if vitals.dead_since and judging.is_steady(state, now=now) and await channel_health.end_alarm(transaction, vitals):
        log.info("kênh %s hoạt động trở lại", state.channel)
        return texts.say("staff_alarm.back", channel=name, since=_clock(vitals.dead_since))
    return ""


async def _raised(
    transaction: Transaction, state: State, vitals: Vitals, texts: Texts, *, can_be_told: bool, now: datetime
) -> str:
    """Return the alarm; one that nobody can hear yet is noted, and told as soon as somebody can."""
    is_new = vitals.dead_since is None
    is_due = vitals.alarmed_at is None or now - vitals.alarmed_at >= AGAIN
    if not (is_new or (is_due and can_be_told)):
        return ""
    if not await channel_health.raise_alarm(transaction, vitals, is_told=can_be_told, now=now):
        return ""
    log.error("kênh %s không hoạt động: %s", state.channel, state.why)
    name, since = health.NAMES[state.channel], _clock(vitals.dead_since or now)
    if vitals.alarmed_at is None:
        return texts.say("staff_alarm.dead", channel=name, why=state.why)
    return texts.say("staff_alarm.still_dead", channel=name, why=state.why, since=since)


async def _spread(transaction: Transaction, words: str, readers: Iterable[Reader], *, now: datetime) -> None:
    """Keep the words for the readers; there may be none, then the log and the pages tell."""
    for channel, address in readers:
        reader = await people.recognise(transaction, channel, address, now=now)
        await notices.tell(transaction, reader, [Reply(words)], now=now)


async def _readers(
    transaction: Transaction, about: str, found: Mapping[str, State], config: Config, *, now: datetime
) -> list[Reader]:
    """Return the officials' group where it can be reached, else every official's chat that can.

    A channel that is well comes before one that has trouble, where what is told waits until it passes.
    """
    for condition in (Condition.WELL, Condition.FAILING):
        alive = {name for name, state in found.items() if state.condition is condition and name != about}
        if config.telegram.staff_chat and "telegram" in alive:
            return [("telegram", config.telegram.staff_chat)]
        chats = [chat for chat in await official_chats.everybody(transaction) if chat[0] in alive]
        if readers := [chat for chat in chats if await _can_hear(transaction, chat, config, now=now)]:
            return readers
    return []


async def _can_hear(transaction: Transaction, chat: Reader, config: Config, *, now: datetime) -> bool:
    """Tell whether a chat may be written to now: Zalo's Official Account may write only to who wrote to it lately."""
    channel, address = chat
    if channel != "zalo_oa":
        return True
    window = await zalo_windows.find(transaction, channel, address)
    return zalo_windows.is_on(zalo_windows.terms(window, config.zalo_oa, now), config.zalo_oa)


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M %d/%m}"
