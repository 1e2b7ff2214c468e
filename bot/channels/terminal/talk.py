"""The terminal channel: one person, this machine's user."""

import sys

import handlers
from bot import threads
from bot.channels.terminal.rendering import render
from bot.messages import Incoming, Reply
from handlers.services import Services

NAME = "terminal"
ADDRESS = "local"
LEAVE = ("/thoat", "/quit", "/exit")


async def talk(services: Services) -> None:
    """Read lines and answer them until the input ends or the user leaves."""
    show(await handlers.converse(Incoming(NAME, ADDRESS, "/start"), services))
    while True:
        line = await threads.beside(_read_line)
        if line is None or line.strip() in LEAVE:
            return
        show(await handlers.converse(Incoming(NAME, ADDRESS, line), services))


def _read_line() -> str | None:
    try:
        return input("> ")
    except (EOFError, UnicodeDecodeError):
        return None


def show(replies: list[Reply]) -> None:
    """Print replies, numbering their choices through."""
    first = 1
    for reply in replies:
        print(render(reply, first=first, colour=sys.stdout.isatty()) + "\n", flush=True)
        first += len(reply.choices)
