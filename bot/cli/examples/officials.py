"""The officials of the example: one a role, all with the same password, which is no secret."""

from datetime import timedelta

from bot.officials import accounts
from bot.officials.passwords import Passwords
from bot.officials.rights import Official, Role
from bot.storage.database import Transaction
from handlers.services import Services

PASSWORD = "xem-thu-trang-nay-di"  # noqa: S105 (of made-up accounts on made-up data; shown at the start)
ROADS, OFFICE = "Kinh tế, hạ tầng", "Văn phòng"
OFFICIALS = (
    ("mau-tiep-nhan", "Nguyễn Văn Ví Dụ", Role.INTAKE, OFFICE),
    ("mau-xu-ly", "Trần Thị Thí Dụ", Role.HANDLER, ROADS),
    ("mau-lanh-dao", "Lê Văn Làm Mẫu", Role.LEADER, ""),
    ("mau-bien-tap", "Phạm Thị Đặt Ra", Role.EDITOR, OFFICE),
    ("mau-quan-tri", "Hoàng Văn Tưởng Tượng", Role.ADMIN, OFFICE),
)


async def hire(services: Services) -> None:
    """Add an official for each role, before anything that they do."""
    kept, then = await Passwords().hash(PASSWORD), services.now() - timedelta(days=60)
    async with services.database.transaction() as transaction:
        for name, full_name, role, unit in OFFICIALS:
            profile = accounts.profile(f"{full_name} (mẫu)", [role], unit)
            await accounts.create(transaction, name, profile, password_hash=kept, by=None, now=then)


async def named(transaction: Transaction, name: str) -> Official:
    """Return one of the example's officials."""
    return accounts.official(await accounts.find(transaction, name))
