"""What a phone sends on Telegram beside words: fetched, kept and passed on, whatever the network does."""

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from bot.channels.telegram import downloads
from bot.files import keeping
from bot.messages import Attachment, AttachmentKind, Incoming, Place
from handlers.lanes import Lanes
from handlers.services import Services
from tests import samples
from tests.channels.shared import Desk, FlyingTime
from tests.doubles import FakeTelegram, Person

ONLY_WORDS = "Chưa gửi cho ai"
PAPERS, PAPERS_CARD = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"
MEGABYTE = 1024 * 1024


def texts(person: Person) -> str:
    return "\n".join(message.text for message in person.seen)


KEPT = [
    ("photo", AttachmentKind.PHOTO, "image/jpeg", "anh.jpg"),
    ("video", AttachmentKind.VIDEO, "video/mp4", "video.mp4"),
    ("video_note", AttachmentKind.VIDEO, "video/mp4", "video.mp4"),
    ("animation", AttachmentKind.VIDEO, "video/mp4", "cho.mp4"),
    ("voice", AttachmentKind.VOICE, "audio/ogg", "ghi-am.ogg"),
    ("audio", AttachmentKind.VOICE, "audio/mpeg", "ghi-am.mp3"),
    ("document", AttachmentKind.FILE, "application/pdf", "to-khai.pdf"),
]


@pytest.mark.parametrize("sent", KEPT, ids=[sent[0] for sent in KEPT])
async def test_a_file_is_kept_before_the_conversation_sees_the_message(
    desk: Desk, at_telegram: Services, lan: Person, received: list[Incoming], sent: tuple[str, AttachmentKind, str, str]
) -> None:
    kind, becomes, media_type, name = sent
    assert await desk.answered(lan.telegram, lan.send(kind, caption=PAPERS)) == 0
    (attached,) = received[0].attachments
    assert (attached.kind, received[0].text) == (becomes, PAPERS)
    assert attached.file
    assert (attached.file.media_type, attached.file.name) == (media_type, name)
    assert attached.file.size == len(await at_telegram.files.read(attached.file.digest))
    assert PAPERS_CARD in texts(lan)


async def test_of_a_photo_the_largest_size_is_kept(
    desk: Desk, at_telegram: Services, lan: Person, received: list[Incoming]
) -> None:
    large = samples.saved(samples.picture((800, 600)), "JPEG")
    await desk.answered(lan.telegram, lan.send("photo", large))
    (attached,) = received[0].attachments
    assert attached.file
    with Image.open(io.BytesIO(await at_telegram.files.read(attached.file.digest))) as image:
        assert image.size == (800, 600)


async def test_a_photo_sent_as_a_file_is_a_photo_without_its_place(
    desk: Desk, at_telegram: Services, lan: Person, received: list[Incoming]
) -> None:
    name = "../..\u202e/Ổ gà.gpj.exe"
    await desk.answered(lan.telegram, lan.send("document", samples.phone_photo(), named=name))
    (attached,) = received[0].attachments
    assert attached.file
    assert (attached.kind, attached.file.name) == (AttachmentKind.PHOTO, "Ổ gà.gpj.jpg")
    content = await at_telegram.files.read(attached.file.digest)
    assert [secret for secret in samples.PLACE_TAKEN if secret.encode() in content] == []


AT_AN_XA = Place(20.67, 106.05)
WITHOUT_FILE = [
    ("location", Attachment(AttachmentKind.LOCATION, place=AT_AN_XA)),
    ("venue", Attachment(AttachmentKind.LOCATION, place=replace(AT_AN_XA, name="Nhà văn hóa, thôn An Xá"))),
    ("contact", Attachment(AttachmentKind.CONTACT, phone="+84912345678", name="Minh")),
    ("sticker", Attachment(AttachmentKind.STICKER)),
    ("dice", Attachment(AttachmentKind.OTHER)),
]


@pytest.mark.parametrize(("kind", "attached"), WITHOUT_FILE, ids=[kind for kind, _ in WITHOUT_FILE])
async def test_what_is_no_file_is_passed_on_whole(
    desk: Desk, lan: Person, received: list[Incoming], kind: str, attached: Attachment
) -> None:
    await desk.answered(lan.telegram, lan.send(kind))
    assert received[0].attachments == (attached,)
    assert lan.telegram.said("getFile") == []


async def test_a_moving_place_is_taken_once(
    desk: Desk, telegram: FakeTelegram, lan: Person, received: list[Incoming]
) -> None:
    here = {"message_id": 5, "date": 1, "chat": {"id": lan.id, "type": "private"}, "from": {"id": lan.id}}
    where = {"latitude": 20.67, "longitude": 106.05, "live_period": 900}
    await desk.answered(telegram, lan.say("xin chào"))
    telegram._allowed = []  # as when updates of all kinds were asked for before
    moved = telegram.push({"edited_message": {**here, "edit_date": 2, "location": where}})
    await desk.answered(telegram, moved)
    assert [incoming.text for incoming in received] == ["xin chào"]


# ---- refused


@pytest.mark.parametrize("known", [True, False], ids=["its size said", "its size not said"])
async def test_what_telegram_does_not_give_out_is_told(
    desk: Desk, telegram: FakeTelegram, lan: Person, received: list[Incoming], known: bool
) -> None:
    number = lan.send("video", size=25 * MEGABYTE if known else 1)
    for name, (data, _) in telegram.files.items():
        telegram.files[name] = (data, 25 * MEGABYTE)
    await desk.answered(telegram, number)
    assert received[0].attachments == (Attachment(AttachmentKind.VIDEO, refused="files.too_large_for_telegram"),)
    assert texts(lan).count("Telegram chỉ cho trợ lý tải tệp đến 20 MB") == 1
    assert telegram.said("download") == []


