"""An announcement from the first word to the proof: scheduled, paused, sent again, corrected, followed."""

import asyncio
import re
from io import BytesIO

from openpyxl import load_workbook

from bot.console.announcement_words import Action
from bot.storage.announcements import State
from tests.broadcasting.shared import GONE, UNCERTAIN, Commune, Post
from tests.console.announcements.newsdesk import DESK, EVIL, FORM, Newsdesk, _until_finished, press, send, write
from tests.console.conftest import Browser


async def test_from_the_first_word_to_the_proof(desk: Newsdesk, an: Browser, binh: Browser) -> None:
    await desk.subscribe("1", "2", "3")
    number = await write(an, body="Mời bà con **tiêm chủng** thứ Năm 27/11/2026.")
    await an.open(f"{DESK}/{number}")
    assert "27/11/2026 là thứ Sáu" in an.words
    assert "Đã trình" in an.words
    assert "Duyệt, gửi" not in an.words
    await binh.open("/")
    assert "Thông báo chờ duyệt 1" in binh.words
    await binh.open(f"{DESK}/{number}")
    assert "Duyệt, gửi 3 người ngay " in binh.words
    assert (await send(binh, number, "duyet")).status_code == 303
    await binh.open(f"{DESK}/{number}")
    assert "Đã duyệt. Gửi 3 người lúc" in binh.words

    post = Post(wrong={"2": [GONE]})
    await desk.send(post, number)
    assert post.arrived == {"1": 1, "3": 1}
    await binh.open(f"{DESK}/{number}")
    assert "3 / 3 người đã có kết quả" in binh.words
    assert "Đã nhận 2" in binh.words
    assert "Không còn liên lạc được 1" in binh.words
    proof = await binh.open(f"{DESK}/{number}/phieu-gui.xlsx")
    sheet = load_workbook(BytesIO(proof.content)).active
    assert sheet is not None
    outcomes = [row[5] for row in sheet.iter_rows(values_only=True)]
    assert sorted(str(o) for o in outcomes) == ["Kết quả", "không còn liên lạc được", "đã nhận", "đã nhận"]
    assert [(name, Action(action)) for name, action, _ in await desk.audited()] == [
        ("an", Action.WRITTEN),
        ("an", Action.PROPOSED),
        ("binh", Action.APPROVED),
        ("binh", Action.PROVED),
    ]
    history = "Soạn, sửa · An .* Trình duyệt · An .* Hẹn giờ gửi · Binh .* Gửi · chương trình .* Gửi xong"
    await an.open(f"{DESK}/{number}")
    assert re.search(history, an.words)


async def test_approved_without_a_moment_then_scheduled_by_rule_and_seen_in_the_calendar(
    desk: Newsdesk, an: Browser, binh: Browser
) -> None:
    number = await write(an, way="chua")
    assert await press(binh, number, "duyet") == 303
    assert await press(binh, number, "hen-gio", way="hang-tuan", time="25:00", weekday="mon") == 422
    assert "xin ghi giờ gửi" in binh.words.lower()
    assert await press(binh, number, "hen-gio", way="dau-thang", time="07:30", weekday="mon") == 303
    assert (await desk.find(number)).plan == "30 7 * * mon#1"
    await an.open(f"{DESK}/lich?thang=2027-01")
    assert "7:30 Lịch tiêm chủng" in an.words
    await an.open(f"{DESK}/lich?thang=2026-11")
    assert "7:30 Lịch tiêm chủng" not in an.words
    await an.open(f"{DESK}?nhom=coming")
    assert "7:30 thứ Hai đầu tháng" in an.words
    await an.open(f"{DESK}/{number}/sua")
    assert '<option value="dau-thang" selected>' in an.seen
    for month in ("9999-12", "0001-01", "khong", "2026-13", ""):
        assert (await an.open(f"{DESK}/lich?thang={month}")).status_code == 200


async def test_pausing_asking_and_ending(desk: Newsdesk, an: Browser, binh: Browser) -> None:
    await desk.subscribe("1")
    number = await write(an, way="mot-lan", day="2026-11-27", time="08:00")
    assert await press(binh, number, "duyet") == 303
    assert await press(binh, number, "dung") == 303
    await binh.open("/")
    assert "Thông báo tạm dừng, chờ quyết định 1" in binh.words
    assert await press(binh, number, "tiep") == 303
    assert (await desk.find(number)).state is State.SCHEDULED
    assert await press(binh, number, "huy") == 303
    assert (await desk.find(number)).state is State.CANCELLED
    for verb in ("duyet", "dung", "tiep", "huy", "hen-gio", "trinh", "bo"):
        assert await press(binh, number, verb, way="ngay") == 422, verb
    draft = await write(an, press="save")
    assert await press(an, draft, "bo") == 303
    assert (await desk.find(draft)).state is State.CANCELLED
    approved = await write(an)
    await press(binh, approved, "duyet")
    assert await press(an, approved, "bo") == 422, "an approved one is the approver's to end"


async def test_sending_again_is_a_choice_and_a_correction_follows_those_who_received(
    desk: Newsdesk, an: Browser, binh: Browser
) -> None:
    await desk.subscribe("1", "2")
    number = await write(an)
    await press(binh, number, "duyet")
    await desk.send(Post(wrong={"1": [UNCERTAIN]}), number)
    await binh.open(f"{DESK}/{number}")
    assert "Chưa chắc đã nhận: 1 người" in binh.words
    assert "họ nhận hai lần" in binh.words
    assert (await send(binh, number, "gui-lai")).status_code == 422
    assert await press(binh, number, "gui-lai", again=["delivered"]) == 422, "who received is never sent to again"
    assert await press(binh, number, "gui-lai", again=["uncertain", EVIL]) == 303
    post = Post()
    await desk.send(post, number)
    assert post.arrived == {"1": 1}

    await an.open(f"{DESK}/moi?dinh-chinh={number}")
    assert "gửi cho đúng những người đã nhận" in an.words
    fields = {**FORM, "topics": [], "corrects": str(number), "body": "Sửa: 8 giờ.", "propose": "1"}
    assert (await an.send(f"{DESK}/moi", fields)).status_code == 303
    correction = await desk.find(number + 1)
    assert (correction.corrects, list(correction.topics)) == (number, ["lich-lam-viec"])
    await an.open(f"{DESK}/moi?tu={number}")
    assert 'value="Lịch tiêm chủng"' in an.seen


async def test_the_progress_page_tells_how_fast_and_how_long(desk: Newsdesk, an: Browser, binh: Browser) -> None:
    await desk.subscribe(*map(str, range(90)))
    number = await write(an)
    await press(binh, number, "duyet")
    commune = Commune(desk.database, desk.folder)
    commune.clock.now = desk.office.now()
    post = Post(gate=asyncio.Event(), free=30)
    async with commune.working({"telegram": post}) as at_work:
        await at_work.until(lambda: len(post.tried) > 35)
        await binh.open(f"{DESK}/{number}")
        assert f'data-live="/quan-tri{DESK}/{number}/tien-do"' in binh.seen
        await binh.open(f"{DESK}/{number}/tien-do")
        assert 'data-state="sending"' in binh.seen
        assert "<html" not in binh.seen
        assert re.search(r"3\d / 90 người đã có kết quả", binh.words)
        assert re.search(r"\d+ người mỗi phút; còn khoảng", binh.words)
        assert post.gate
        post.gate.set()
        await _until_finished(at_work, number)
    await binh.open(f"{DESK}/{number}/tien-do")
    assert "người mỗi phút" not in binh.words
    assert 'data-state="finished"' in binh.seen
