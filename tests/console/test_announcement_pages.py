"""Announcements at the officials' desks: chị An writes, ông Bình approves; what each may do, what each page shows."""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook

from bot.broadcasting import drafting, samples
from bot.broadcasting.drafting import Rules
from bot.console.announcement_words import Action
from bot.console.office import Office
from bot.messages import Incoming
from bot.officials.rights import Role
from bot.settings import Announcements
from bot.storage import announcements, audit, notices, recipients, subscribers
from bot.storage.announcements import Announcement, State
from bot.storage.audit import Filter
from bot.storage.subscribers import Listed
from handlers import converse
from handlers.services import Services
from tests.broadcasting.shared import GONE, UNCERTAIN, AtWork, Commune, Post
from tests.console.conftest import Browser, SignedIn

DESK = "/thong-bao"
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
FORM = {
    "title": "Lịch tiêm chủng",
    "body": "Mời bà con đến **trạm y tế**.",
    "topics": ["lich-lam-viec"],
    "content": "c",
    "form": "a",
    "way": "ngay",
    "stale_hours": "2",
}
DAY = timedelta(days=1)


class Newsdesk:
    """The office with subscribers, and the worker that sends what its officials decide."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.database, self.folder = office, office.database, folder

    async def subscribe(self, *addresses: str, topics: Sequence[str] = ("lich-lam-viec",), village: str = "") -> None:
        now = self.office.now()
        rows = [Listed("telegram", address, "Lan", village, tuple(topics), now - DAY) for address in addresses]
        async with self.database.transaction() as transaction:
            await subscribers.take_in(transaction, rows, source="import", now=now)

    async def find(self, number: int = 1) -> Announcement:
        async with self.database.transaction() as transaction:
            found = await announcements.find(transaction, number)
        assert found
        return found

    async def counts(self, number: int = 1) -> dict[str, int]:
        async with self.database.transaction() as transaction:
            found = await recipients.counts(transaction, number)
        return {name: count for name, count in found.items() if count}

    async def audited(self) -> list[tuple[str, str, str]]:
        async with self.database.transaction() as transaction:
            entries = await audit.entries(transaction, Filter(), limit=1000)
        return [(e.name, e.action, e.subject) for e in reversed(entries) if e.subject.startswith("TB-")]

    async def send(self, post: Post, number: int = 1) -> None:
        """Let the worker send until the announcement is finished."""
        commune = Commune(self.database, self.folder)
        commune.clock.now = self.office.now()
        async with commune.working({"telegram": post}) as at_work:
            await _until_finished(at_work, number)


async def _until_finished(at_work: AtWork, number: int) -> None:
    await at_work.until(lambda: at_work.commune.is_in(number, State.FINISHED))


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Newsdesk:
    return Newsdesk(office, tmp_path)


@pytest.fixture
async def an(signed_in: SignedIn) -> Browser:
    return await signed_in("an", Role.EDITOR)


@pytest.fixture
async def binh(signed_in: SignedIn) -> Browser:
    return await signed_in("binh", Role.LEADER)


async def write(browser: Browser, *, press: str = "propose", **more: object) -> int:
    """Fill in the form and keep it; return the announcement's id."""
    await browser.open(f"{DESK}/moi")
    response = await browser.send(f"{DESK}/moi", {**FORM, press: "1", **more})
    assert response.status_code == 303, browser.words
    return int(response.headers["location"].rpartition("/")[2])


async def press(browser: Browser, number: int, verb: str, **more: object) -> int:
    """Press a button of an announcement's page as the page has it; return the answer's status."""
    await browser.open(f"{DESK}/{number}")
    return (await send(browser, number, verb, **more)).status_code


async def send(browser: Browser, number: int, verb: str, **more: object) -> httpx.Response:
    """Send a form of the page seen last, which may be old by now."""
    version, state = (re.search(rf'name="{name}" value="(\w+)"', browser.seen) for name in ("version", "state"))
    seen = {"version": version[1] if version else "", "state": state[1] if state else ""}
    return await browser.send(f"{DESK}/{number}/{verb}", {**seen, **more})


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


