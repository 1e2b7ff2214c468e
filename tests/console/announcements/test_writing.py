"""Writing an announcement: the count, the preview, the test copy, what is refused, what is found again."""

import json
import re

import pytest

from bot.broadcasting import drafting, samples
from bot.broadcasting.drafting import Rules
from bot.console.announcement_words import Action
from bot.messages import Incoming
from bot.storage import announcements, notices
from handlers import converse
from handlers.services import Services
from tests.console.announcements.newsdesk import DAY, DESK, EVIL, FORM, Newsdesk, press, send, write
from tests.console.conftest import Browser


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
