"""Who comes to Telegram by a poster."""

from handlers.services import Services
from tests.channels.shared import Desk
from tests.channels.web.test_announcements import announced, counted, hung
from tests.doubles import Person


async def test_start_with_a_code_on_telegram_is_counted_once(desk: Desk, at_telegram: Services, lan: Person) -> None:
    poster = await hung(at_telegram, await announced(at_telegram))
    for said in (f"/start {poster.code}", f"/start {poster.code}", "/start", "/start nobody", "/start ' OR 1=1"):
        await desk.answered(lan.telegram, lan.say(said))
    seen = [message.text for message in lan.seen]
    assert "Tại trạm y tế, 7h30." in seen[0]
    assert "trợ lý tự động" in seen[1]
    assert await counted(at_telegram) == (0, 1)
