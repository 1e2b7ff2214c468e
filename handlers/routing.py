"""One message in, replies out: whose it is, which route takes it, and the state kept with it."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from bot import metrics
from bot.messages import Choice, Incoming, Reply
from bot.storage import conversations, people
from handlers import later
from handlers.conversation import Conversation
from handlers.services import Services, Turn
from knowledge.vietnamese import clean, fold

Handler = Callable[[Incoming, Conversation, Turn], Awaitable[list[Reply]]]
Condition = Callable[[Incoming, Conversation], bool]
Keep = Callable[[Turn, Sequence[Choice], Sequence[Reply]], Awaitable[None]]  # what was offered before, the replies now

SAME_LABEL = 90  # of 100; below it, words are a question rather than the name of a button
_NUMBER = re.compile(
    r"(?:so|muc|cau|cai|chon|y|phan|viec)?\s*(?:thu\s*)?(\d{1,2}|nhat|dau tien|dau|hai|nhi|ba|bon|tu|cuoi)"
)
_ORDINALS = {"nhat": 1, "dau": 1, "dau tien": 1, "hai": 2, "nhi": 2, "ba": 3, "bon": 4, "tu": 4}


@dataclass(frozen=True)
class Route:
    """A kind of message and who answers it."""

    matches: Condition
    handle: Handler


async def converse(
    incoming: Incoming, services: Services, *, routes: Sequence[Route], keep: Keep | None = None
) -> list[Reply]:
    """Return the replies to one message; the state is stored with them or not at all, and so is what `keep` stores.

    Messages of one person are answered in order; messages of others do not wait.
    """
    with metrics.turn(incoming.channel) as counted:
        async with (
            services.lanes.of(incoming.channel, incoming.address),
            services.database.transaction() as transaction,
        ):
            now = services.now()
            person = await people.recognise(transaction, incoming.channel, incoming.address, now=now)
            conversation = Conversation.from_json(await conversations.load(transaction, person))
            turn = services.during(transaction, person, shown_name=incoming.shown_name)
            offered = conversation.offered
            replies = await _respond(incoming, conversation, turn, routes)
            await conversations.save(transaction, person, conversation.to_json(), now=now)
            if keep:
                await keep(turn, offered, replies)
        counted.outcome = next((reply.answer.outcome.value for reply in replies if reply.answer), "other")
    return replies


async def _respond(incoming: Incoming, conversation: Conversation, turn: Turn, routes: Sequence[Route]) -> list[Reply]:
    newer = await later.offered(turn) if is_number(incoming) else ()
    incoming = picked(incoming, newer or conversation.offered)
    conversation.met = conversation.met or incoming.greeted
    known = conversation.met
    route = next(route for route in routes if route.matches(incoming, conversation))
    replies = [*_refusals(incoming, turn), *await route.handle(incoming, conversation, turn)]
    if not known and not conversation.met:
        conversation.met = True
        replies = [Reply(turn.texts.say("start.first_notice")), *replies]
    offered = [choice for reply in replies for choice in reply.choices]
    conversation.offered = offered or conversation.offered
    return replies


def _refusals(incoming: Incoming, turn: Turn) -> list[Reply]:
    """Return why files that came with a message could not be kept, each reason once."""
    reasons = dict.fromkeys(attached.refused for attached in incoming.attachments if attached.refused)
    return [Reply(turn.texts.say(reason)) for reason in reasons]


def is_number(incoming: Incoming) -> bool:
    """Tell whether a message is but the number of a choice."""
    return not incoming.choice and _NUMBER.fullmatch(fold(clean(incoming.text)[:80])) is not None


def picked(incoming: Incoming, offered: Sequence[Choice]) -> Incoming:
    """Return the message with the choice that its number or words name, when they name one of those offered."""
    if incoming.choice or not offered or not incoming.text:
        return incoming
    said = fold(clean(incoming.text)[:80])
    number = _NUMBER.fullmatch(said)
    if number:
        position = int(number[1]) if number[1].isdigit() else _ORDINALS.get(number[1], len(offered))
        is_offered = 1 <= position <= len(offered)
        return replace(incoming, choice=offered[position - 1].id) if is_offered else incoming
    labels = [fold(choice.label) for choice in offered]
    best = process.extractOne(said, labels, scorer=fuzz.ratio, score_cutoff=SAME_LABEL)
    return replace(incoming, choice=offered[best[2]].id) if best else incoming
