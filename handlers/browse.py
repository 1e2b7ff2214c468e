"""Looking for a procedure by field instead of asking."""

from bot.messages import Choice, Incoming, Reply
from handlers import actions
from handlers.ask import expired
from handlers.conversation import Conversation
from handlers.services import Turn

PAGE = 8


async def fields(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Offer the fields that have entries."""
    library = turn.assistant.library
    choices = tuple(actions.field(f, label) for f, label in library.fields.items() if library.in_field(f))
    return [Reply(turn.texts.say("browse.fields"), choices, edits=True)]


async def one_field(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Offer one page of a field's entries."""
    _, arguments = actions.parse(incoming.choice or "")
    name, page = (*arguments, "", "")[:2]
    library, texts = turn.assistant.library, turn.texts
    number = max(0, actions.number(page))
    start = number * PAGE
    entries = library.in_field(name)[start : start + PAGE]
    if not entries:
        return expired(turn)
    choices = [actions.entry(e.id, texts.fill(e.title)) for e in entries]
    if len(library.in_field(name)) > start + PAGE:
        choices.append(actions.field(name, texts.say("buttons.more"), number + 1))
    choices.append(Choice(actions.TOPICS, texts.say("buttons.back")))
    heading = texts.say("browse.entries", field=library.fields[name])
    return [Reply(heading, tuple(choices), edits=True)]