async def test_the_count_is_of_whom_it_would_go_to(desk: Newsdesk, an: Browser) -> None:
    await desk.subscribe("1", "2", village="thôn Đông")
    await desk.subscribe("3", village="thôn Đoài", topics=["khan-cap"])
    for query, told in (
        ("", "3 người (Telegram 3)"),
        ("?topics=khan-cap", "1 người"),
        ("?villages=thôn Đông&villages=thôn Đoài&topics=lich-lam-viec", "2 người"),
        ("?channels=web", "0 người"),
        (f"?topics={EVIL}&villages=%00&corrects=abc", "0 người"),
    ):
        await an.open(f"{DESK}/dem{query}")
        assert an.words.strip().startswith(told), query
    await an.open(f"{DESK}/moi")
    await an.send(f"{DESK}/moi", {**FORM, "topics": ["khan-cap"], "look": "1"})
    assert "Hiện có: 1 người (Telegram 1)" in an.words
    assert (await an.open(f"{DESK}/1")).status_code == 404, "looking keeps nothing"


async def test_the_preview_is_what_each_channel_makes_of_it(an: Browser) -> None:
    long = "\n\n".join(["Đoạn **đậm** & <b>không đậm</b> " + "chữ " * 150] * 5)
    await an.open(f"{DESK}/moi")
    page = (await an.send(f"{DESK}/moi", {**FORM, "body": long, "look": "1"})).text
    shown = page.partition("Người dân sẽ thấy")[2].partition("<form")[0]
    assert "<strong>đậm</strong> &amp; &lt;b&gt;không đậm&lt;/b&gt;" in shown, "the web page"
    assert "<b>đậm</b> &amp; &lt;b&gt;không đậm&lt;/b&gt;" in shown, "Telegram"
    assert "Đoạn đậm &amp; &lt;b&gt;không đậm&lt;/b&gt;" in shown, "Zalo"
    assert "gửi thành 2 tin" in shown, "Zalo takes 2,000 characters a message"
    await an.send(f"{DESK}/moi", {**FORM, "channels": ["telegram"], "look": "1"})
    assert "Zalo" not in an.words.partition("Người dân sẽ thấy")[2].partition("1. Viết")[0]


async def test_a_test_copy_reaches_ones_own_chat_and_nobody_elses(
    desk: Newsdesk, services: Services, an: Browser, binh: Browser
) -> None:
    await desk.subscribe("1")
    number = await write(an)
    await an.open(f"{DESK}/{number}")
    assert "Nối khung chat" in an.words
    await an.open("/tai-khoan")
    await an.send("/tai-khoan/khung-chat")
    code = re.search(r"/lienket [a-z2-9-]+", an.seen)
    assert code
    for said, heard in (
        ("/lienket aaaa-bbbb", "không còn dùng được"),
        (code[0].upper(), "Đã nối khung chat này với An"),
        (code[0], "không còn dùng được"),
    ):
        assert heard in (await converse(Incoming("zalo_oa", "an-zalo", said, greeted=True), services))[-1].text
    await an.open(f"{DESK}/{number}")
    (chat,) = re.findall(r'name="chats" value="(\d+)"', an.seen)
    assert (await send(an, number, "thu")).status_code == 422
    assert await press(binh, number, "thu", chats=[chat]) == 422, "not a chat of his"
    assert await press(an, number, "thu", chats=[chat]) == 303
    async with desk.database.transaction() as transaction:
        (copy,) = await notices.take(transaction, now=desk.office.now(), until=desk.office.now() + DAY)
    assert (copy.channel, copy.address) == ("zalo_oa", "an-zalo")
    assert "**BẢN THỬ** do An" in json.loads(copy.body)["text"]
    assert "trạm y tế" in json.loads(copy.body)["text"]
    assert await desk.counts(number) == {}
    assert ("an", Action.TESTED, f"TB-{number}") in await desk.audited()
    await binh.open("/tai-khoan")
    await binh.send(f"/tai-khoan/khung-chat/{chat}/go")
    await an.open("/tai-khoan")
    assert "Zalo OA" in an.words
    await an.send(f"/tai-khoan/khung-chat/{chat}/go")
    await an.open("/tai-khoan")
    assert "Zalo OA" not in an.words


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": " "}, "Tiêu đề cần từ 1"),
        ({"title": "x" * 201}, "Tiêu đề cần từ 1"),
        ({"body": "x" * 3600}, "nhiều nhất 3500"),
        ({"body": "> " * 12_000}, "Nội dung dài quá"),
        ({"body": "&nbsp;"}, "chưa có lời nào"),
        ({"topics": [EVIL]}, "Không có loại tin"),
        ({"villages": ["thôn Ma"]}, "Không có thôn"),
        ({"channels": ["fax"]}, "Không có kênh"),
        ({"content": "z"}, "Không có nội dung"),
        ({"form": EVIL}, "Không có hình thức"),
        ({"urgent": "x" * 301}, "Lý do khẩn cấp dài"),
        ({"stale_hours": "0"}, "Trễ bao lâu"),
        ({"stale_hours": EVIL}, "Trễ bao lâu"),
        ({"way": "hom-nao"}, "Xin chọn lúc gửi"),
        ({"way": "mot-lan", "day": "2026-02-30", "time": "08:00"}, "Xin chọn ngày gửi"),
        ({"way": "mot-lan", "day": "9999-12-31", "time": "23:00"}, "xa quá hai năm"),
        ({"way": "mot-lan", "day": "2026-11-01", "time": "08:00"}, "đã qua"),
        ({"way": "hang-tuan", "weekday": EVIL, "time": "08:00"}, "Xin chọn thứ"),
        ({"way": "ngay-thang", "date": "31", "time": "08:00"}, "Ngày trong tháng từ 1 đến 28"),
        ({"way": "cron", "rule": EVIL}, "Lịch riêng cần năm phần"),
        ({"way": "cron", "rule": "61 99 * * " + "9" * 70}, "Lịch riêng cần năm phần"),
        ({"way": "cron", "rule": "61 99 * * mon"}, "không hiểu được"),
        ({"corrects": "77"}, "Đính chính: không có thông báo 77"),
    ],
)
async def test_what_cannot_be_sent_is_said_and_nothing_typed_is_lost(
    desk: Newsdesk, an: Browser, wrong: dict[str, object], told: str
) -> None:
    await an.open(f"{DESK}/moi")
    fields = {**FORM, "title": "Còn nguyên", "urgent": "lũ về", **wrong, "save": "1"}
    assert (await an.send(f"{DESK}/moi", fields)).status_code == 422
    assert told in an.words
    assert "<script>alert" not in an.seen
    assert ("Còn nguyên" in an.seen) == ("title" not in wrong)
    async with desk.database.transaction() as transaction:
        assert await announcements.listed(transaction) == []


