"""Pictures and files through Telegram: with the words where they fit, uploaded for few, never instead of the words."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.telegram.outbound import Outbox
from bot.channels.telegram.parcels import MOST_CAPTION, MOST_GROUPED, MOST_PHOTO_BYTES, parcels
from bot.files import StoredFile
from bot.messages import Choice, DeliveryError, DeliveryOutcome, Enclosure, Reply
from handlers.services import Services
from tests import samples
from tests.channels.shared import FlyingTime
from tests.doubles import TOKEN, FakeTelegram, Person

BUTTON = (Choice("t", "Hỏi thủ tục"),)


@pytest.fixture
async def outbox(services: Services, telegram: FakeTelegram, time: FlyingTime) -> AsyncIterator[Outbox]:
    request = HTTPXRequest(read_timeout=0.5)
    async with Bot(TOKEN, base_url=f"{telegram.url}/bot", request=request) as bot:
        yield Outbox(bot, services.files, services.texts, rate=25)


@pytest.fixture
async def photo(services: Services) -> Enclosure:
    return Enclosure(await services.files.keep(samples.phone_photo(), name="../../lịch.svg"), "Lịch tiêm")


@pytest.fixture
async def form(services: Services) -> Enclosure:
    return Enclosure(await services.files.keep(samples.pdf(), name="Tờ khai.pdf"))


def seen(person: Person) -> list[tuple[str, tuple[str, ...], int]]:
    return [(message.text, message.files, len(message.choices)) for message in person.seen]


async def send(
    outbox: Outbox, person: Person, *files: Enclosure, text: str = "**Lịch**", buttons: bool = False
) -> None:
    await outbox.send_once(str(person.id), [Reply(text, BUTTON if buttons else (), files=files)])


async def test_words_and_files_are_one_message_where_telegram_has_such(
    outbox: Outbox, lan: Person, photo: Enclosure, form: Enclosure
) -> None:
    await send(outbox, lan, photo, buttons=True)
    await send(outbox, lan, form)
    await send(outbox, lan, photo, photo)
    await send(outbox, lan, photo, photo, buttons=True)
    await send(outbox, lan, form, photo)
    picture, paper = "photo lịch.jpg", "document Tờ khai.pdf"
    assert seen(lan) == [
        ("Lịch", (picture,), 1),
        ("Lịch", (paper,), 0),
        ("Lịch", (picture, picture), 0),
        ("Lịch", (), 1),
        ("", (picture, picture), 0),
        ("Lịch", (), 0),
        ("", (picture,), 0),
        ("", (paper,), 0),
    ]


@pytest.mark.parametrize(("letters", "messages"), [(MOST_CAPTION, 1), (MOST_CAPTION + 1, 2), (4_097, 3)])
async def test_words_too_long_for_a_caption_go_first(
    outbox: Outbox, lan: Person, photo: Enclosure, letters: int, messages: int
) -> None:
    await send(outbox, lan, photo, text="<" * letters)
    assert len(lan.seen) == messages
    assert [bool(message.files) for message in lan.seen] == [False] * (messages - 1) + [True]
    assert "".join(message.text for message in lan.seen) == "<" * letters


async def test_many_people_are_a_single_upload(outbox: Outbox, telegram: FakeTelegram, photo: Enclosure) -> None:
    people = [telegram.person(f"người {number}") for number in range(30)]
    for person in people:
        await send(outbox, person, photo)
    assert [person.seen[0].files for person in people] == [("photo lịch.jpg",)] * 30
    assert len(telegram.uploads.taken) == 1
    assert samples.PLACE_TAKEN[1].encode() not in telegram.uploads.taken[0].content, "nor where it was taken"


async def test_a_name_that_telegram_forgot_is_uploaded_anew(outbox: Outbox, lan: Person, photo: Enclosure) -> None:
    await send(outbox, lan, photo)
    lan.telegram.uploads.forget()
    await send(outbox, lan, photo)
    assert (len(lan.seen), len(lan.telegram.uploads.taken)) == (2, 2)


@pytest.mark.parametrize("is_long", [False, True])
async def test_a_picture_that_is_refused_is_named_and_the_words_come_once(
    outbox: Outbox, lan: Person, photo: Enclosure, is_long: bool
) -> None:
    lan.telegram.fail("sendPhoto", 400, "Bad Request: IMAGE_PROCESS_FAILED")
    await send(outbox, lan, photo, text="lời " * (400 if is_long else 1), buttons=True)
    said = "\n".join(message.text for message in lan.seen)
    assert said.count("Kèm theo: Lịch tiêm.") == 1
    assert said.count("lời") == (400 if is_long else 1)
    assert sum(len(message.choices) for message in lan.seen) == 1


async def test_a_picture_gone_from_our_disk_takes_no_words_with_it(
    outbox: Outbox, services: Services, lan: Person, photo: Enclosure
) -> None:
    await services.files.delete(photo.file.digest)
    await send(outbox, lan, photo)
    assert lan.seen[0].text.startswith("Lịch\nKèm theo: Lịch tiêm.")


FAILED, UNCERTAIN, GONE = DeliveryOutcome.FAILED, DeliveryOutcome.UNCERTAIN, DeliveryOutcome.GONE
WAIT, LONG = (429, "Too Many Requests: retry after 9"), "lời " * 400


@pytest.mark.parametrize(
    ("fault", "text", "end"),
    [
        ((502, "Bad Gateway"), "lời", (FAILED, 0)),
        (WAIT, "lời", (FAILED, 0)),
        ((0, ""), "lời", (UNCERTAIN, 0)),
        ((403, "Forbidden: bot was blocked by the user"), "lời", (GONE, 0)),
        ((502, "Bad Gateway"), LONG, (UNCERTAIN, 1)),
        (WAIT, LONG, (UNCERTAIN, 1)),
    ],
    ids=str,
)
async def test_what_may_be_tried_again_repeats_no_words(
    outbox: Outbox, lan: Person, photo: Enclosure, fault: tuple[int, str], text: str, end: tuple[DeliveryOutcome, int]
) -> None:
    lan.telegram.fail("sendPhoto", *fault)
    with pytest.raises(DeliveryError) as error:
        await send(outbox, lan, photo, text=text)
    assert (error.value.outcome, len(lan.seen)) == end


async def test_a_banner_too_wide_for_a_photo_is_named(outbox: Outbox, services: Services, lan: Person) -> None:
    wide = await services.files.keep(samples.saved(samples.picture((2_000, 60)), "JPEG"), name="bang-ron.jpg")
    await send(outbox, lan, Enclosure(wide))
    assert lan.seen[0].text.startswith("Lịch\nKèm theo: bang-ron.jpg")


async def test_an_answer_with_a_picture_waits_for_telegram(outbox: Outbox, lan: Person, photo: Enclosure) -> None:
    lan.telegram.fail("sendPhoto", 502, "Bad Gateway")
    await outbox.send(str(lan.id), [Reply("Đã làm xong", files=(photo,))])
    assert seen(lan) == [("Đã làm xong", ("photo lịch.jpg",), 0)]


FILES = st.builds(
    lambda number, kind, size: Enclosure(StoredFile(f"{number:064x}", f"{number}.x", kind, size)),
    st.integers(0, 99),
    st.sampled_from(["image/jpeg", "image/png", "application/pdf", "audio/mpeg"]),
    st.integers(1, 2 * MOST_PHOTO_BYTES),
)


@given(st.text("ab 😀*\n", min_size=1, max_size=5_000), st.booleans(), st.lists(FILES, max_size=25))
def test_every_reply_becomes_messages_that_telegram_takes(text: str, buttons: bool, files: list[Enclosure]) -> None:
    choices = BUTTON if buttons else ()
    made = parcels(Reply(text, choices, files=tuple(files)))
    assert sorted(f.file.digest for parcel in made for f in parcel.files) == sorted(f.file.digest for f in files)
    assert sum(bool(parcel.choices) for parcel in made) == buttons
    for parcel in made:
        assert len(parcel.files) <= MOST_GROUPED
        assert not (parcel.choices and len(parcel.files) > 1)
        assert not parcel.files or len(parcel.text.replace("**", "").encode("utf-16-le")) <= 2 * MOST_CAPTION
