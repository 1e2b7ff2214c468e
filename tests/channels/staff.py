"""What the stories of the officials' group share: the office at work, its officials, a citizen's case."""

from dataclasses import dataclass, replace
from typing import Any

from bot.cases import filing, handling
from bot.cases.drafts import Draft
from bot.cases.filing import Sender
from bot.cases.handling import Order
from bot.cases.model import CaseType
from bot.cases.moves import Name, Party
from bot.cases.workflow import Given
from bot.notices import Courier
from bot.officials import accounts
from bot.officials.rights import Official
from bot.storage import cases, people
from bot.storage.cases import Case
from handlers.services import Services
from tests.channels.shared import Desk
from tests.doubles import FakeTelegram, Person
from tests.telegram_groups import Group, Member, Said

MATTER = "đèn đường gần nhà văn hóa hỏng cả tuần nay, gọi tôi 0912 345 678"


@dataclass
class Office:
    """The services, the channel at work and the group of the officials."""

    services: Services
    telegram: FakeTelegram
    group: Group
    desk: Desk

    async def join(self, member: Member, *roles: str, unit: str = "") -> Official:
        """Give somebody in the group an account, linked to their Telegram."""
        name = f"can-bo-{member.id}"
        async with self.services.database.transaction() as transaction:
            about = accounts.profile(member.name, roles, unit)
            number = await accounts.create(transaction, name, about, by=None, now=self.services.now())
            account = await accounts.get(transaction, number)
            await accounts.link_telegram(transaction, account, str(member.id), now=self.services.now())
            return accounts.official(account)

    async def case(self, who: Person, number: int = 1, **more: Any) -> Case:
        """File a case of a citizen who writes on Telegram."""
        draft = replace(Draft(type=CaseType.FEEDBACK, text=MATTER, name="Nguyễn Thị Lan", phone="0912345678"), **more)
        now = self.services.now()
        async with self.services.database.transaction() as transaction:
            person = await people.recognise(transaction, "telegram", str(who.id), now=now)
            return await filing.file(transaction, draft, Sender("telegram", person), self.services.desk, now=now)

    async def move(self, case: Case, name: Name, actor: Official | Party, **given: Any) -> Case:
        """Move a case as the console does."""
        async with self.services.database.transaction() as transaction:
            fresh = await cases.get(transaction, case.code, lock=True)
            assert fresh
            order = Order(name, actor, Given(**given))
            return await handling.carry_out(transaction, fresh, order, self.services.desk, now=self.services.now())

    async def now(self, case: Case) -> Case:
        """Return the case as it is kept."""
        async with self.services.database.transaction() as transaction:
            found = await cases.get(transaction, case.code)
        assert found
        return found

    async def does(self, *updates: int) -> None:
        """Wait until what officials did is acted on."""
        assert await self.desk.answered(self.telegram, *updates) == 0, "an update was set aside"

    async def shows(self, post: Said, words: str) -> None:
        """Wait until a post says something."""
        await self.telegram.until(lambda: words in post.text)

    async def notices(self) -> int:
        """Send the citizens what is kept for them."""
        courier = Courier(self.services.database, {"telegram": self.desk.channel}, now=self.services.now)
        return await courier.send_due()

    @property
    def whispered(self) -> str:
        """What the last presser alone was told."""
        return str(self.telegram.said("answerCallbackQuery")[-1].get("text", ""))
