"""Greeting, help, and dropping what is under way."""

from bot.broadcasting import rendering
from bot.messages import Incoming, Reply
from bot.storage import articles, posters
from handlers import actions
from handlers.ask import start_choices
from handlers.conversation import Conversation
from handlers.services import Services, Turn

MOST_POSTERS = 10


async def greet(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Say who this is, what it can and cannot do, and what is kept; "/start CODE" comes by a poster (t.me/…?start=)."""
    _, _, code = incoming.text.strip().partition(" ")
    return [*await _announced(code, conversation, turn), _greeting(conversation, turn)]


async def arrive(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Greet somebody whom the page behind a poster's QR code led here."""
    _, arguments = actions.parse(incoming.choice or "")
    return [*await _announced("".join(arguments), conversation, turn), _greeting(conversation, turn)]


async def _announced(code: str, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Count once that somebody came by a poster; return what it announces, when that is public."""
    poster = await posters.find(turn.transaction, code)
    if poster is None:
        return []
    if poster.code not in conversation.posters:
        conversation.posters = [*conversation.posters, poster.code][-MOST_POSTERS:]
        await posters.count(turn.transaction, poster.code, "conversations", day=turn.now().date())
    article = await articles.find(turn.transaction, poster.announcement)
    if article is None:
        return []
    lines = rendering.headed(article.title, article.body)
    if article.villages:
        lines.append(turn.texts.say("public.for_villages", villages=", ".join(article.villages)))
    return [Reply("\n".join(lines))]


def _greeting(conversation: Conversation, turn: Turn) -> Reply:
    conversation.forget()
    conversation.met = True
    text = f"{turn.texts.say('start.greeting')}\n\n{turn.texts.say('start.limits')}\n{about_data(turn.services)}"
    return Reply(text, start_choices(turn))


def about_data(services: Services) -> str:
    """Return who keeps what, for what, how long, and what a person may ask for (Luật 91/2025/QH15)."""
    privacy = services.config.privacy
    return services.texts.say(
        "start.data",
        days=privacy.keep_messages_days,
        question_days=privacy.keep_questions_days,
        months=privacy.keep_cases_months,
    )


async def help_out(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Explain the ways of asking."""
    return [Reply(turn.texts.say("start.help"), start_choices(turn))]


async def cancel(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Drop whatever is under way."""
    conversation.forget()
    return [Reply(turn.texts.say("start.cancelled"), start_choices(turn))]
