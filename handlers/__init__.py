"""The conversation, the same on every channel. In ROUTES order is priority; the last always matches."""

from bot.messages import Incoming, Reply
from handlers import (
    actions,
    ask,
    browse,
    contact,
    events,
    linking,
    privacy,
    quiz,
    rate,
    routing,
    start,
    subscribe,
    track,
)
from handlers.conversation import Awaiting, Conversation
from handlers.feedback import entrance, pressing
from handlers.routing import Condition, Handler, Keep, Route
from handlers.services import Services, Turn
from knowledge.vietnamese import fold

COMMANDS: dict[str, tuple[Handler, tuple[str, ...]]] = {
    # command without its slash: the handler, and the same wish in words
    "start": (start.greet, ("bat dau",)),
    "trogiup": (start.help_out, ("tro giup", "help", "huong dan su dung", "cach dung")),
    "chude": (browse.fields, ("chu de", "menu", "danh muc", "linh vuc", "cac linh vuc")),
    "phananh": (entrance.begin, ("gui phan anh", "toi muon phan anh", "phan anh", "gop y", "toi muon gop y")),
    "tracuu": (track.ask_code, ("tra cuu", "tra cuu ma", "tra ma")),
    "vieccuatoi": (track.mine, ("viec cua toi", "cac viec cua toi", "phan anh cua toi")),
    "dulieu": (privacy.menu, ("du lieu cua toi", "du lieu ca nhan cua toi")),
    "xemdulieu": (privacy.see, ("xem du lieu", "xem du lieu cua toi")),
    "suadulieu": (privacy.correct, ("sua", "sua du lieu", "sua du lieu cua toi")),
    "xoadulieu": (privacy.delete, ("xoa", "xoa du lieu", "xoa du lieu cua toi")),
    "rutdongy": (privacy.withdraw, ("rut dong y", "toi rut dong y", "rut lai dong y")),
    "canbo": (contact.officials, ("gap can bo", "gap nguoi that", "noi chuyen voi can bo")),
    "thongbao": (subscribe.menu, ("nhan thong bao", "dang ky nhan thong bao", "nhan tin cua xa", "dang ky nhan tin")),
    "sukien": (
        events.listed,
        (
            "su kien",
            "cac su kien",
            "xem su kien",
            "tap huan",
            "hoi nghi tap huan",
            "dang ky su kien",
            "dang ky tap huan",
        ),
    ),
    "thi": (
        quiz.listed,
        ("thi tim hieu", "cuoc thi", "thi tim hieu cchc", "thi tim hieu cai cach hanh chinh", "du thi"),
    ),
    "dung": (subscribe.stop, subscribe.STOP_WORDS),
    "lienket": (linking.link_chat, ()),  # an official's own chat, for test copies
    "huy": (start.cancel, ("huy", "huy bo", "thoi khong hoi nua")),
}

NONE_WORDS = (
    "khong phai",
    "khong phai cac viec tren",
    "khong dung",
    "khong phai viec nay",
    "sai roi",
    "khong phai cai nay",
)

BUTTONS: dict[str, Handler] = {
    actions.ARRIVED: start.arrive,
    actions.FEEDBACK: entrance.begin,
    actions.DRAFT: pressing.press,
    actions.CASE: track.press,
    actions.MY_CASES: track.mine,
    actions.TRACK: track.ask_code,
    actions.DATA: privacy.press,
    actions.TOPICS: browse.fields,
    actions.HELP: start.help_out,
    actions.CONTACT: contact.officials,
    actions.FIELD: browse.one_field,
    actions.ENTRY: ask.show_entry,
    actions.NONE_OF_THESE: ask.none_of_these,
    actions.HAND_OVER: contact.hand_over,
    actions.USEFUL: rate.useful,
    actions.REASON: rate.chosen_reason,
    actions.SUBSCRIBE: subscribe.menu,
    actions.TOPIC: subscribe.toggle,
    actions.VILLAGE: subscribe.village,
    actions.SUBSCRIBED: subscribe.done,
    actions.STOP: subscribe.stop,
    actions.EVENT: events.press,
    actions.QUIZ: quiz.press,
}


def _command(name: str, said: tuple[str, ...]) -> Condition:
    def matches(incoming: Incoming, conversation: Conversation) -> bool:  # noqa: ARG001
        first, _, _ = incoming.text.strip().lower().partition(" ")
        return first.partition("@")[0] == f"/{name}" or fold(incoming.text) in said

    return matches


def _button(letter: str) -> Condition:
    return lambda incoming, _: incoming.choice is not None and actions.parse(incoming.choice)[0] == letter


def _awaiting(what: Awaiting) -> Condition:
    return lambda _, conversation: conversation.awaiting is what


async def _unknown_button(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    return ask.expired(turn)


ROUTES: tuple[Route, ...] = (
    Route(subscribe.says_stop, subscribe.stop),
    Route(subscribe.may_say_stop, subscribe.ask_to_stop),
    *(Route(_command(name, said), handle) for name, (handle, said) in COMMANDS.items()),
    *(Route(_button(letter), handle) for letter, handle in BUTTONS.items()),
    Route(lambda incoming, _: incoming.choice is not None, _unknown_button),
    Route(track.names_a_code, track.by_code),
    Route(_awaiting(Awaiting.DRAFT), entrance.goes_on),
    Route(_awaiting(Awaiting.ADDITION), track.added),
    Route(_awaiting(Awaiting.UNFINISHED), track.reopened),
    Route(events.gives_name, events.named),
    Route(quiz.gives_name, quiz.named),
    Route(_awaiting(Awaiting.CONTACT), privacy.contact_given),
    Route(_awaiting(Awaiting.CORRECTION), privacy.correction_described),
    Route(lambda incoming, _: entrance.is_sent(incoming), entrance.begin_with),
    Route(lambda incoming, _: bool(incoming.attachments) and not incoming.text.strip(), ask.attachment),
    Route(_awaiting(Awaiting.PROOF), track.prove),
    Route(events.says_wish, events.wished),
    Route(lambda incoming, _: fold(incoming.text) in NONE_WORDS, ask.none_of_these),
    Route(_awaiting(Awaiting.REASON), rate.written_reason),
    Route(_awaiting(Awaiting.HANDOVER), contact.described),
    Route(lambda _incoming, _conversation: True, entrance.tell_or_ask),
)


async def converse(incoming: Incoming, services: Services, *, keep: Keep | None = None) -> list[Reply]:
    """Return the replies to one message of one person, on whatever channel; `keep` may store them with the rest."""
    return await routing.converse(incoming, services, routes=ROUTES, keep=keep)
