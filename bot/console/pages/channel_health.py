"""Tình trạng kênh: how each channel is doing, for everybody who reads on a page that one is dead."""

from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from bot.console.visit import EVERY_OFFICIAL, Page, Visit
from bot.storage import zalo_tokens, zalo_windows
from bot.storage.database import Transaction
from bot.watchdog import alarm, hearing
from bot.watchdog.judging import Condition

BADGES = {
    Condition.OFF: "plain",
    Condition.UNSEEN: "waiting",
    Condition.WELL: "good",
    Condition.FAILING: "waiting",
    Condition.DEAD: "bad",
}


@dataclass(frozen=True, slots=True)
class Account:
    """What the Official Account has left: its right to speak, and whom it may still answer free of charge."""

    tokens: zalo_tokens.Tokens | None
    free: int
    used_up: int


async def channels(visit: Visit) -> Response:
    """Every channel, the dead ones first."""
    async with visit.database.transaction() as transaction:
        states = await alarm.states(transaction, visit.office.config, now=visit.now())
        account = await _account(transaction, visit)
    order = [Condition.DEAD, Condition.FAILING, Condition.UNSEEN, Condition.WELL, Condition.OFF]
    found = sorted(states.values(), key=lambda state: order.index(state.condition))
    heard = {state.channel: hearing.of(state, visit.office.config, now=visit.now()) for state in found}
    return visit.show("channel_health.html", states=found, badges=BADGES, account=account, heard=heard)


async def _account(transaction: Transaction, visit: Visit) -> Account | None:
    settings = visit.office.config.zalo_oa
    if not settings.is_on:
        return None
    since = visit.now() - timedelta(hours=settings.free_hours)
    free, used_up = await zalo_windows.count(transaction, since=since, most=settings.free_replies)
    return Account(await zalo_tokens.load(transaction, settings.app_id), free, used_up)


PAGES = (Page("/tinh-trang", channels, EVERY_OFFICIAL),)
