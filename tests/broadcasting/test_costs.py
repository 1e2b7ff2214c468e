"""What an announcement costs on Zalo, told before it is approved, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.broadcasting import costs
from bot.files import StoredFile
from bot.messages import Enclosure
from bot.settings import ZaloOa
from bot.storage import announcement_files, announcements, channel_health, people, subscribers, zalo_windows
from bot.storage.channel_health import Vitals
from bot.storage.subscribers import Listed
from tests.broadcasting.shared import Commune

OA = ZaloOa(app_id="1")
HEARD_HOURS_AGO = {"moi-nhan": 1, "het-luot": 1, "hom-kia": 60, "thang-truoc": 24 * 30}  # one more never wrote


async def estimate(commune: Commune, settings: ZaloOa, *, files: Sequence[Enclosure] = (), **more: Any) -> list[str]:
    number = await commune.announce(approved=False, **more)
    async with commune.database.transaction() as transaction:
        await announcement_files.put(transaction, number, files)
        seen = await announcements.find(transaction, number)
        assert seen
        found = await costs.on_zalo(transaction, seen, settings, now=commune.clock.now)
    return costs.told(found, settings) if found else []


@pytest.fixture
async def on_zalo(commune: Commune) -> Commune:
    now = commune.clock.now
    names = (*HEARD_HOURS_AGO, "chua-nhan-bao-gio")
    rows = [Listed("zalo_oa", name, "", "", ("khan-cap",), now - timedelta(days=90)) for name in names]
    async with commune.database.transaction() as transaction:
        await subscribers.take_in(transaction, rows, source="import", now=now)
        for name, hours in HEARD_HOURS_AGO.items():
            person = await people.recognise(transaction, "zalo_oa", name, now=now)
            await zalo_windows.heard(transaction, person, at=now - timedelta(hours=hours))
            for _ in range(OA.free_replies if name == "het-luot" else 0):
                await zalo_windows.use_reply(transaction, person)
    return commune


async def test_as_shipped_nothing_is_spent_and_who_is_left_out_is_told(on_zalo: Commune) -> None:
    assert await estimate(on_zalo, OA) == [
        "Zalo OA: 1 người nhận không mất tiền.",
        "2 người chỉ nhận được tin mất tiền (đang tắt).",
        "2 người chỉ nhận được tin theo mẫu, có mất tiền (đang tắt).",
        "4 người sẽ không nhận được trên Zalo; phiếu gửi ghi rõ từng người.",
    ]


@pytest.mark.parametrize(
    ("switched_on", "told"),
    [
        ({"paid": True, "paid_price": 55}, "Ước hết 110 đồng."),
        ({"paid": True}, "Chưa ước được tiền: điền zalo_oa.paid_price, template_price trong config.toml."),
        ({"template_id": "7", "template_price": 1_000}, "Ước hết 2.000 đồng."),
        ({"paid": True, "paid_price": 55, "template_id": "7"}, "Ước hết 350 đồng."),
    ],
)
async def test_what_is_switched_on_is_added_up(on_zalo: Commune, switched_on: dict[str, Any], told: str) -> None:
    assert told in await estimate(on_zalo, replace(OA, **switched_on))


@pytest.mark.parametrize(
    ("left", "paid", "is_told"), [(1, True, True), (2, True, False), (None, True, False), (0, False, False)]
)
async def test_a_quota_that_is_not_enough_is_told(
    on_zalo: Commune, left: int | None, paid: bool, is_told: bool
) -> None:
    now = on_zalo.clock.now
    async with on_zalo.database.transaction() as transaction:
        vitals = Vitals("zalo_oa", now, quota_at=now, quota_left=left, quota_total=None if left is None else 2_000)
        await channel_health.tell(transaction, vitals)
    told = [line for line in await estimate(on_zalo, replace(OA, paid=paid)) if "Hạn mức" in line]
    said = "Hạn mức của OA còn 1 trên 2.000 tin (hỏi lúc 08:30 23/11), ít hơn 2 tin mất tiền cần gửi"
    assert told == ([f"{said}: mua thêm, không thì có người chưa nhận được."] if is_told else [])


async def test_what_a_template_cannot_carry_is_told_to_who_approves(on_zalo: Commune) -> None:
    form = Enclosure(StoredFile("ab" * 32, "mau.pdf", "application/pdf", 9))
    said = "Tin theo mẫu không kèm được ảnh, tệp: 2 người ấy chỉ đọc được tên tệp."
    assert said in await estimate(on_zalo, replace(OA, template_id="7"), files=[form])
    assert said not in await estimate(on_zalo, replace(OA, template_id="7"))
    assert said not in await estimate(on_zalo, OA, files=[form])


async def test_nobody_on_zalo_is_no_estimate(on_zalo: Commune) -> None:
    assert await estimate(on_zalo, OA, channels=("telegram",)) == []
    assert await estimate(on_zalo, OA, topics=("thu-tuc-moi",)) == []
