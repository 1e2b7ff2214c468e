"""A message as each channel will show it, made by the channels' own rendering, for those who write announcements."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from bot.channels.telegram import rendering as telegram
from bot.channels.web import rendering as web
from bot.channels.zalo_bot import rendering as zalo_bot
from bot.channels.zalo_oa import rendering as zalo_oa
from bot.console.office import Preview
from bot.messages import Reply


def of(reply: Reply) -> Sequence[Preview]:
    """Return a message as it will look on every channel, split as each will split it."""
    on_oa = tuple(escape(message.text) for message in zalo_oa.messages([reply], lead=""))
    on_telegram = tuple(Markup(telegram.to_html(part)) for part in telegram.split(reply.text))  # noqa: S704 (escaped)
    on_bot = tuple(escape(text) for text in zalo_bot.messages([reply], lead=""))
    return (
        Preview("web", (web.bubble(reply),)),
        Preview("telegram", on_telegram),
        Preview("zalo_oa", on_oa),
        Preview("zalo_bot", on_bot),
    )
