"""The Official Account against our own Zalo, over real HTTP: what a citizen sees, whatever goes wrong in between."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.channels.fetching import Remote
from bot.channels.zalo_oa import inbound
from bot.messages import AttachmentKind, Choice, DeliveryError, DeliveryOutcome, Enclosure, Place, Reply
from bot.storage import tables, zalo_tables
from handlers.lanes import Lanes
from handlers.services import Services
from tests import samples
from tests.channels import zalo_rules
from tests.channels.shared import FlyingTime, rows
from tests.channels.zalo import NOW_MS, OaDesk, oa_at_work, with_oa
from tests.channels.zalo_rules import SIGNATURE_HEADER, signed
from tests.conftest import NOW
from tests.doubles_zalo import APP_ID, APP_SECRET, FIRST_REFRESH, OA_SECRET, FakeOa, Follower

PAPERS, PAPERS_CARD = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"


@pytest.fixture
async def zalo() -> AsyncIterator[FakeOa]:
    async with FakeOa(now_ms=NOW_MS) as server:
        yield server


@pytest.fixture
async def desk(services: Services, zalo: FakeOa, time: FlyingTime) -> AsyncIterator[OaDesk]:
    async with oa_at_work(with_oa(services, zalo.url), zalo) as working:
        yield working


@pytest.fixture
def lan(zalo: FakeOa) -> Follower:
    return zalo.person()


@pytest.fixture
def minh(zalo: FakeOa) -> Follower:
    return zalo.person()


def texts(person: Follower) -> str:
    return "\n".join(message.text for message in person.seen)


# ---- what a citizen sees


async def test_a_question_is_answered_with_buttons_that_work(desk: OaDesk, lan: Follower) -> None:
    assert await lan.say(PAPERS) == 200
    await desk.idles()
    assert PAPERS_CARD in texts(lan)
    fee = dict(lan.seen[-1].choices)["Lệ phí"]
    assert fee == "Lệ phí #OPT:e:ket-hon:fee"
    await lan.say(fee)
    await desk.idles()
    assert "Đăng ký kết hôn: lệ phí" in lan.seen[-1].text


async def test_who_follows_is_greeted_and_who_leaves_is_unreachable(desk: OaDesk, lan: Follower) -> None:
    assert await lan.follow() == 200
    await desk.idles()
    assert "trợ lý tự động của UBND xã" in texts(lan)
    assert await lan.leave() == 200
    await desk.idles()
    (person,) = await rows(desk.services, tables.people)
    assert person["unreachable_since"] == NOW
    await lan.say("xin chào")
    await desk.idles()
    (person,) = await rows(desk.services, tables.people)
    assert person["unreachable_since"] is None


async def test_an_old_button_works_after_a_restart(
    services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower
) -> None:
    for text in (PAPERS, f"{inbound.MARK}e:ket-hon:fee"):
        async with oa_at_work(replace(with_oa(services, zalo.url), lanes=Lanes()), zalo) as desk:
            await lan.say(text)
            await desk.idles()
    assert "Đăng ký kết hôn: lệ phí" in lan.seen[-1].text
    assert len(zalo.said("refresh")) == 1


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


# ---- the signature


def body_of(lan: Follower, **more: Any) -> bytes:
    return zalo_rules.as_bytes({**lan.event("text", {"text": PAPERS}), **more})


def mac_of(body: bytes, *, app: str = APP_ID, timestamp: str = str(NOW_MS), secret: str = OA_SECRET) -> str:
    return signed(app, body, timestamp, secret)


async def post(zalo: FakeOa, body: bytes, signature: str | None) -> int:
    headers = {} if signature is None else {SIGNATURE_HEADER.encode(): signature.encode()}
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.post(zalo.webhook, content=body, headers=headers)).status_code


async def test_the_signature_is_taken_with_and_without_its_prefix(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    for prefix in ("mac=", ""):
        body = body_of(lan)
        assert await post(zalo, body, prefix + mac_of(body)) == 200
    await desk.idles()
    assert texts(lan).count(PAPERS_CARD) == 2


async def test_without_zalos_signature_nothing_changes(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    body = body_of(lan)
    key = OA_SECRET.encode()
    wrong = [
        None,
        "",
        "mac=",
        "mac=é",
        mac_of(body)[:-1],
        mac_of(body, secret=APP_SECRET),
        mac_of(body, secret=""),
        mac_of(body, app="5797458635"),
        mac_of(json.dumps(json.loads(body)).encode()),
        hmac.new(key, APP_ID.encode() + body + str(NOW_MS).encode(), hashlib.sha256).hexdigest(),
    ]
    assert [await post(zalo, body, signature) for signature in wrong] == [403] * len(wrong)
    assert await post(zalo, body.replace(b"k\xe1\xba\xbft", b"k\xe1\xba\xbfx"), f"mac={mac_of(body)}") == 403
    assert await rows(desk.services, tables.inbox) == []


@pytest.mark.parametrize(
    "more", [{"app_id": "999"}, {"timestamp": str(NOW_MS - 25 * 3600 * 1000)}, {"timestamp": "hôm nay"}]
)
async def test_another_apps_and_very_old_events_are_refused(
    desk: OaDesk, zalo: FakeOa, lan: Follower, more: dict[str, str]
) -> None:
    body = body_of(lan, **more)
    raw = json.loads(body)
    assert await post(zalo, body, mac_of(body, app=raw["app_id"], timestamp=raw["timestamp"])) == 403
    assert await rows(desk.services, tables.inbox) == []


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'"x"', b"\xff\xfe", b'{"a":' * 9000])
async def test_what_is_no_event_is_refused(desk: OaDesk, zalo: FakeOa, body: bytes) -> None:
    assert await post(zalo, body, mac_of(body)) == 403
    assert await rows(desk.services, tables.inbox) == []


async def test_a_body_larger_than_any_event_is_not_read(desk: OaDesk, zalo: FakeOa) -> None:
    assert await post(zalo, b" " * (1024 * 1024 + 1), "mac=x") == 413


# ---- nothing is lost, nothing is answered twice


async def test_a_repeated_event_is_answered_once(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    event = lan.event("text", {"text": PAPERS})
    assert [await zalo.push(event, retry=n) for n in range(4)] == [200] * 4
    follow = lan._membership("follow")
    assert [await zalo.push(follow) for _ in range(2)] == [200] * 2
    await desk.idles()
    assert texts(lan).count(PAPERS_CARD) == 1
    assert texts(lan).count("trợ lý tự động của UBND xã Trung Dũng, trả lời") == 1
    assert len(await rows(desk.services, tables.inbox)) == 2


async def test_receipts_and_our_own_messages_are_not_kept(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    event = lan.event("text", {"text": PAPERS})
    for name in ("user_received_message", "user_seen_message", "oa_send_text", "user_send_group_text", ""):
        assert await zalo.push({**event, "event_name": name}) == 200
    assert await rows(desk.services, tables.inbox) == []


MALFORMED: list[dict[str, Any]] = [
    {"sender": None},
    {"sender": {"id": ""}},
    {"sender": {"id": "9" * 65}},
    {"sender": {"id": "có dấu"}},
    {"message": "x"},
    {"message": {"msg_id": "1", "attachments": [3]}, "event_name": "user_send_image"},
    {"message": {"msg_id": "x" * 200, "attachments": "x"}, "event_name": "user_send_location"},
]


async def test_a_malformed_event_is_set_aside_and_the_others_are_answered(
    desk: OaDesk, zalo: FakeOa, lan: Follower
) -> None:
    for change in MALFORMED:
        assert await zalo.push({**lan.event("text", {"text": "x"}), **change}) == 200
    await lan.say(f"{PAPERS} \ud83d")
    assert await desk.idles() == len(MALFORMED)
    assert PAPERS_CARD in texts(lan)


async def test_it_is_acknowledged_before_it_is_answered(
    desk: OaDesk, zalo: FakeOa, lan: Follower, minh: Follower
) -> None:
    held = zalo.hold("send")
    assert await lan.say(PAPERS) == 200
    await zalo.until(lambda: zalo.said("send"))
    assert lan.seen == []
    assert await minh.say(PAPERS) == 200
    await zalo.until(lambda: PAPERS_CARD in texts(minh))
    held.over.set()
    await desk.idles()
    assert PAPERS_CARD in texts(lan)


async def test_what_was_kept_before_a_stop_is_answered_after_it(
    services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower
) -> None:
    held = zalo.hold("send")
    async with oa_at_work(with_oa(services, zalo.url), zalo):
        await lan.say(PAPERS)
        await zalo.until(lambda: zalo.said("send"))
    held.over.set()
    async with oa_at_work(with_oa(services, zalo.url), zalo) as desk:
        await desk.idles()
    assert PAPERS_CARD in texts(lan)


async def test_what_cannot_be_kept_now_is_asked_for_again(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    event = lan.event("text", {"text": PAPERS})
    async with desk.services.database.transaction() as transaction:
        await transaction.run_sync(tables.inbox.drop)
    assert await zalo.push(event) == 503
    async with desk.services.database.transaction() as transaction:
        await transaction.run_sync(tables.inbox.create)
    assert await zalo.push(event, retry=1) == 200


# ---- Zalo is away, refuses, or rejects the token


async def test_a_token_that_expires_in_between_is_replaced_and_the_answer_arrives(
    desk: OaDesk, zalo: FakeOa, lan: Follower
) -> None:
    for _ in range(3):
        await lan.say(PAPERS)
        await desk.idles()
        zalo.expire()
    assert texts(lan).count(PAPERS_CARD) == 3
    assert len(zalo.said("refresh")) == 3


@pytest.mark.parametrize("code", [502, 503, 429, 500, 200, -32])
async def test_trouble_at_zalo_is_waited_out(
    desk: OaDesk, zalo: FakeOa, lan: Follower, time: FlyingTime, code: int
) -> None:
    zalo.fail("send", code, "<html>", times=3)
    await lan.say(PAPERS)
    await desk.idles()
    assert texts(lan).count(PAPERS_CARD) == 1
    waited = [seconds for seconds in time.slept if seconds >= 1]
    assert len(waited) == 3
    assert waited == sorted(waited)


async def test_a_reply_waits_for_the_operator_rather_than_being_lost(
    desk: OaDesk, zalo: FakeOa, lan: Follower, time: FlyingTime, caplog: pytest.LogCaptureFixture
) -> None:
    zalo.fail("send", -321, "Out of money", times=2)
    await lan.say(PAPERS)
    await zalo.until(lambda: len(zalo.said("send")) >= 2)
    assert "hết tiền" in desk.services.health.of(inbound.NAME).last_error
    await desk.idles()
    assert PAPERS_CARD in texts(lan)
    assert desk.services.health.of(inbound.NAME).last_error == ""
    assert time.slept.count(300) == 2
    assert "hết tiền (mã -321). Không gửi được cho ai" in caplog.text


async def test_who_left_is_unreachable(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    event = lan.event("text", {"text": PAPERS})
    await lan.leave(unnoticed=True)
    await zalo.push(event)
    await desk.idles()
    (person,) = await rows(desk.services, tables.people)
    assert person["unreachable_since"] == NOW


CODES = [
    (-32, DeliveryOutcome.FAILED, 60),
    (-201, DeliveryOutcome.REFUSED, None),
    (-210, DeliveryOutcome.REFUSED, None),
    (-211, DeliveryOutcome.FAILED, None),
    (-213, DeliveryOutcome.GONE, None),
    (-217, DeliveryOutcome.GONE, None),
    (-218, DeliveryOutcome.REFUSED, None),
    (-221, DeliveryOutcome.FAILED, None),
    (-224, DeliveryOutcome.FAILED, None),
    (-227, DeliveryOutcome.GONE, None),
    (-230, DeliveryOutcome.REFUSED, None),
    (-232, DeliveryOutcome.REFUSED, None),
    (-240, DeliveryOutcome.FAILED, None),
    (-244, DeliveryOutcome.GONE, None),
    (-321, DeliveryOutcome.FAILED, None),
    (-99999, DeliveryOutcome.REFUSED, None),
    (500, DeliveryOutcome.UNCERTAIN, None),
    (502, DeliveryOutcome.UNCERTAIN, None),
    (200, DeliveryOutcome.UNCERTAIN, None),
    (503, DeliveryOutcome.FAILED, 30),
    (429, DeliveryOutcome.FAILED, 30),
]


@pytest.mark.parametrize(("code", "outcome", "retry_after"), CODES)
async def test_a_refusal_is_one_of_the_closed_list(
    desk: OaDesk, zalo: FakeOa, lan: Follower, code: int, outcome: DeliveryOutcome, retry_after: float | None
) -> None:
    await lan.say("xin chào")
    await desk.idles()
    before = len(zalo.said("send"))
    zalo.fail("send", code, "…")
    with pytest.raises(DeliveryError) as error:
        await desk.work.channel.send(lan.id, [Reply("một"), Reply("hai")])
    assert (error.value.outcome, error.value.retry_after) == (outcome, retry_after)
    assert len(zalo.said("send")) == before + 1, "tried once, and the rest not sent"


async def test_quiet_hours_told_by_zalo_end_in_the_morning(
    services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower
) -> None:
    night = replace(services, now=lambda: NOW.replace(hour=23, minute=0))
    async with oa_at_work(with_oa(night, zalo.url), zalo) as desk:
        await lan.say("xin chào")
        await desk.idles()
        zalo.fail("send", -234)
        with pytest.raises(DeliveryError) as error:
            await desk.work.channel.send(lan.id, [Reply("một")])
    assert (error.value.outcome, error.value.retry_after) == (DeliveryOutcome.FAILED, 7 * 3600)


async def test_a_token_rejected_twice_is_not_tried_for_ever(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    await lan.say("xin chào")
    await desk.idles()
    zalo.fail("send", -216, times=2)
    with pytest.raises(DeliveryError, match="Zalo không nhận mã truy cập"):
        await desk.work.channel.send(lan.id, [Reply("một")])


async def test_no_network_never_left(services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower) -> None:
    async with oa_at_work(with_oa(services, zalo.url, api_url="http://127.0.0.1:9"), zalo) as desk:
        await lan.say("xin chào")
        await time.flies(1)
        with pytest.raises(DeliveryError) as error:
            await desk.work.channel.send(lan.id, [Reply("một")])
    assert (error.value.outcome, error.value.retry_after) == (DeliveryOutcome.FAILED, 1.0)


# ---- what messages cost


async def windows(desk: OaDesk) -> list[tuple[Any, int]]:
    return [(row["heard_at"], row["replies_used"]) for row in await rows(desk.services, zalo_tables.zalo_windows)]


async def test_replies_are_counted_and_a_new_message_opens_the_window_anew(desk: OaDesk, lan: Follower) -> None:
    await lan.say(PAPERS)
    await desk.idles()
    assert await windows(desk) == [(NOW, 2)]
    await desk.work.channel.send(lan.id, [Reply("một"), Reply("hai")])
    assert await windows(desk) == [(NOW, 4)]


async def test_a_late_event_does_not_open_a_window_it_would_not_have(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    await lan.say("xin chào")
    await desk.idles()
    (before,) = await windows(desk)
    old = {**lan.event("text", {"text": "xin chào"}), "timestamp": str(NOW_MS - 7_200_000)}
    await zalo.push(old, retry=4)
    await desk.idles()
    assert await windows(desk) == [(NOW, before[1] + 1)]


async def test_the_ninth_message_is_not_sent_unless_it_may_cost_money(
    services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower
) -> None:
    async with oa_at_work(with_oa(services, zalo.url), zalo) as desk:
        await lan.say("/start")
        await desk.idles()
        await desk.work.channel.send(lan.id, [Reply(str(n)) for n in range(7)])
        with pytest.raises(DeliveryError, match=r"zalo_oa\.paid đang tắt") as error:
            await desk.work.channel.send(lan.id, [Reply("chín")])
    assert error.value.outcome is DeliveryOutcome.REFUSED
    assert len(lan.seen) == 8
    async with oa_at_work(with_oa(services, zalo.url, paid=True), zalo) as desk:
        await desk.work.channel.send(lan.id, [Reply("chín")])
    assert lan.seen[-1].text == "chín"


async def test_after_a_week_only_an_approved_template_reaches_somebody(
    services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower
) -> None:
    async with oa_at_work(with_oa(services, zalo.url), zalo) as desk:
        await lan.say("/start")
        await desk.idles()
    later = replace(services, now=lambda: NOW + timedelta(days=8))
    notice = [Reply("**Lịch tiêm chủng**: " + "thôn An Xá " * 40), Reply("hai")]
    async with oa_at_work(with_oa(later, zalo.url, paid=True), zalo) as desk:
        with pytest.raises(DeliveryError, match="template_id còn trống"):
            await desk.work.channel.send(lan.id, notice)
        with pytest.raises(DeliveryError, match="template_id còn trống"):
            await desk.work.channel.send("chưa nhắn bao giờ", notice)
    async with oa_at_work(with_oa(later, zalo.url, template_id="7895417"), zalo) as desk:
        await desk.work.channel.send(lan.id, notice)
    (sent,) = zalo.templates
    assert (sent["user_id"], sent["template_id"]) == (lan.id, "7895417")
    assert sent["template_data"]["noi_dung"].startswith("Lịch tiêm chủng: thôn")
    assert len(sent["template_data"]["noi_dung"]) <= 200
    assert len(lan.seen) == 1


# ---- files, consent, secrets


@pytest.fixture
async def enclosures(services: Services) -> tuple[Enclosure, Enclosure]:
    """A picture and a document."""
    photo = await services.files.keep(samples.jpeg(), name="../Bản đồ.svg")
    form = await services.files.keep(samples.pdf(), name="mau.pdf")
    return Enclosure(photo, "Bản đồ thôn"), Enclosure(form)


async def test_a_file_is_uploaded_once_for_many_people_and_again_when_zalo_forgot_it(
    desk: OaDesk, zalo: FakeOa, lan: Follower, enclosures: tuple[Enclosure, Enclosure]
) -> None:
    notice = [Reply("**Bản đồ**", files=enclosures)]
    people = [lan, *(zalo.person() for _ in range(5))]
    for person in people:
        await person.say(PAPERS)
    await desk.idles()
    for person in people:
        person.seen.clear()
        await desk.work.channel.send(person.id, notice)
        assert [(m.text, m.files) for m in person.seen] == [("Bản đồ", ("image Bản đồ.jpg",)), ("", ("file mau.pdf",))]
    assert [given["name"] for given in zalo.said("upload")] == ["Bản đồ.jpg", "mau.pdf"]
    zalo.uploads.clear()
    await desk.work.channel.send(lan.id, notice[:1])
    assert len(zalo.said("upload")) == 4
    assert lan.seen[-1].files == ("file mau.pdf",)


async def test_what_zalo_refuses_is_named_and_the_words_arrive_once(
    desk: OaDesk, zalo: FakeOa, lan: Follower, enclosures: tuple[Enclosure, Enclosure]
) -> None:
    await lan.say(PAPERS)
    await desk.idles()
    lan.seen.clear()
    files = desk.services.files
    sheet = Enclosure(await files.keep(samples.excel(), name="danh sách.xlsx"))
    zalo.fail("upload", -201)
    await desk.work.channel.send(lan.id, [Reply("Danh sách", files=(enclosures[0], sheet))])
    assert [message.text.split(". ")[0] for message in lan.seen] == [
        "Danh sách\nKèm theo: Bản đồ thôn",
        "Kèm theo: danh sách.xlsx",
    ], "no address of ours is set"
    assert not any(message.files for message in lan.seen)
    await files.delete(enclosures[0].file.digest)
    await desk.work.channel.send(lan.id, [Reply("Bản đồ", files=enclosures[:1])])
    assert lan.seen[-1].text.startswith("Bản đồ\nKèm theo: Bản đồ thôn")
    assert [message.text for message in lan.seen].count("Bản đồ") == 0


async def test_an_upload_that_breaks_off_has_sent_nothing(
    desk: OaDesk, zalo: FakeOa, lan: Follower, enclosures: tuple[Enclosure, Enclosure]
) -> None:
    await lan.say(PAPERS)
    await desk.idles()
    lan.seen.clear()
    zalo.fail("upload", 502)
    with pytest.raises(DeliveryError) as error:
        await desk.work.channel.send(lan.id, [Reply("Bản đồ", files=enclosures)])
    assert (error.value.outcome, lan.seen) == (DeliveryOutcome.FAILED, []), "it may be tried again"
    zalo.fail("upload", 503)
    with pytest.raises(DeliveryError) as error:
        await desk.work.channel.send(lan.id, [Reply("Mẫu", (Choice("t", "Hỏi"),), files=enclosures)])
    assert (error.value.outcome, [m.text for m in lan.seen]) == (DeliveryOutcome.UNCERTAIN, ["Mẫu"]), "words had come"


async def test_a_large_picture_is_drawn_smaller_for_zalo(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    await lan.say(PAPERS)
    await desk.idles()
    large = await desk.services.files.keep(samples.noise((2_500, 1_800)), name="bien-ban.jpg")
    assert large.size > zalo_rules.MOST_PICTURE_BYTES
    await desk.work.channel.send(lan.id, [Reply("Biên bản", files=(Enclosure(large),))])
    assert lan.seen[-1].files == ("image bien-ban.jpg",)


async def test_nobody_is_looked_up_unless_asked_for(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    await lan.say(PAPERS)
    await desk.idles()
    assert zalo.said("detail") == []
    assert (await desk.work.channel.client.user_detail(lan.id))["display_name"] == "Bà Lan"


async def test_no_secret_and_no_word_of_a_citizen_is_logged(
    quiet: pytest.LogCaptureFixture, services: Services, zalo: FakeOa, time: FlyingTime, lan: Follower
) -> None:
    for code in (502, -216, -32, -201):
        zalo.fail("send", code, "…")
    zalo.fail("refresh", 502)
    async with oa_at_work(with_oa(services, zalo.url), zalo) as desk:
        for _ in range(4):
            await lan.say(PAPERS)
            await desk.idles()
        await post(zalo, b"{}", "mac=x")
    ours = [r.getMessage() for r in quiet.records if r.name.startswith(("bot", "handlers", "httpx"))]
    assert ours
    given = {APP_SECRET, OA_SECRET, FIRST_REFRESH, zalo.refresh_token, *zalo.access, PAPERS, lan.id}
    assert [secret for secret in given for line in ours if secret in line] == []


async def test_a_burst_is_kept_whole_and_acknowledged_soon(services: Services, zalo: FakeOa, time: FlyingTime) -> None:
    """A hundred events at once, some repeated; `python -m tests.bench zalo` brings two hundred a second for long."""
    people = [zalo.person() for _ in range(100)]
    zalo.hold("send", times=10_000)
    async with oa_at_work(with_oa(services, zalo.url), zalo) as desk:
        events = [person.event("text", {"text": PAPERS}) for person in people]
        statuses = await asyncio.gather(*(zalo.push(event) for event in events + events[:20]))
        assert statuses == [200] * 120
        assert {row["update_key"] for row in await rows(desk.services, tables.inbox)} == {
            event["message"]["msg_id"] for event in events
        }
