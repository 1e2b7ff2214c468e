"""How far somebody is with a report, and what officials do with it."""

from typing import Any

from bot.cases import handling
from bot.cases.handling import Order
from bot.cases.moves import Name
from bot.cases.workflow import Given
from bot.files import StoredFile
from bot.messages import Attachment, AttachmentKind
from bot.officials.rights import Official, Role
from bot.storage import cases as case_storage
from bot.storage import officials
from bot.storage.case_tables import cases, notices
from handlers.services import Services
from tests.conftest import NOW
from tests.handlers.citizens import Citizen, rows

MATTER = "đèn đường gần nhà văn hóa hỏng cả tuần nay, tối om"

PHOTO = Attachment(AttachmentKind.PHOTO, StoredFile("d" * 64, "anh.jpg", "image/jpeg", 1_000))


async def begun(lan: Citizen) -> None:
    await lan.say("/phananh")


async def agreed(lan: Citizen) -> None:
    await begun(lan)
    await lan.press("Đồng ý, viết tiếp")


async def told(lan: Citizen) -> None:
    await agreed(lan)
    await lan.say(MATTER)


async def typed(lan: Citizen) -> None:
    await told(lan)
    await lan.press("Đúng" if "Đúng" in lan.labels() else "Phản ánh")


async def placed(lan: Citizen) -> None:
    await typed(lan)
    await lan.press("Bỏ qua nơi xảy ra")


async def previewed(lan: Citizen) -> None:
    await placed(lan)
    await lan.press("Không để tên")


async def filed(lan: Citizen) -> None:
    await previewed(lan)
    await lan.press("Gửi")


async def adding(lan: Citizen) -> None:
    await filed(lan)
    await lan.press("Bổ sung")


async def idle(lan: Citizen) -> None:
    await lan.say("xin chào")


async def answered(lan: Citizen) -> None:
    await lan.say("đăng ký kết hôn cần giấy tờ gì")


async def asked_why(lan: Citizen) -> None:
    await answered(lan)
    await lan.press("Chưa đúng")


async def describing(lan: Citizen) -> None:
    await lan.say("/canbo")


async def the_case(services: Services) -> case_storage.Case:
    (row,) = await rows(services, cases)
    async with services.database.transaction() as transaction:
        found = await case_storage.get(transaction, row["code"])
    assert found is not None
    return found


async def official(services: Services) -> Official:
    async with services.database.transaction() as transaction:
        known = await officials.find(transaction, "binh")
        number = known.id if known else None
        if number is None:
            number = await officials.create(transaction, "binh", officials.Profile("Ông Bình", (), ""), now=NOW)
    assert number is not None
    return Official(number, "binh", "Ông Bình", frozenset({Role.INTAKE, Role.HANDLER, Role.LEADER}))


async def does(services: Services, name: Name, **given: Any) -> None:
    """Let Ông Bình make a move."""
    case, binh = await the_case(services), await official(services)
    async with services.database.transaction() as transaction:
        order = Order(name, binh, Given(**given), case.version)
        await handling.carry_out(transaction, case, order, services.desk, now=services.now())


async def heard(services: Services) -> list[str]:
    return [row["body"] for row in await rows(services, notices)]
