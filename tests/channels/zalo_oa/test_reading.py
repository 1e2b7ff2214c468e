"""What a captured event of an Official Account says."""

from datetime import timedelta
from typing import Any

import pytest

from bot.channels.fetching import Remote
from bot.channels.zalo_oa import inbound
from bot.messages import AttachmentKind, Place
from tests.channels import zalo_rules
from tests.channels.zalo import NOW_MS
from tests.conftest import NOW

READ: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("text", {"text": "cho hỏi #OPT: là gì"}, {"text": "cho hỏi #OPT: là gì", "choice": None}),
    ("text", {"text": "Lệ phí #OPT:e:ket-hon:fee"}, {"text": "", "choice": "e:ket-hon:fee"}),
    ("text", {"text": "email#OPT:abc"}, {"text": "email#OPT:abc", "choice": None}),
    ("link", {"attachments": [{"payload": {"url": "https://a.vn"}, "type": "link"}]}, {"text": "https://a.vn"}),
    ("image", {**zalo_rules.OA_MEDIA["photo"][1], "text": "đường hỏng"}, {"text": "đường hỏng"}),
]


@pytest.mark.parametrize(("name", "message", "reads"), READ)
def test_what_an_event_says(name: str, message: dict[str, Any], reads: dict[str, Any]) -> None:
    raw = FakeOaEvent.of(name, message)
    incoming = inbound.read(raw, now=NOW).incoming
    assert {key: getattr(incoming, key) for key in reads} == reads


class FakeOaEvent:
    """One captured shape, without a server."""

    @staticmethod
    def of(name: str, message: dict[str, Any]) -> dict[str, Any]:
        sender = {"sender": {"id": "246845883529197922"}, "timestamp": str(NOW_MS - 1000)}
        return {**sender, "event_name": f"user_send_{name}", "message": {"msg_id": "b8de", **message}}


def test_a_place_is_read_from_strings_with_its_name() -> None:
    name, message = zalo_rules.OA_MEDIA["location"]
    (attachment,) = inbound.read(FakeOaEvent.of(name, message), now=NOW).incoming.attachments
    assert attachment.place == Place(10.7923119, 106.7820651, "Cơm Coffee New Sky")


@pytest.mark.parametrize(
    "coordinates",
    [
        None,
        {},
        {"latitude": "x", "longitude": "1"},
        {"latitude": "91", "longitude": "1"},
        {"latitude": "nan", "longitude": "1"},
    ],
)
def test_a_place_that_is_nowhere_is_no_place(coordinates: Any) -> None:
    message = {"attachments": [{"payload": {"coordinates": coordinates}, "type": "location"}]}
    (attachment,) = inbound.read(FakeOaEvent.of("location", message), now=NOW).incoming.attachments
    assert (attachment.kind, attachment.place) == (AttachmentKind.LOCATION, None)


def test_files_and_cards_are_read_with_what_is_needed_of_them() -> None:
    name, message = zalo_rules.OA_MEDIA["document"]
    received = inbound.read(FakeOaEvent.of(name, message), now=NOW)
    assert received.files == (Remote("https://f6-zfcloud.zdn.vn/abc/to-khai.pdf", AttachmentKind.FILE, "to-khai.pdf"),)
    name, message = zalo_rules.OA_MEDIA["contact"]
    (card,) = inbound.read(FakeOaEvent.of(name, message), now=NOW).incoming.attachments
    assert (card.phone, card.name) == ("84912345678", "Ông Minh")


def test_an_event_happened_when_it_says_but_not_in_the_future() -> None:
    past = inbound.read(FakeOaEvent.of("text", {"text": "x"}), now=NOW)
    assert past.at == NOW - timedelta(seconds=1)
    assert inbound.read({**FakeOaEvent.of("text", {"text": "x"}), "timestamp": str(NOW_MS + 10**9)}, now=NOW).at == NOW
