"""Events: seeing what comes, signing up, leaving, giving one's name. Old buttons work: each names its event."""

import re
from collections.abc import Sequence

from bot.events import taking_part, words
from bot.events.taking_part import Outcome
from bot.messages import Choice, Incoming, Reply
from bot.storage import consents, events
from bot.storage.events import Event, Place
from handlers import actions
from handlers.ask import start_choices
from handlers.conversation import Awaiting, Conversation
from handlers.services import Turn
from knowledge.vietnamese import clean, fold

MOST_LISTED = 8
_WISH = re.compile(r"(?:toi )?(khong |huy |bo )?(?:dang ky )?tham du(?: su kien)?(?: so)?(?: (\d{1,9}))?(?: nua)?")
_NAME = re.compile(r"[^\W\d_]+(?:[ .'-]+[^\W\d_]+){0,6}\.?")


def says_wish(incoming: Incoming, conversation: Conversation) -> bool:  # noqa: ARG001
    """Tell whether a message says nothing but that somebody comes, or does not, perhaps with an event's number."""
    return len(incoming.text) <= 60 and _wish(incoming) is not None


def _wish(incoming: Incoming) -> tuple[str, int] | None:
    """Return the verb and the number of the event, 0 for none."""
    found = _WISH.fullmatch(fold(incoming.text).strip())
    if found is None:
        return None
    return "leave" if found[1] else "come", int(found[2] or 0)


def gives_name(incoming: Incoming, conversation: Conversation) -> bool:
    """Tell whether a message is the name that was asked for: anything longer is a question, and goes its own way."""
    return conversation.awaiting is Awaiting.EVENT_NAME and is_name(incoming.text)


def is_name(text: str) -> bool:
    said = clean(text)
    return len(said) <= taking_part.LONGEST_NAME and _NAME.fullmatch(said) is not None


