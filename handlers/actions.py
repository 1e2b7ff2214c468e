"""What a button does, written into its id, so that an old button still works after a restart.

An id is a letter and its arguments, joined by colons; at most 64 bytes (Telegram's callback_data limit).
Anybody can forge one: every argument is checked where it is used.
"""

from bot.messages import Choice
from knowledge.entry import Facet

TOPICS = "t"
HELP = "h"
CONTACT = "c"
FIELD = "f"
ENTRY = "e"
NONE_OF_THESE = "n"
HAND_OVER = "p"
USEFUL = "u"
REASON = "r"
FEEDBACK = "b"
DRAFT = "g"
CASE = "k"
MY_CASES = "m"
TRACK = "x"
STAFF = "s"  # in the officials' group
DATA = "d"
ARRIVED = "q"  # by the code of a poster
EVENT = "sk"
QUIZ = "tt"

SUBSCRIBE = "tb"
TOPIC = "tbl"
VILLAGE = "tbt"
SUBSCRIBED = "tbx"
STOP = "tbd"

STARTS = (
    (TOPICS, "topics"),
    (FEEDBACK, "feedback"),
    (SUBSCRIBE, "subscribe"),
    (TRACK, "track"),
    (CONTACT, "contact"),
    (HELP, "help"),
)


def parse(choice_id: str) -> tuple[str, list[str]]:
    """Return the letter and the arguments of a choice id."""
    letter, *arguments = choice_id.split(":")
    return letter, arguments


def number(argument: str) -> int:
    """Return an argument as a number, -1 when it is none."""
    return int(argument) if argument.isdecimal() and len(argument) < 10 else -1


def entry(entry_id: str, label: str, facet: Facet = Facet.OVERVIEW) -> Choice:
    return Choice(f"{ENTRY}:{entry_id}:{facet}", label)


def field(name: str, label: str, page: int = 0) -> Choice:
    return Choice(f"{FIELD}:{name}:{page}", label)


def of(letter: str, label: str, *arguments: object) -> Choice:
    return Choice(":".join((letter, *map(str, arguments))), label)
