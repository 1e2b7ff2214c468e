"""Greeting, help, and dropping what is under way."""

from bot.messages import Incoming, Reply
from handlers.ask import start_choices
from handlers.conversation import Conversation
from handlers.services import Services, Turn


async def greet(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Say who this is, what it can and cannot do, and what is kept."""
    conversation.forget()
    conversation.met = True
    text = f"{turn.texts.say('start.greeting')}\n\n{turn.texts.say('start.limits')}\n{about_data(turn.services)}"
    return [Reply(text, start_choices(turn))]


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
