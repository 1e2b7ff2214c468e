"""Pictures and files at the officials' desks: put to an announcement, described, taken off, approved anew."""

import pytest

from bot.broadcasting.enclosing import MOST_FILES
from bot.officials.rights import Role
from bot.storage import announcement_files
from bot.storage.announcements import State
from tests import samples
from tests.console.announcements.newsdesk import DESK, Newsdesk, press, write
from tests.console.case_world import upload
from tests.console.conftest import Browser, SignedIn

EVIL = "<img src=x onerror=alert(1)>"


async def put(browser: Browser, desk: Newsdesk, number: int, name: str, data: bytes, **more: str) -> int:
    """Send the form of the page that puts a file to the announcement; return the answer's status."""
    await browser.open(f"{DESK}/{number}")
    one = await desk.find(number)
    fields = {"version": str(one.version), "state": one.state.value, **more}
    return (await upload(browser, f"{DESK}/{number}/kem", fields, (name, data))).status_code


async def kept(desk: Newsdesk, number: int) -> list[tuple[str, str]]:
    async with desk.database.transaction() as transaction:
        return [(one.file.name, one.alt) for one in await announcement_files.of(transaction, number)]


async def test_a_picture_is_described_shown_and_taken_off(desk: Newsdesk, an: Browser, signed_in: SignedIn) -> None:
    number = await write(an)
    binh = await signed_in("binh", Role.LEADER)
    assert await press(binh, number, "duyet") == 303
    assert await put(an, desk, number, "Lịch.jpg", samples.jpeg(), alt="Lịch tiêm từng thôn") == 303
    assert (await desk.find(number)).state is State.DRAFT, "what was approved had no picture"
    assert await kept(desk, number) == [("Lịch.jpg", "Lịch tiêm từng thôn")]
    await an.open(f"{DESK}/{number}")
    assert an.words.count("Lịch tiêm từng thôn") >= 2, "in the list and in the preview"
    await an.open(f"{DESK}/{number}")
    one = await desk.find(number)
    shown = {"version": str(one.version), "state": one.state.value}
    assert (await an.send(f"{DESK}/{number}/kem/2/bo", shown)).status_code == 422
    assert (await an.send(f"{DESK}/{number}/kem/1/bo", shown)).status_code == 303
    assert await kept(desk, number) == []


async def test_what_is_no_picture_is_told_and_nothing_is_put(desk: Newsdesk, an: Browser) -> None:
    number = await write(an)
    assert await put(an, desk, number, f"{EVIL}.svg", b"<svg onload=alert(1)>", alt=EVIL) == 422
    assert EVIL not in an.seen
    assert await put(an, desk, number, "a.jpg", samples.jpeg(), alt="x" * 301) == 422
    assert "mô tả ảnh dài 301 chữ" in an.words
    for _ in range(MOST_FILES):
        assert await put(an, desk, number, "../../a.jpg", samples.jpeg(), alt=EVIL) == 303
    assert await put(an, desk, number, "a.jpg", samples.jpeg()) == 422
    assert len(await kept(desk, number)) == MOST_FILES
    await an.open(f"{DESK}/{number}")
    assert EVIL not in an.seen


@pytest.mark.parametrize("role", [Role.INTAKE, Role.HANDLER, Role.ADMIN])
async def test_only_who_writes_announcements_may(desk: Newsdesk, an: Browser, signed_in: SignedIn, role: Role) -> None:
    number = await write(an)
    other = await signed_in("khac", role)
    await other.open("/tai-khoan")
    assert (await upload(other, f"{DESK}/{number}/kem", {}, ("a.jpg", samples.jpeg()))).status_code == 403
    assert (await other.send(f"{DESK}/{number}/kem/1/bo")).status_code == 403
    assert await kept(desk, number) == []
