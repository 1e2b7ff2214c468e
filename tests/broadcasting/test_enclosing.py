"""Pictures and files of announcements: kept as citizens' are, put and taken off, sent, never swept away."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import scheduling
from bot.broadcasting import approval, enclosing
from bot.broadcasting.approval import NotAllowed
from bot.files import Files
from bot.messages import Enclosure, Reply
from bot.settings import Unit
from bot.storage import announcement_files, announcements
from bot.storage.announcements import State
from bot.texts import Texts
from tests import samples
from tests.broadcasting.shared import DAY, DRAFT, MINUTE, Commune

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
TEXTS = Texts.load(Unit())


@dataclass
class Postbag:
    """A channel that keeps whole replies."""

    replies: list[Reply] = field(default_factory=list)

    async def send(self, address: str, replies: Sequence[Reply]) -> None:
        self.replies += replies


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "tep", photo_mb=1, video_mb=1, document_mb=1)


@pytest.fixture
async def photo(files: Files) -> Enclosure:
    return await enclosing.keep(
        files, samples.phone_photo(), TEXTS, name="../../etc/Lịch\u202egpj.svg", alt=" Lịch\ntiêm ", is_photo=True
    )


@pytest.fixture
async def form(files: Files) -> Enclosure:
    return await enclosing.keep(files, samples.pdf(), TEXTS, name="Tờ khai.pdf")


async def put(commune: Commune, number: int, *enclosed: Enclosure, who: str = "an") -> None:
    async with commune.database.transaction() as transaction:
        seen = await announcements.find(transaction, number)
        assert seen
        await enclosing.attach(transaction, seen, enclosed, who=who, now=commune.clock.now)


async def listed(commune: Commune, number: int) -> tuple[Enclosure, ...]:
    async with commune.database.transaction() as transaction:
        return await enclosing.listed(transaction, number)


async def test_a_file_is_judged_by_its_content_and_made_harmless(files: Files, photo: Enclosure) -> None:
    assert (photo.file.name, photo.file.media_type, photo.alt) == ("Lịchgpj.jpg", "image/jpeg", "Lịch tiêm")
    content = await files.read(photo.file.digest)
    assert not any(hidden.encode() in content for hidden in samples.PLACE_TAKEN)


@pytest.mark.parametrize(
    ("content", "alt", "told"),
    [
        (SVG, "", "chỉ nhận ảnh"),
        (b"<!doctype html><script>alert(1)</script>", "", "chỉ nhận ảnh"),
        (b"", "", "trống"),
        (samples.pdf(), "", "không phải ảnh"),
        (samples.jpeg()[:60], "", "bị hỏng"),
        (samples.jpeg() + bytes(1024 * 1024), "", "lớn quá"),
        (samples.saved(samples.picture((7_000, 7_000), mode="L"), "PNG"), "", "kích thước quá lớn"),
        (samples.jpeg(), "chữ " * 100, "mô tả ảnh dài"),
    ],
    ids=["svg", "html", "empty", "pdf", "half", "large", "pixels", "alt"],
)
async def test_what_is_no_picture_is_refused_in_words(files: Files, content: bytes, alt: str, told: str) -> None:
    with pytest.raises(NotAllowed, match=told):
        await enclosing.keep(files, content, TEXTS, name="anh.jpg", alt=alt, is_photo=True)


async def test_files_are_put_and_taken_off_and_approved_anew(
    commune: Commune, photo: Enclosure, form: Enclosure
) -> None:
    number = await commune.announce()
    await put(commune, number, photo, form, who="chi")
    seen = await commune.find(number)
    assert (seen.state, seen.author, await listed(commune, number)) == (State.DRAFT, "chi", (photo, form))
    async with commune.database.transaction() as transaction:
        for position in (0, 3):
            with pytest.raises(NotAllowed, match="không có tệp thứ"):
                await enclosing.detach(transaction, seen, position, who="an", now=commune.clock.now)
        await enclosing.detach(transaction, seen, 1, who="an", now=commune.clock.now)
        with pytest.raises(NotAllowed, match="vừa có người khác đổi"):
            await enclosing.attach(transaction, seen, [photo], who="an", now=commune.clock.now)
    assert await listed(commune, number) == (form,)
    with pytest.raises(NotAllowed, match="nhiều nhất 5"):
        await put(commune, number, *[photo] * 5)
    await commune.decide(approval.cancel, number)
    with pytest.raises(NotAllowed, match="không sửa được nữa"):
        await put(commune, number, photo)


async def test_everybody_gets_them_described(commune: Commune, photo: Enclosure, form: Enclosure) -> None:
    await commune.subscribe(["lan", "minh"])
    number = await commune.announce(approved=False)
    bare = Enclosure(photo.file)
    await put(commune, number, photo, bare, form)
    await commune.approve(number)
    bag = Postbag()
    assert await commune.send_all({"telegram": bag}, number) == {"delivered": 2}
    for reply in bag.replies:
        assert [one.file for one in reply.files] == [photo.file, photo.file, form.file]
        assert [one.alt for one in reply.pictures] == ["Lịch tiêm", DRAFT.title]


async def test_each_occurrence_of_a_column_has_the_files(commune: Commune, photo: Enclosure) -> None:
    await commune.subscribe(["lan"])
    number = await commune.announce(approved=False, plan="0 9 * * *")
    await put(commune, number, photo)
    await commune.approve(number)
    bag = Postbag()
    async with commune.working({"telegram": bag}) as at_work:
        await at_work.until(lambda: len(bag.replies) == 2, step=10 * MINUTE)
    assert [reply.files for reply in bag.replies] == [(photo,), (photo,)]


async def test_the_sweep_spares_what_an_announcement_names(
    commune: Commune, files: Files, photo: Enclosure, form: Enclosure
) -> None:
    number = await commune.announce(approved=False)
    await put(commune, number, photo)
    later = commune.clock.now + 400 * DAY
    assert await scheduling.sweep_files(commune.database, files, now=lambda: later) == 1, (
        "the form, which nothing names"
    )
    assert await files.read(photo.file.digest)
    async with commune.database.transaction() as transaction:
        await announcement_files.put(transaction, number, ())
    assert await scheduling.sweep_files(commune.database, files, now=lambda: later) == 1
    with pytest.raises(FileNotFoundError):
        files.path(form.file.digest)
