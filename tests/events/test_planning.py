"""What may be planned of an event, and what of its lists stays."""

from datetime import timedelta

import pytest

from bot.officials.refused import Refused
from bot.scheduling import forget_old
from bot.storage import events
from bot.storage.database import Database
from bot.storage.event_tables import event_sign_ups
from bot.storage.events import Place
from handlers.services import Services
from tests.conftest import NOW
from tests.events.shared import DAY, HOUR, STARTS, planned, the_event, told
from tests.handlers.citizens import Citizen, rows


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"place": ""}, "place"),
        ({"details": "x" * 1_501}, "details"),
        ({"starts_at": NOW}, "starts_at"),
        ({"ends_at": STARTS}, "ends_at"),
        ({"ends_at": STARTS + 32 * DAY}, "ends_at"),
        ({"sign_up_until": STARTS + HOUR}, "sign_up_until"),
        ({"seats": 0}, "seats"),
        ({"seats": -3}, "seats"),
        ({"announcement_id": 77}, "announcement"),
    ],
)
async def test_what_cannot_be_is_refused(database: Database, values: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        await planned(database, **values)
    assert refused.value.field == field


async def test_forgetting_lan_gives_her_seat_to_the_next(services: Services, lan: Citizen, hung: Citizen) -> None:
    number = await planned(services.database, seats=1)
    await lan.say("tôi tham dự")
    await lan.press("Cho biết họ tên")
    await lan.say("Nguyễn Thị Lan")
    await hung.say("tôi tham dự")
    assert "1 đăng ký sự kiện" in (await lan.say("dữ liệu của tôi")).text
    await lan.press("Xem toàn bộ")
    assert any("Tập huấn dịch vụ công" in reply.text and "Nguyễn Thị Lan" in reply.text for reply in lan.last)
    await lan.say("xóa dữ liệu của tôi")
    await lan.press("Xóa dữ liệu của tôi")
    async with services.database.transaction() as transaction:
        (one,) = await events.signed_up(transaction, number)
        assert (one.state, one.name) == (Place.COMING, "")
        assert (await the_event(transaction, number)).taken == 1
    assert [who for who, _ in await told(services.database, NOW)] == ["hung"]


async def test_taking_the_agreement_back_removes_the_name_and_keeps_the_seat(services: Services, lan: Citizen) -> None:
    await planned(services.database)
    await lan.say("tôi tham dự")
    await lan.press("Cho biết họ tên")
    await lan.say("Nguyễn Thị Lan")
    await lan.say("rút đồng ý")
    assert "Đã rút đồng ý" in (await lan.press("Ghi tên vào danh sách sự kiện")).text
    (row,) = await rows(services, event_sign_ups)
    assert (row["name"], row["state"]) == ("", Place.COMING)


async def test_lists_go_after_their_time_and_how_many_came_stays(services: Services, lan: Citizen) -> None:
    number = await planned(services.database)
    await lan.say("tôi tham dự")
    privacy = services.config.privacy
    until = STARTS + 3 * HOUR + timedelta(days=privacy.keep_questions_days)
    gone = await forget_old(services.database, privacy, now=lambda: until)
    assert gone["event_sign_ups"] == 0
    gone = await forget_old(services.database, privacy, now=lambda: until + DAY)
    assert gone["event_sign_ups"] == 1
    async with services.database.transaction() as transaction:
        assert (await the_event(transaction, number)).taken == 1
