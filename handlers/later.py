"""What reached a person after their own last message: where there are no buttons, a number answers the newest list."""

from bot.events import invitation
from bot.messages import Choice, unpack
from bot.storage import announcements, conversations, recipients
from bot.storage import notices as kept
from handlers.services import Turn


async def offered(turn: Turn) -> tuple[Choice, ...]:
    """Return the choices under the newest notice or announcement since then; none when it had none or nothing came."""
    since = await conversations.touched(turn.transaction, turn.person)
    if since is None:
        return ()
    notice = await kept.last_delivered(turn.transaction, turn.person, since=since)
    announced = await recipients.last_delivered(turn.transaction, turn.person, since=since)
    if announced and (notice is None or announced[1] > notice.at):
        one = await announcements.find(turn.transaction, announced[0])
        return await invitation.choices(turn.transaction, one, turn.texts, now=turn.now()) if one else ()
    return unpack(notice.body).choices if notice else ()
