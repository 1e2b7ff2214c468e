"""The code with which an official makes a chat their own, to receive test copies there."""

from bot.messages import Incoming, Reply
from bot.officials import invitations
from handlers.conversation import Conversation
from handlers.services import Turn


async def link_chat(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """Link this chat to the official whose code was sent, or say that the code is not good."""
    _, _, code = incoming.text.strip().partition(" ")
    linked = await invitations.link_chat(turn.transaction, code[:64], turn.person, now=turn.now())
    if linked is None:
        return [Reply(turn.texts.say("staff.chat_code_bad"))]
    return [Reply(turn.texts.say("staff.chat_linked", name=linked.full_name))]
