"""Receiving announcements: choosing topics and a village, and stopping at any moment.

Nothing is kept in the conversation: every press is stored at once, so an old button works after a restart.
"""

import re
import unicodedata

from bot.messages import Choice, Incoming, Reply
from bot.storage import subscribers
from bot.storage.subscribers import Subscriber
from handlers import actions, rate
from handlers.ask import ask, expired, start_choices
from handlers.conversation import Conversation
from handlers.services import Turn
from knowledge.vietnamese import clean, fold

# Without marks “dừng” (stop), “đúng” (right) and “đừng” (don't) are one word: alone it needs its mark, else we ask.
STOP_MARKED = ("dừng", "dừng lại", "dừng nhận", "dừng tất cả", "ngừng", "ngừng nhận", "stop")
STOP_WORDS = (
    "dung nhan tin",
    "dung nhan thong bao",
    "ngung nhan tin",
    "ngung nhan thong bao",
    "huy nhan tin",
    "huy nhan thong bao",
    "huy dang ky nhan thong bao",
    "khong nhan thong bao nua",
    "khong nhan tin nua",
    "dung gui thong bao nua",
)
_NOWHERE = "-"


def says_stop(incoming: Incoming, conversation: Conversation) -> bool:  # noqa: ARG001
    """Tell whether a message is the word for stopping, with its mark."""
    return _word(incoming) in STOP_MARKED


def may_say_stop(incoming: Incoming, conversation: Conversation) -> bool:  # noqa: ARG001
    """Tell whether a message is that word without its mark, or with a wrong one."""
    is_command = incoming.text.lstrip().startswith("/")
    return not is_command and fold(clean(incoming.text)) == "dung" and _word(incoming) not in ("đúng", "đừng")


def _word(incoming: Incoming) -> str:
    text = unicodedata.normalize("NFC", clean(incoming.text)[:40]).casefold()
    return " ".join(re.sub(r"[^\w\s]", " ", text).split())


async def menu(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Say what agreeing means and offer the topics, those chosen ticked."""
    return [_menu(await subscribers.find(turn.transaction, turn.person), turn)]


async def toggle(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Begin or end one topic, at once."""
    topic = _argument(incoming)
    if topic not in turn.services.config.announcements.topic_names:
        return expired(turn)
    before = (await subscribers.find(turn.transaction, turn.person)).topics
    await subscribers.choose(turn.transaction, turn.person, before ^ {topic}, source=incoming.channel, now=turn.now())
    return [_menu(await subscribers.find(turn.transaction, turn.person), turn)]


async def village(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Offer the villages, or keep the one that was pressed."""
    texts, villages = turn.texts, turn.services.config.unit.thon
    chosen = _argument(incoming)
    if not chosen:
        choices = [actions.of(actions.VILLAGE, name, _village_id(name)) for name in villages]
        nowhere = actions.of(actions.VILLAGE, texts.say("subscribe.elsewhere"), _NOWHERE)
        return [Reply(texts.say("subscribe.which_village"), (*choices, nowhere), edits=True)]
    found = next((name for name in villages if _village_id(name) == chosen), "")
    if not found and chosen != _NOWHERE:
        return expired(turn)
    if not await subscribers.live_in(turn.transaction, turn.person, found):
        return [_first_a_topic(turn)]
    return [_menu(await subscribers.find(turn.transaction, turn.person), turn)]


async def done(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Confirm what was agreed to and how to end it."""
    agreed = await subscribers.find(turn.transaction, turn.person)
    if not agreed.topics:
        return [_first_a_topic(turn)]
    texts, names = turn.texts, turn.services.config.announcements.topic_names
    topics = "; ".join(name for topic, name in names.items() if topic in agreed.topics)
    if agreed.village:
        return [Reply(texts.say("subscribe.done_in", topics=topics, village=agreed.village), start_choices(turn))]
    return [Reply(texts.say("subscribe.done", topics=topics), start_choices(turn))]


async def stop(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """End all announcements at once, whatever else is under way."""
    if not (await subscribers.find(turn.transaction, turn.person)).topics:
        return [Reply(turn.texts.say("subscribe.none_to_stop"), start_choices(turn))]
    await subscribers.choose(turn.transaction, turn.person, (), source=incoming.channel, now=turn.now())
    return [Reply(turn.texts.say("subscribe.stopped"), start_choices(turn))]


async def ask_to_stop(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Ask a subscriber whether the word meant stopping; from others it is the answer “Đúng”, or a question."""
    is_verdict = actions.parse(incoming.choice or "")[0] == actions.USEFUL
    if not (await subscribers.find(turn.transaction, turn.person)).topics:
        answer = rate.useful if is_verdict else ask
        return await answer(incoming, conversation, turn)
    choices = [Choice(actions.STOP, turn.texts.say("subscribe.stop_button"))]
    if incoming.choice and is_verdict:
        choices.append(Choice(incoming.choice, turn.texts.say("subscribe.said_right")))
    return [Reply(turn.texts.say("subscribe.really_stop"), tuple(choices))]


def _menu(agreed: Subscriber, turn: Turn) -> Reply:
    texts, settings = turn.texts, turn.services.config.announcements
    choices = [
        actions.of(actions.TOPIC, texts.say("subscribe.chosen", topic=name) if topic in agreed.topics else name, topic)
        for topic, name in settings.topic_names.items()
    ]
    if agreed.topics and turn.services.config.unit.thon:
        where = agreed.village or texts.say("subscribe.no_village")
        choices.append(Choice(actions.VILLAGE, texts.say("subscribe.village_button", village=where)))
    if agreed.topics:
        choices.append(Choice(actions.SUBSCRIBED, texts.say("subscribe.done_button")))
        choices.append(Choice(actions.STOP, texts.say("subscribe.stop_button")))
    return Reply(texts.say("subscribe.menu"), tuple(choices), edits=True)


def _first_a_topic(turn: Turn) -> Reply:
    return Reply(turn.texts.say("subscribe.first_a_topic"), (_offer(turn),))


def _offer(turn: Turn) -> Choice:
    return Choice(actions.SUBSCRIBE, turn.texts.say("buttons.subscribe"))


def _argument(incoming: Incoming) -> str:
    _, arguments = actions.parse(incoming.choice or "")
    return arguments[0] if arguments else ""


def _village_id(name: str) -> str:
    """Return a village's name as it stands in a button's id: letters without marks."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name))[:40].strip("-")