async def test_nothing_anybody_wrote_becomes_a_part_of_a_page(desk: Newsdesk, an: Browser, binh: Browser) -> None:
    number = await write(an, title=EVIL, body=f"{EVIL}\n\n[{EVIL}](javascript:alert(1))", urgent=EVIL)
    await press(binh, number, "duyet")
    await press(binh, number, "dung")
    places = ["/", DESK, f"{DESK}?tim={EVIL}", f"{DESK}?nhom={EVIL}&loai={EVIL}&muc={EVIL}", "/nhat-ky"]
    places += [f"{DESK}{rest}" for rest in (f"/{number}", f"/{number}/tien-do", "/lich?thang=2026-11", "/moi?tu=1")]
    places += [f"{DESK}/moi?dinh-chinh={EVIL}", f"{DESK}/moi?tu={EVIL}", f"{DESK}/lich?thang={EVIL}"]
    for path in places:
        page = (await binh.open(path)).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert 'href="javascript' not in page, path
    assert "&lt;script&gt;alert(1)" in (await binh.open(f"{DESK}/{number}")).text


async def test_the_list_finds_by_words_without_marks_by_topic_and_content(an: Browser) -> None:
    await write(an, title="Họp thôn Đông", topics=["khan-cap"], content="a")
    await write(an, title="Nộp thuế đất", press="save")
    for query, found in (
        ("tim=hop+thon+dong", {"Họp thôn Đông"}),
        ("tim=thuế", {"Nộp thuế đất"}),
        ("loai=khan-cap", {"Họp thôn Đông"}),
        ("loai=khan", set()),
        ("muc=c", {"Nộp thuế đất"}),
        ("nhom=draft", {"Nộp thuế đất"}),
        ("nhom=proposed", {"Họp thôn Đông"}),
        ("", {"Họp thôn Đông", "Nộp thuế đất"}),
    ):
        await an.open(f"{DESK}?{query}")
        assert set(re.findall(r"data-row>([^<]+)<", an.seen)) == found, query


@pytest.mark.parametrize("key", list(samples.everything()))
async def test_a_sample_can_be_begun_from_and_its_gaps_are_pointed_out(an: Browser, desk: Newsdesk, key: str) -> None:
    await an.open(f"{DESK}/moi?mau={key}")
    title, body = samples.everything()[key].title, samples.everything()[key].body
    assert f'value="{title}"' in an.seen
    number = await write(an, press="save", title=title, body=body)
    await an.open(f"{DESK}/{number}")
    assert "chỗ “……” chưa điền" in an.words
    rules = Rules.of(desk.office.config, desk.office.texts, desk.office.desk.calendar)
    draft = samples.everything()[key].draft("an", rules.topics)
    assert draft.topics, "its topics are the shipped ones"
    assert drafting.faults(draft, rules, now=desk.office.now()) == []
