"""Who may do what with announcements, and that two people decide."""

from dataclasses import replace

import pytest

from bot.console.office import Office
from bot.officials.rights import Role
from bot.settings import Announcements
from bot.storage.announcements import State
from tests.broadcasting.shared import Post
from tests.console.announcements.newsdesk import DESK, FORM, Newsdesk, press, send, write
from tests.console.conftest import Browser, SignedIn

READS = ("", "/lich", "/moi", "/dem", "/1", "/1/tien-do", "/1/sua")

WRITES = ("moi", "1/sua", "1/trinh", "1/thu", "1/bo")

DECISIONS = ("1/duyet", "1/hen-gio", "1/dung", "1/tiep", "1/gui-lai", "1/huy")


@pytest.mark.parametrize(
    ("role", "writes", "decides"),
    [
        (Role.EDITOR, True, False),
        (Role.LEADER, True, True),
        (Role.INTAKE, False, False),
        (Role.HANDLER, False, False),
        (Role.ADMIN, False, False),
    ],
)
async def test_who_may_do_what(signed_in: SignedIn, an: Browser, role: Role, writes: bool, decides: bool) -> None:
    await write(an)
    somebody = await signed_in("ai", role)
    assert ("Thông báo" in (await somebody.open("/")).text) == writes
    for path in READS:
        assert (await somebody.open(DESK + path)).status_code == (200 if writes else 403), path
    assert (await somebody.open(f"{DESK}/1/phieu-gui.xlsx")).status_code == (200 if decides else 403)
    await somebody.open("/tai-khoan")
    for paths, may in ((WRITES, writes), (DECISIONS, decides)):
        for path in paths:
            assert ((await somebody.send(f"{DESK}/{path}")).status_code == 403) != may, path
            await somebody.open("/tai-khoan")


async def test_nobody_approves_their_own_words_unless_the_settings_say_so(
    desk: Newsdesk, office: Office, binh: Browser
) -> None:
    number = await write(binh)
    assert await press(binh, number, "duyet") == 422
    assert "Người soạn không tự duyệt được" in binh.words
    assert (await desk.find(number)).state is State.DRAFT
    alone = replace(office, config=replace(office.config, announcements=Announcements(two_person=False)))
    async with Browser(alone) as at_home:
        await at_home.sign_in("binh")
        assert await press(at_home, number, "duyet") == 303
        await at_home.open(f"{DESK}/{number}")
        assert "Một người vừa soạn vừa duyệt" in at_home.words


async def test_two_who_write_at_once_lose_nothing(desk: Newsdesk, an: Browser, binh: Browser) -> None:
    number = await write(an, press="save")
    for browser in (an, binh):
        await browser.open(f"{DESK}/{number}/sua")
    first = {**FORM, "version": "1", "body": "Bản của ông Bình.", "save": "1"}
    assert (await binh.send(f"{DESK}/{number}/sua", first)).status_code == 303
    late = {**FORM, "version": "1", "body": "Bản của chị An.", "save": "1"}
    assert (await an.send(f"{DESK}/{number}/sua", late)).status_code == 422
    assert "người khác đã sửa thông báo này" in an.words
    assert "Bản của ông Bình." in an.words
    assert ">Bản của chị An.</textarea>" in an.seen
    assert (await desk.find(number)).body == "Bản của ông Bình."
    assert (await an.send(f"{DESK}/{number}/sua", {**late, "version": "2"})).status_code == 303
    assert (await desk.find(number)).body == "Bản của chị An."


async def test_what_was_written_is_not_lost_when_sending_was_faster(desk: Newsdesk, an: Browser, binh: Browser) -> None:
    number = await write(an)
    await press(binh, number, "duyet")
    await an.open(f"{DESK}/{number}/sua")
    await desk.send(Post(), number)
    late = {**FORM, "version": "1", "body": "Viết dở khi tin đã gửi.", "save": "1"}
    assert (await an.send(f"{DESK}/{number}/sua", late)).status_code == 422
    assert "không sửa được nữa" in an.words
    assert ">Viết dở khi tin đã gửi.</textarea>" in an.seen
    assert (await an.open(f"{DESK}/{number}/sua")).status_code == 422


async def test_what_is_approved_is_what_was_read(desk: Newsdesk, an: Browser, binh: Browser) -> None:
    number = await write(an)
    await binh.open(f"{DESK}/{number}")
    await an.open(f"{DESK}/{number}/sua")
    await an.send(f"{DESK}/{number}/sua", {**FORM, "version": "1", "body": "Lời khác hẳn.", "save": "1"})
    assert (await send(binh, number, "duyet")).status_code == 422
    assert "Vừa có người khác đổi thông báo này" in binh.words
    assert "Lời khác hẳn." in binh.words
    changed = await desk.find(number)
    assert (changed.state, changed.proposed_at) == (State.DRAFT, None)