async def listed(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """The events to come, a button each."""
    found = await events.coming(turn.transaction, now=turn.now(), limit=MOST_LISTED)
    if not found:
        return [Reply(turn.texts.say("events.none"), start_choices(turn))]
    return [_offer("events.list", found, "see", turn)]


def _offer(sentence: str, found: Sequence[Event], verb: str, turn: Turn) -> Reply:
    lines = [turn.texts.say("events.line", name=event.name, when=words.when(event)) for event in found]
    choices = [actions.of(actions.EVENT, line, event.id, verb) for line, event in zip(lines, found, strict=True)]
    return Reply(turn.texts.say(sentence), tuple(choices))


async def wished(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Sign up or leave by words: for the event of that number, for the only one it can be, or ask which."""
    verb, number = _wish(incoming) or ("come", 0)
    if number:
        return await _do(verb, number, conversation, turn)
    meant = await _meant(verb, turn)
    if len(meant) == 1:
        return await _do(verb, meant[0].id, conversation, turn)
    if not meant:
        told = "events.none" if verb == "come" else "events.none_signed"
        return [Reply(turn.texts.say(told), start_choices(turn))]
    return [_offer("events.which" if verb == "come" else "events.which_not", meant[:MOST_LISTED], verb, turn)]


async def _meant(verb: str, turn: Turn) -> list[Event]:
    now = turn.now()
    if verb == "come":
        known = await events.coming(turn.transaction, now=now, limit=MOST_LISTED)
        return [event for event in known if taking_part.is_open(event, now)]
    signed = await events.of_person(turn.transaction, turn.person)
    return [event for event, _, _ in signed if event.cancelled_at is None and event.starts_at > now]


async def press(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Do what a button of an event says."""
    _, arguments = actions.parse(incoming.choice or "")
    number, verb = (*arguments, "", "")[:2]
    return await _do(verb, actions.number(number), conversation, turn)


async def _do(verb: str, number: int, conversation: Conversation, turn: Turn) -> list[Reply]:
    event = await events.get(turn.transaction, number, lock=True) if number > 0 else None
    if event is None or verb == "others":
        gone = [] if verb == "others" else [Reply(turn.texts.say("events.gone"))]
        return [*gone, *await listed(Incoming("", ""), conversation, turn)]
    if verb == "come":
        return await _come(event, turn)
    if verb == "leave":
        return await _leave(event, turn)
    if verb == "name":
        return await _agree(event, conversation, turn)
    if verb == "no_name":
        return [Reply(turn.texts.say("events.no_name"), start_choices(turn))]
    return [await _card(event, turn)]


async def _card(event: Event, turn: Turn) -> Reply:
    """Return what there is to know of an event, where this person stands, and what they can do."""
    say, now = turn.texts.say, turn.now()
    until, room = words.moment(event.sign_up_until), words.seats(event, turn.texts)
    text = say("events.card", until=until, seats=room, details=event.details, **words.about(event)).strip()
    standing = await events.place_of(turn.transaction, event.id, turn.person)
    lines = [text]
    if event.cancelled_at is not None:
        lines.append(say("events.was_cancelled"))
    elif standing:
        lines.append(say("events.is_coming" if standing is Place.COMING else "events.is_waiting"))
    if public := turn.services.config.web.public_url:
        lines.append(say("events.page", address=f"{public.rstrip('/')}/su-kien/{event.id}"))
    verbs = ["leave"] if standing else ["come"] if taking_part.is_open(event, now) else []
    return Reply("\n".join(lines), tuple(words.button(event, verb, turn.texts) for verb in [*verbs, "others"]))


async def _come(event: Event, turn: Turn) -> list[Reply]:
    outcome = await taking_part.sign_up(turn.transaction, event, turn.person, now=turn.now())
    text = turn.texts.say(f"event_outcomes.{outcome}", **words.about(event))
    if outcome in (Outcome.CLOSED, Outcome.CANCELLED):
        return [Reply(text, (words.button(event, "others", turn.texts),))]
    leaving = words.button(event, "leave", turn.texts)
    if outcome in (Outcome.ALREADY, Outcome.ALREADY_WAITING):
        return [Reply(text, (leaving,))]
    asked = turn.texts.say("events.ask_name", days=turn.services.config.privacy.keep_questions_days)
    buttons = tuple(words.button(event, verb, turn.texts) for verb in ("name", "no_name"))
    return [Reply(f"{text}\n\n{asked}", (*buttons, leaving))]


async def _leave(event: Event, turn: Turn) -> list[Reply]:
    was_there = await taking_part.leave(turn.transaction, event, turn.person, turn.texts, now=turn.now())
    text = turn.texts.say("events.left" if was_there else "events.not_signed", name=event.name)
    verbs = ("come", "others") if taking_part.is_open(event, turn.now()) else ("others",)
    return [Reply(text, tuple(words.button(event, verb, turn.texts) for verb in verbs))]


async def _agree(event: Event, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Ask for the name; giving it is the agreement."""
    if await events.place_of(turn.transaction, event.id, turn.person) is None:
        return await _leave(event, turn)
    conversation.await_for_case(Awaiting.EVENT_NAME, str(event.id))
    return [Reply(turn.texts.say("events.agree_name"))]


async def named(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Keep the name that was typed, and that its giver agreed."""
    given = clean(incoming.text)
    conversation.awaiting = Awaiting.NOTHING
    event = await events.get(turn.transaction, actions.number(conversation.case))
    if event is None or not await events.name(turn.transaction, event.id, turn.person, given):
        return [Reply(turn.texts.say("events.gone")), *await listed(incoming, conversation, turn)]
    await consents.give(turn.transaction, turn.person, taking_part.PURPOSE, taking_part.WORDING, now=turn.now())
    leaving: Choice = words.button(event, "leave", turn.texts)
    return [Reply(turn.texts.say("events.named", person=given, name=event.name), (leaving,))]
