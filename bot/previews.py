"""A message as each channel will show it, made by the channels' own rendering, for those who write announcements."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from markupsafe import Markup, escape

from bot.channels.telegram import rendering as telegram
from bot.channels.web import rendering as web
from bot.channels.zalo_bot import rendering as zalo_bot
from bot.channels.zalo_oa import rendering as zalo_oa
from bot.console.office import Preview
from bot.messages import Choice, Enclosure, Reply
from bot.texts import Texts


def of(reply: Reply, texts: Texts) -> Sequence[Preview]:
    """Return a message as it will look on every channel, split as each will split it; files are named, not shown."""
    words, enclosed = replace(reply, files=(), choices=()), tuple(_file(one) for one in reply.files)
    *before, last = (Markup(telegram.to_html(part)) for part in telegram.split(reply.text))  # noqa: S704 (escaped)
    on_oa = zalo_oa.messages([reply], lead=texts.say("zalo.more_choices"))
    on_bot = zalo_bot.messages([reply], lead=texts.say("zalo.choose"), name=_named)
    buttons = _buttons(reply.choices)
    return (
        Preview("web", (web.bubble(words) + buttons, *enclosed)),
        Preview("telegram", (*before, last + buttons, *enclosed)),
        Preview("zalo_oa", tuple(_with_file(one.text, one.file) + _buttons(one.buttons) for one in on_oa)),
        Preview("zalo_bot", tuple(_with_file(message.text, message.picture) for message in on_bot)),
    )


def _buttons(choices: Sequence[Choice]) -> Markup:
    """Return buttons as they look; nobody presses them here."""
    shown = Markup("").join(Markup("<span>{}</span>").format(choice.label) for choice in choices)
    return Markup('<span class="offered">{}</span>').format(shown) if choices else Markup("")


def _file(one: Enclosure) -> Markup:
    return escape(f"📎 {one.label}")


def _with_file(text: str, file: Enclosure | None) -> Markup:
    return Markup("\n").join(_parts(text, file))


def _parts(text: str, file: Enclosure | None) -> Iterator[Markup]:
    if file:
        yield _file(file)
    if text:
        yield escape(text)


def _named(text: str, documents: Sequence[Enclosure]) -> str:
    return "\n".join((text, *(f"📎 {one.file.name}" for one in documents)))