async def test_what_is_refused_is_told_why_and_the_question_with_it_is_answered(desk: Desk, lan: Person) -> None:
    await desk.answered(lan.telegram, lan.send("document", b"MZ" + bytes(500), named="don.pdf", caption=PAPERS))
    assert "không thuộc các loại ấy" in texts(lan)
    assert PAPERS_CARD in texts(lan)


async def test_a_disk_that_is_full_is_told(desk: Desk, lan: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LEAST_FREE", 10**18)
    assert await desk.answered(lan.telegram, lan.send("photo")) == 0
    assert "đang không lưu được tệp" in texts(lan)


# ---- the network


FAULTS = [
    (method, *fault)
    for method in ("getFile", "download")
    for fault in ((502, "Bad Gateway"), (0, ""), (400, "Bad Request: temporarily unavailable"), (404, "Not Found"))
]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_waited_out(
    desk: Desk, telegram: FakeTelegram, received: list[Incoming], time: FlyingTime, fault: tuple[str, int, str]
) -> None:
    lan = telegram.person("bà Lan")
    telegram.fail(*fault, times=3)
    await desk.answered(telegram, lan.send("photo"))
    assert received[0].attachments[0].file
    assert [seconds for seconds in time.slept if seconds in (1, 2, 4)] == [1, 2, 4]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_file_that_cannot_be_had_is_told_and_not_tried_for_ever(
    desk: Desk, telegram: FakeTelegram, lan: Person, received: list[Incoming], fault: tuple[str, int, str]
) -> None:
    telegram.fail(*fault, times=1_000)
    assert await desk.answered(telegram, lan.send("voice")) == 0
    assert received[0].attachments == (Attachment(AttachmentKind.VOICE, refused="files.not_fetched"),)
    assert "chưa tải được tệp" in texts(lan)
    assert len(telegram.said(fault[0])) == downloads.TRIES


async def test_retry_after_is_obeyed(desk: Desk, telegram: FakeTelegram, lan: Person, time: FlyingTime) -> None:
    telegram.fail("getFile", 429, "Too Many Requests: retry after 37")
    await desk.answered(telegram, lan.send("photo"))
    assert 37 in time.slept
    assert ONLY_WORDS in texts(lan)


async def test_what_a_stop_interrupted_is_fetched_by_the_next_start(
    at_telegram: Services, time: FlyingTime, telegram: FakeTelegram, lan: Person, received: list[Incoming]
) -> None:
    held = telegram.hold("download")
    async with Desk(at_telegram):
        number = lan.send("photo")
        await telegram.until(lambda: telegram.said("download") and telegram.is_confirmed(number))
    held.over.set()
    assert received == []
    async with Desk(at_telegram) as desk:
        await desk.idles()
    assert received[0].attachments[0].file


async def test_few_files_are_in_memory_at_once_and_questions_do_not_wait_for_them(
    desk: Desk, telegram: FakeTelegram, minh: Person
) -> None:
    held = telegram.hold("download", times=100)
    sent = [telegram.person(f"bà {number}").send("photo") for number in range(downloads.MOST_AT_ONCE + 4)]
    await telegram.until(lambda: len(telegram.said("download")) == downloads.MOST_AT_ONCE)
    minh.say(PAPERS)
    await minh.hears(2)
    assert len(telegram.said("download")) == downloads.MOST_AT_ONCE
    held.over.set()
    assert await desk.answered(telegram, *sent) == 0
    assert len(telegram.said("download")) == len(sent)


# ---- albums


async def test_an_album_is_answered_once_and_every_picture_passed_on(
    desk: Desk, telegram: FakeTelegram, lan: Person, received: list[Incoming]
) -> None:
    await desk.answered(telegram, *lan.album("", "", ""))
    assert texts(lan).count(ONLY_WORDS) == 1
    assert [bool(incoming.attachments[0].file) for incoming in received] == [True] * 3
    (album,) = {incoming.album for incoming in received}
    assert album
    await desk.answered(telegram, *lan.album("", ""))
    assert texts(lan).count(ONLY_WORDS) == 2, "another album is another matter"


@pytest.mark.parametrize("captions", [("", PAPERS, ""), (PAPERS, "", "")])
async def test_a_question_under_any_picture_of_an_album_is_answered(
    desk: Desk, telegram: FakeTelegram, lan: Person, captions: tuple[str, ...]
) -> None:
    await desk.answered(telegram, *lan.album(*captions))
    assert texts(lan).count(ONLY_WORDS) == 1
    assert texts(lan).count(PAPERS_CARD) == 1


async def test_a_restart_in_the_middle_of_an_album_repeats_nothing(
    at_telegram: Services, time: FlyingTime, telegram: FakeTelegram, lan: Person
) -> None:
    async with Desk(at_telegram) as desk:
        await desk.answered(telegram, lan.send("photo", media_group_id="7"))
    async with Desk(replace(at_telegram, lanes=Lanes())) as desk:
        await desk.answered(telegram, lan.send("photo", media_group_id="7"))
    assert texts(lan).count(ONLY_WORDS) == 1


async def test_in_an_album_too_what_is_refused_is_told(desk: Desk, telegram: FakeTelegram, lan: Person) -> None:
    more: dict[str, Any] = {"media_group_id": "7"}
    await desk.answered(telegram, lan.send("photo", **more), lan.send("document", b"MZ" + bytes(90), **more))
    assert texts(lan).count(ONLY_WORDS) == 1
    assert texts(lan).count("không thuộc các loại ấy") == 1
